// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// How many stored events match any of some filters (NIP-45); limits do not count. Read in pages.
public struct StoredCount: Sendable {
    private var walk: QueryWalk

    /// - Parameters:
    ///   - now: what has expired by then (NIP-40) is not there.
    ///   - scope: neither is what the reader may not see.
    public init(filters: [Filter], now: Timestamp, scope: ReadScope = .unrestricted) {
        walk = QueryWalk(
            filters: filters, maxLimit: .max, defaultLimit: .max, now: now, scope: scope, isCounting: true)
    }

    /// Counted so far.
    public var total: Int { walk.counted }

    /// Counts on until the budget is spent or the end is reached.
    public mutating func readPage(of store: EventStore, budget: PageBudget) throws(StoreError) -> PageEnd {
        let snapshot = try ReadTransaction(store.environment)
        return try walk.readPage(snapshot, store.context, budget) { _, _ in true }
    }
}
