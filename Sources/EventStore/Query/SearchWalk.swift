// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One filter that searches (NIP-50): gathers what matches, newest first, then hands it out, best first.
///
/// At most ``StoreLimits/searchCandidates`` matches are ranked, and the filter's limit cuts what is ranked. Both halves go page
/// by page.
struct SearchWalk: Sendable {
    private let query: SearchQuery
    private let limit: Int
    private var gathering: QueryWalk
    private var found: [Match] = []
    /// The next one to be handed out; `nil` while matches are gathered.
    private var next: Int?
    private var isComplete = false

    private struct Match {
        let id: EventID
        let createdAt: Timestamp
        let score: SearchScore

        static func bestFirst(_ a: Match, _ b: Match) -> Bool {
            if a.score != b.score { return a.score > b.score }
            if a.createdAt != b.createdAt { return a.createdAt > b.createdAt }
            return a.id < b.id
        }
    }

    init(
        _ filter: Filter, _ query: SearchQuery, limit: Int, now: Timestamp, scope: ReadScope,
        candidates: Int, at state: StoreState
    ) {
        self.query = query
        self.limit = limit
        var filter = filter
        filter.limit = limit == 0 ? 0 : candidates
        gathering = QueryWalk(
            filters: [filter], maxLimit: candidates, defaultLimit: candidates, now: now, scope: scope)
        gathering.begin(at: state)
    }

    mutating func readPage(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext, _ budget: PageBudget,
        _ sent: inout Set<EventID>, _ emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) -> PageEnd {
        if next == nil { try gather(snapshot, context, budget) }
        guard let next else { return .more }
        return try handOut(from: next, snapshot, context, budget, &sent, emit)
    }

    private mutating func gather(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext, _ budget: PageBudget
    ) throws(StoreError) {
        let most = context.limits.searchWork - gathering.work
        var page = PageBudget(maxWork: min(budget.maxWork, max(1, most)))
        page.shouldYield = budget.shouldYield
        var matches = found
        found = []
        let query = query
        let end = try gathering.readPage(snapshot, context, page) { json, header in
            matches.append(
                Match(
                    id: header.id, createdAt: header.createdAt,
                    score: SearchScore(query, json: json, layout: header.layout)))
            return true
        }
        found = matches
        switch end {
        case .finished(let isWhole): isComplete = isWhole
        case .more:
            // What has been found by now has to do.
            guard gathering.work >= context.limits.searchWork else { return }
            isComplete = false
        }
        found.sort(by: Match.bestFirst)
        if found.count > limit {
            isComplete = false
            found.removeSubrange(limit...)
        }
        next = 0
    }

    private mutating func handOut(
        from start: Int, _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ budget: PageBudget, _ sent: inout Set<EventID>, _ emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) -> PageEnd {
        var spending = PageSpending(budget)
        var place = start
        defer { next = place }
        while place < found.count {
            if spending.isSpent { return .more }
            let id = found[place].id
            place += 1
            spending.add(work: 20)
            // Removed meanwhile, or told already.
            guard !sent.contains(id), let serial = try snapshot.serial(of: id, context.schema, context.maker),
                let record = try snapshot.record(serial, context.schema)
            else { continue }
            sent.insert(id)
            spending.add(event: record.jsonCount)
            let text = try record.text()
            if !emit(text.json, try record.header()) { spending.end() }
        }
        return .finished(isComplete: isComplete)
    }
}
