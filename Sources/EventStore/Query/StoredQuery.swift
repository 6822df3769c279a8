// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// A REQ's stored half: newest first over all its filters, lowest id first among equals, each event once.
///
/// The result is the union over the filters of that filter's first `min(limit, maxLimit)` events, else
/// `defaultLimit`; an event that matches two filters counts in both. It is read in pages and holds no
/// transaction between them. Later pages ignore events newer than the first page; events removed
/// meanwhile are passed over.
public struct StoredQuery: Sendable {
    private var walk: QueryWalk

    /// - Parameters:
    ///   - now: what has expired by then (NIP-40) is not there.
    ///   - scope: neither is what the reader may not see.
    public init(
        filters: [Filter], maxLimit: Int, defaultLimit: Int, now: Timestamp, scope: ReadScope = .unrestricted
    ) {
        walk = QueryWalk(
            filters: filters, maxLimit: maxLimit, defaultLimit: defaultLimit, now: now, scope: scope)
    }

    /// The last commit that the first page saw: live delivery starts after it. `nil` before the first page.
    public var snapshot: CommitSequence? { walk.snapshot }

    /// Reads on until the page is full, the budget is spent or the end is reached.
    ///
    /// - Parameter emit: gets canonical JSON that is valid only inside the call; `false` ends the page after
    ///   that event.
    public mutating func readPage(
        of store: EventStore, budget: PageBudget, emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) -> PageEnd {
        let snapshot = try ReadTransaction(store.environment)
        return try walk.readPage(snapshot, store.context, budget, emit)
    }
}
