// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Takes a request out of its budget.
    ///
    /// - Returns: the headers that tell of it.
    mutating func budget(_ route: APIRoute, _ credential: XCredential) throws(Problem) -> [XReply.Header] {
        guard let (limit, window) = limit(of: route, for: credential) else {
            throw .unsupportedAuthentication(
                credential.user == nil ? "OAuth 2.0 Application-Only" : "OAuth 2.0 User Context")
        }
        let key = RateBuckets.Key(credential: credential.name, route: route)
        let (_, isLeft) = buckets.take(key, limit: limit, window: window, now: now, bound: limits.buckets)
        guard isLeft else { throw .rateLimited(settings.rateLimitBody) }
        return budgetHeaders(route, credential)
    }

    /// What the headers say of a budget as it is.
    func budgetHeaders(_ route: APIRoute, _ credential: XCredential) -> [XReply.Header] {
        guard let bucket = buckets.buckets[.init(credential: credential.name, route: route)] else {
            return []
        }
        var headers = [
            XReply.Header(name: "x-rate-limit-limit", value: String(bucket.limit)),
            XReply.Header(name: "x-rate-limit-remaining", value: String(bucket.remaining)),
            XReply.Header(name: "x-rate-limit-reset", value: String(bucket.reset.seconds)),
        ]
        if settings.sendsDailyHeaders {
            let prefix = credential.user == nil ? "x-app-limit-24hour" : "x-user-limit-24hour"
            let used = bucket.limit - bucket.remaining
            headers += [
                XReply.Header(name: "\(prefix)-limit", value: String(bucket.limit * 96)),
                XReply.Header(name: "\(prefix)-remaining", value: String(bucket.limit * 96 - used)),
                XReply.Header(name: "\(prefix)-reset", value: String((now.utcDay + 1) * 86_400)),
            ]
        }
        return headers
    }

    /// Leaves so much of a budget, as if the rest had been used by others.
    ///
    /// - Parameter route: a template as in ``XSeenRequest/route``.
    /// - Returns: false if there is no such route, or the credential cannot use it.
    @discardableResult
    public mutating func leave(_ remaining: Int64, of route: String, for credential: XCredential = .app)
        -> Bool
    {
        guard let route = APIRoute(rawValue: route), let (limit, window) = limit(of: route, for: credential)
        else {
            return false
        }
        buckets.leave(
            remaining, of: .init(credential: credential.name, route: route), limit: limit, window: window,
            now: now)
        return true
    }

    /// Fills all budgets.
    public mutating func refillBudgets() { buckets.clear() }

    private func limit(of route: APIRoute, for credential: XCredential) -> (Int64, Duration)? {
        let limits = RateTable.limits(of: route)
        guard let limit = credential.user == nil ? limits.app : limits.user else { return nil }
        return (settings.rateLimits[route.rawValue] ?? limit, .seconds(900))
    }
}
