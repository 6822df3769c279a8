// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import HeapModule
import NostrCore

/// The walk through the entries of all filters of a query, merged into one order. Holds no transaction.
struct QueryWalk: Sendable {
    let filters: [Filter]
    let now: Timestamp
    let scope: ReadScope
    /// Whether some filter may bring what not everybody may read.
    let isScoped: Bool
    /// Which filters those are.
    let mayHide: [Bool]
    /// Matches are only counted.
    let isCounting: Bool
    /// What the first page saw.
    private(set) var snapshot: CommitSequence?
    var ceiling = Serial.max
    var phase = Phase.planning(filter: 0, idsDone: 0)
    var streams: [IndexStream] = []
    /// The first entry of every stream that has one.
    var heads: Heap<Head> = []
    /// Events that each filter may still hand out.
    var remaining: [Int]
    /// Filters that may still hand out some.
    var open: Int
    /// Streams of each filter that are not at their end.
    var liveStreams: [Int]
    var wasCut: [Bool]
    /// Entries that tie, in order, of which the page before handed out only the first.
    var leftovers: [Candidate] = []
    /// Entries that tie with this one are being gathered; a page may end before all are found.
    var gathered: Posting?
    /// The stream that ended it: what follows in it is not known yet.
    var stalled: Int?
    /// Every entry is a match that may be counted without its record.
    var countsEntries = false
    var counted = 0
    /// What all pages together have cost.
    private(set) var work = 0
    /// What was handed out before, for another part of the request: it counts, and does not come again.
    var excluded: Set<EventID> = []

    enum Phase {
        /// `idsDone` ids of this filter have been looked up.
        case planning(filter: Int, idsDone: Int)
        case opening(stream: Int)
        case merging
        case finished
    }

    struct Head: Comparable {
        var posting: Posting
        var stream: Int

        static func < (a: Head, b: Head) -> Bool {
            a.posting == b.posting ? a.stream < b.stream : a.posting < b.posting
        }
    }

    /// An entry, and the filter whose stream it came from.
    struct Candidate {
        var serial: Serial
        var filter: Int
    }

    init(
        filters: [Filter], maxLimit: Int, defaultLimit: Int, now: Timestamp, scope: ReadScope = .unrestricted,
        isCounting: Bool = false
    ) {
        self.filters = filters
        self.now = now
        self.scope = scope
        mayHide = filters.map { scope.judge($0) != .free }
        isScoped = mayHide.contains(true)
        self.isCounting = isCounting
        remaining = filters.map { filter in
            if filter.matchesNothing { return 0 }
            return isCounting ? .max : max(0, min(filter.limit ?? defaultLimit, maxLimit))
        }
        open = remaining.count { $0 > 0 }
        liveStreams = Array(repeating: 0, count: filters.count)
        wasCut = zip(filters, remaining).map { $1 == 0 && !$0.matchesNothing }
    }

    /// See ``StoredQuery/readPage(of:budget:emit:)``.
    mutating func readPage(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext, _ budget: PageBudget,
        _ emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) -> PageEnd {
        if self.snapshot == nil { begin(at: try snapshot.state(context.schema)) }
        // What is hidden has entries, and no record.
        if countsEntries { countsEntries = try !snapshot.isVanishing(context.schema) }
        var spending = PageSpending(budget)
        defer { work += spending.work }
        while true {
            switch phase {
            case .planning(let filter, let idsDone):
                try plan(filter, idsDone, snapshot, context, &spending)
            case .opening(let stream):
                try open(stream, snapshot, context, &spending)
            case .merging:
                try merge(snapshot, context, &spending, emit)
            case .finished:
                return .finished(isComplete: !wasCut.contains(true))
            }
            if spending.isSpent, !isFinished { return .more }
        }
    }

    /// Says what the walk sees: events older than the state.
    mutating func begin(at state: StoreState) {
        snapshot = state.sequence
        ceiling = state.nextSerial
    }

    private var isFinished: Bool { if case .finished = phase { true } else { false } }

    /// The whole result, copied.
    mutating func readAll(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext
    ) throws(StoreError) -> [Event] {
        var events: [Event] = []
        let end = try readPage(snapshot, context, .unlimited) { json, header in
            events.append(
                Event(
                    id: header.id, pubkey: header.pubkey, layout: header.layout,
                    json: json.withUnsafeBufferPointer { Array($0) }))
            return true
        }
        precondition(end != .more, "a page without a budget ended early")
        return events
    }
}
