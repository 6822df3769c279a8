// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import RepositoryRules

/// Finds what is to be deleted, a page at a time.
protocol DeletionSource {
    /// The next page, often an empty one; `nil` at the end. What a page names is removed before the next is read.
    mutating func next(in store: EventStore) throws(StoreError) -> [DeletionSource.Doomed]?
    /// **Bytes** that the store holds too many, once nothing more is found.
    var excess: Int { get }
    /// Events numbered from here on spare what is linked to them; `nil`: nothing is spared.
    var sparesLinksFrom: UInt64? { get }
}

extension DeletionSource {
    typealias Doomed = RetentionRun.Doomed

    var excess: Int { 0 }
    var sparesLinksFrom: UInt64? { nil }
}

/// What matches filters, newest first.
struct MatchingEvents: DeletionSource {
    private var query: StoredQuery
    private var isAtEnd = false

    init(_ filters: [Filter], now: Timestamp) {
        query = StoredQuery(
            filters: filters, maxLimit: .max, defaultLimit: .max, now: now, ranks: false)
    }

    mutating func next(in store: EventStore) throws(StoreError) -> [RetentionRun.Doomed]? {
        if isAtEnd { return nil }
        var page: [RetentionRun.Doomed] = []
        let share = EventShare(in: store)
        let end = try query.readPage(of: store, budget: PageBudget(maxEvents: RetentionRun.doomedMax)) {
            json, header in
            let bytes = share.bytes(header, json: json)
            page.append(RetentionRun.Doomed(id: header.id, kind: header.kind, bytes: bytes))
            return true
        }
        if case .finished = end { isAtEnd = true }
        return page
    }
}

/// What matches filters, oldest first, until the store holds no more than so many bytes.
struct SurplusEvents: DeletionSource {
    private let filters: [Filter]
    private var walk = AgeWalk()
    private var surplus: Surplus
    private var isAtEnd = false

    init(_ filters: [Filter], downTo bytesMax: Int) {
        self.filters = filters
        surplus = Surplus(over: bytesMax)
    }

    /// **Bytes** that are too many still, once nothing more matches.
    var excess: Int { surplus.excess }

    mutating func next(in store: EventStore) throws(StoreError) -> [RetentionRun.Doomed]? {
        if isAtEnd { return nil }
        if try surplus.measure(store) { return [] }
        var page: [RetentionRun.Doomed] = []
        var left = surplus.left ?? 0
        if left <= 0 { return nil }
        let filters = filters
        let more = try walk.readPage(of: store, events: RetentionRun.visitedMax) { visit, json in
            let header = visit.header
            let isMeant = filters.contains {
                $0.matches(json: json, layout: header.layout, id: header.id, pubkey: header.pubkey)
            }
            if isMeant {
                let bytes = visit.bytes(json)
                page.append(
                    RetentionRun.Doomed(id: header.id, kind: header.kind, bytes: bytes, reason: .size))
                left -= bytes
            }
            return left > 0 && page.count < RetentionRun.doomedMax
        }
        surplus.take(page.reduce(0) { $0 + $1.bytes })
        isAtEnd = !more
        return page
    }
}

extension RetentionRun: DeletionSource {
    var sparesLinksFrom: UInt64? { linked.ceiling }
}
