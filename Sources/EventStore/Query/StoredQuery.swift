// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// A REQ's stored half: newest first over all its filters, lowest id first among equals, each event once.
///
/// The result is the union over the filters of that filter's first `min(limit, maxLimit)` events, else
/// `defaultLimit`; an event that matches two filters counts in both. It is read in pages and holds no
/// transaction between them. Later pages ignore events newer than the first page; events removed
/// meanwhile are passed over.
///
/// Filters that search (NIP-50) come first, one after the other, each with its best matches first; the others follow together.
public struct StoredQuery: Sendable {
    private var walk: QueryWalk
    private var search: SearchPart?

    /// What is to be searched for.
    private struct SearchPart {
        var filters: [(filter: Filter, query: SearchQuery, limit: Int)]
        let scope: ReadScope
        /// The first of ``filters``, once it was begun.
        var current: SearchWalk?
        /// What the first page saw.
        var state: StoreState?
        var isComplete = true
        /// Whether anything else is asked for.
        let goesOn: Bool
        var sent: Set<EventID> = []
    }

    /// - Parameters:
    ///   - now: what has expired by then (NIP-40) is not there.
    ///   - scope: neither is what the reader may not see.
    ///   - ranks: `false` hands out everything that is searched for, newest first; words need not be indexed.
    public init(
        filters: [Filter], maxLimit: Int, defaultLimit: Int, now: Timestamp,
        scope: ReadScope = .unrestricted, ranks: Bool = true
    ) {
        guard ranks, filters.contains(where: \.ranks) else {
            walk = QueryWalk(
                filters: filters, maxLimit: maxLimit, defaultLimit: defaultLimit, now: now, scope: scope)
            return
        }
        let plain = filters.filter { !$0.ranks }
        walk = QueryWalk(
            filters: plain, maxLimit: maxLimit, defaultLimit: defaultLimit, now: now, scope: scope)
        let searches = filters.compactMap { filter in
            filter.ranks
                ? filter.search.map { (filter, $0, max(0, min(filter.limit ?? defaultLimit, maxLimit))) }
                : nil
        }
        search = SearchPart(filters: searches, scope: scope, goesOn: !plain.isEmpty)
    }

    /// The last commit that the first page saw: live delivery starts after it. `nil` before the first page.
    public var snapshot: CommitSequence? { search?.state?.sequence ?? walk.snapshot }

    /// What was asked for.
    public var filters: [Filter] { (search?.filters.map(\.filter) ?? []) + walk.filters }

    /// What all pages together have cost: index entries read, with ten for every record loaded.
    public var work: Int { walk.work }

    /// Reads on until the page is full, the budget is spent or the end is reached.
    ///
    /// - Parameter emit: gets canonical JSON that is valid only inside the call; `false` ends the page after
    ///   that event.
    /// - Throws: ``StoreError/unready(_:)`` when something is searched for and words are not indexed, or not all yet.
    public mutating func readPage(
        of store: EventStore, budget: PageBudget, emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) -> PageEnd {
        let snapshot = try ReadTransaction(store.environment)
        if search == nil { return try walk.readPage(snapshot, store.context, budget, emit) }
        if search?.filters.isEmpty == false {
            return try readSearch(snapshot, store.context, budget, emit)
        }
        let end = try walk.readPage(snapshot, store.context, budget, emit)
        guard case .finished(let isComplete) = end else { return end }
        return .finished(isComplete: isComplete && search?.isComplete != false)
    }

    /// A page of the first search that is left.
    private mutating func readSearch(
        _ snapshot: borrowing ReadTransaction, _ context: StoreContext, _ budget: PageBudget,
        _ emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) -> PageEnd {
        guard var search, let first = search.filters.first else { return .more }
        // One owner, so that what was found is not copied.
        self.search = nil
        defer { self.search = search }
        if search.state == nil {
            guard try snapshot.findsWords(context) else { throw .unready("words are not indexed yet") }
            let state = try snapshot.state(context.schema)
            search.state = state
            walk.begin(at: state)
        }
        guard let state = search.state else { return .more }
        var current =
            search.current
            ?? SearchWalk(
                first.filter, first.query, limit: first.limit, now: walk.now, scope: search.scope,
                candidates: context.limits.searchCandidates, at: state)
        search.current = nil
        let end = try current.readPage(snapshot, context, budget, &search.sent, emit)
        guard case .finished(let isComplete) = end else {
            search.current = current
            return .more
        }
        search.isComplete = search.isComplete && isComplete
        search.filters.removeFirst()
        if !search.filters.isEmpty { return .more }
        if search.goesOn {
            walk.excluded = search.sent
            return .more
        }
        return .finished(isComplete: search.isComplete)
    }
}
