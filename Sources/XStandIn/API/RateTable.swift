// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How often each route may be asked, as of August 2026.
enum RateTable {
    struct Limits {
        /// With the app's own token; nil: not with that.
        var app: Int64?
        /// With a user's token; nil: not with that.
        var user: Int64?
    }

    static func limits(of route: APIRoute) -> Limits {
        switch route {
        case .userPosts: Limits(app: 10_000, user: 900)
        case .mentions, .search: Limits(app: 450, user: 300)
        case .quotes: Limits(app: 75, user: 75)
        case .posts: Limits(app: 3_500, user: 5_000)
        case .post: Limits(app: 450, user: 900)
        case .user, .usersByName, .userByName, .users: Limits(app: 300, user: 900)
        case .me: Limits(app: nil, user: 75)
        case .usage: Limits(app: 50, user: nil)
        case .create: Limits(app: nil, user: 100)
        case .delete: Limits(app: nil, user: 50)
        case .stream: Limits(app: 450, user: nil)
        case .subscriptions, .subscribe, .resubscribe, .unsubscribe, .unsubscribeMany:
            Limits(app: 500, user: 500)
        }
    }
}

/// A budget of requests until a moment.
struct RateBucket: Hashable, Sendable {
    var limit: Int64
    var remaining: Int64
    /// When it is full again.
    var reset: XInstant
}

/// Budgets by credential and route. A window begins with its first request.
struct RateBuckets: Sendable {
    struct Key: Hashable, Sendable {
        var credential: String
        var route: APIRoute
    }

    private(set) var buckets: [Key: RateBucket] = [:]

    /// Takes one request out of a budget.
    ///
    /// - Returns: the budget afterwards, and whether there was one left.
    mutating func take(_ key: Key, limit: Int64, window: Duration, now: XInstant, bound: Int) -> (
        RateBucket, Bool
    ) {
        if buckets.count >= bound, buckets[key] == nil { makeRoom(now: now, bound: bound) }
        var bucket = buckets[key] ?? RateBucket(limit: limit, remaining: limit, reset: now + window)
        if bucket.reset <= now || bucket.limit != limit {
            bucket = RateBucket(limit: limit, remaining: limit, reset: now + window)
        }
        let isLeft = bucket.remaining > 0
        if isLeft { bucket.remaining -= 1 }
        buckets[key] = bucket
        return (bucket, isLeft)
    }

    /// Forgets budgets whose window is over, and at need the one that is full again first.
    private mutating func makeRoom(now: XInstant, bound: Int) {
        buckets = buckets.filter { $0.value.reset > now }
        guard buckets.count >= bound, let first = buckets.min(by: { $0.value.reset < $1.value.reset }) else {
            return
        }
        buckets[first.key] = nil
    }

    mutating func clear() { buckets = [:] }

    /// Leaves so much of a budget, as if the rest had been used by somebody else.
    mutating func leave(_ remaining: Int64, of key: Key, limit: Int64, window: Duration, now: XInstant) {
        var bucket = buckets[key] ?? RateBucket(limit: limit, remaining: limit, reset: now + window)
        bucket.remaining = min(remaining, bucket.limit)
        buckets[key] = bucket
    }
}
