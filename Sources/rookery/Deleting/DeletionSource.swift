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
    /// Events numbered from here on spare what is linked to them; `nil`: nothing is spared.
    var sparesLinksFrom: UInt64? { get }
}

extension DeletionSource {
    typealias Doomed = RetentionRun.Doomed

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
        let end = try query.readPage(of: store, budget: PageBudget(maxEvents: RetentionRun.doomedMax)) {
            json, header in
            page.append(
                RetentionRun.Doomed(id: header.id, kind: header.kind, bytes: json.count, reason: .age))
            return true
        }
        if case .finished = end { isAtEnd = true }
        return page
    }
}

/// What matches filters, oldest first, until the store holds no more than so many bytes.
struct SurplusEvents: DeletionSource {
    private let filters: [Filter]
    private let bytesMax: Int
    private let isDry: Bool
    private var walk = AgeWalk()
    private var surplus: Int?
    /// What an event takes is only guessed, so that the store is measured again when all guesses are used up.
    private var measurements = 0

    private static let measurementsMax = 20

    /// - Parameter isDry: whether nothing of what is found will be removed.
    init(_ filters: [Filter], downTo bytesMax: Int, isDry: Bool) {
        self.filters = filters
        self.bytesMax = bytesMax
        self.isDry = isDry
    }

    mutating func next(in store: EventStore) throws(StoreError) -> [RetentionRun.Doomed]? {
        if surplus.map({ $0 <= 0 }) ?? true {
            guard measurements < (isDry ? 1 : Self.measurementsMax) else { return nil }
            measurements += 1
            let left = try store.contentBytes() - bytesMax
            surplus = left
            if left <= 0 { return nil }
        }
        var page: [RetentionRun.Doomed] = []
        var left = surplus ?? 0
        let filters = filters
        let more = try walk.readPage(of: store, events: RetentionRun.visitedMax) { visit, json in
            let header = visit.header
            let isMeant = filters.contains {
                $0.matches(json: json, layout: header.layout, id: header.id, pubkey: header.pubkey)
            }
            if isMeant {
                page.append(
                    RetentionRun.Doomed(id: header.id, kind: header.kind, bytes: visit.bytes, reason: .size))
                left -= visit.bytes
            }
            return left > 0 && page.count < RetentionRun.doomedMax
        }
        surplus = left
        return page.isEmpty && !more ? nil : page
    }
}

extension RetentionRun: DeletionSource {
    var sparesLinksFrom: UInt64? { linked.ceiling }
}
