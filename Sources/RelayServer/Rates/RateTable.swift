// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

/// A ``TokenBucket`` for everybody who has taken something lately. Used from every event loop.
///
/// Whoever is not in it has a full bucket, so the full ones are swept out when there is no room. When that is not enough,
/// those nearest to full are: forgetting them gives away the least.
final class RateTable<Key: Hashable & Sendable>: Sendable {
    let rate: Rate
    private let limit: Int
    private let shards: [NIOLockedValueBox<[Key: TokenBucket]>]

    /// - Parameter limit: so many buckets are kept at the most.
    init(_ rate: Rate, limit: Int) {
        self.rate = rate
        let count = min(Self.shardCount, max(1, limit))
        self.limit = max(1, limit / count)
        shards = (0..<count).map { _ in NIOLockedValueBox([:]) }
    }

    private static var shardCount: Int { 16 }

    /// Buckets kept now.
    var count: Int { shards.reduce(0) { $0 + $1.withLockedValue(\.count) } }

    /// Takes `cost` from a bucket.
    ///
    /// - Returns: how long to wait until there is enough; `nil` when it was taken.
    func take(_ cost: Double, from key: Key, at now: Uptime) -> Duration? {
        if rate.isUnlimited { return nil }
        return withBucket(key, at: now) { $0.take(cost, rate, at: now) }
    }

    /// Takes `cost` whatever there is.
    func charge(_ cost: Double, to key: Key, at now: Uptime) {
        if rate.isUnlimited { return }
        withBucket(key, at: now) { $0.charge(cost, rate, at: now) }
    }

    /// How long to wait until one can be taken; `nil` when it can be now. Takes nothing.
    func wait(of key: Key, at now: Uptime) -> Duration? {
        if rate.isUnlimited { return nil }
        let level = shard(of: key).withLockedValue { $0[key]?.level(rate, at: now) } ?? rate.burst
        let missing = min(1, rate.burst) - level
        return missing <= 0 ? nil : rate.time(for: missing)
    }

    private func shard(of key: Key) -> NIOLockedValueBox<[Key: TokenBucket]> {
        shards[Int(UInt(bitPattern: key.hashValue) % UInt(shards.count))]
    }

    private func withBucket<Result>(
        _ key: Key, at now: Uptime, _ body: (inout TokenBucket) -> Result
    ) -> Result {
        shard(of: key).withLockedValue { buckets in
            if let index = buckets.index(forKey: key) { return body(&buckets.values[index]) }
            if buckets.count >= limit { makeRoom(in: &buckets, at: now) }
            var bucket = TokenBucket(rate, at: now)
            defer { buckets[key] = bucket }
            return body(&bucket)
        }
    }

    /// At least an eighth is free afterwards, so that this is seldom done.
    private func makeRoom(in buckets: inout [Key: TokenBucket], at now: Uptime) {
        buckets = buckets.filter { !$0.value.isFull(rate, at: now) }
        let most = limit - max(1, limit / 8)
        guard buckets.count > most else { return }
        let fullest = buckets.map { (key: $0.key, level: $0.value.level(rate, at: now)) }
            .sorted { $0.level > $1.level }
        for entry in fullest.prefix(buckets.count - most) { buckets[entry.key] = nil }
    }
}
