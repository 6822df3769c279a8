// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// How many stored events match any of some filters (NIP-45); limits do not count. Read in pages.
public struct StoredCount: Sendable {
    private var walk: QueryWalk
    /// Whose events they are, where that is kept for the query (NIP-45).
    private var authors: HyperLogLog?

    /// - Parameters:
    ///   - now: what has expired by then (NIP-40) is not there.
    ///   - scope: neither is what the reader may not see.
    public init(filters: [Filter], now: Timestamp, scope: ReadScope = .unrestricted) {
        walk = QueryWalk(
            filters: filters, maxLimit: .max, defaultLimit: .max, now: now, scope: scope, isCounting: true)
    }

    /// Counted so far.
    public var total: Int { walk.counted }

    /// What all pages together have cost.
    public var work: Int { walk.work }

    /// What a client is told at the end.
    public var answer: CountAnswer { CountAnswer(total, authors: authors) }

    /// Counts on until the budget is spent or the end is reached.
    public mutating func readPage(of store: EventStore, budget: PageBudget) throws(StoreError) -> PageEnd {
        let snapshot = try ReadTransaction(store.environment)
        if walk.snapshot == nil, !walk.isScoped {
            authors = try snapshot.authors(of: walk.filters, store.schema)
        }
        return try walk.readPage(snapshot, store.context, budget) { _, _ in true }
    }
}

extension Snapshot where Self: ~Copyable {
    /// Whose events match, of the queries that NIP-45 names; `nil` for any other, and while that is not known.
    fileprivate func authors(of filters: [Filter], _ schema: StoreSchema) throws(StoreError) -> HyperLogLog? {
        guard filters.count == 1, let (query, value) = CountedQuery.of(filters[0]),
            let table = schema[.sketch],
            try buildState(.sketch, schema) == .whole
        else { return nil }
        guard let row = try self.value(table, SketchRow.key(query, CountedTarget(value.bytes.span)).span)
        else {
            return HyperLogLog()
        }
        return try SketchRow(row).sketch
    }
}
