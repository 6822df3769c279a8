// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import HeapModule
import NostrCore

/// The walk through the entries of all filters of a query, merged into one order. Holds no transaction.
struct QueryWalk: Sendable {
    let filters: [Filter]
    let now: Timestamp
    /// Matches are only counted.
    let isCounting: Bool
    /// What the first page saw.
    private(set) var snapshot: CommitSequence?
    private(set) var ceiling = Serial.max
    var phase = Phase.planning(filter: 0, idsDone: 0)
    var streams: [IndexStream] = []
    /// The first entry of every stream that has one.
    private var heads: Heap<Head> = []
    /// Events that each filter may still hand out.
    private(set) var remaining: [Int]
    /// Filters that may still hand out some.
    private var open: Int
    /// Streams of each filter that are not at their end.
    private var liveStreams: [Int]
    private var wasCut: [Bool]
    /// Entries that tie, in order, of which the page before handed out only the first.
    private var leftovers: [Candidate] = []
    /// Every entry is a match that may be counted without its record.
    var countsEntries = false
    private(set) var counted = 0

    enum Phase {
        /// `idsDone` ids of this filter have been looked up.
        case planning(filter: Int, idsDone: Int)
        case opening(stream: Int)
        case merging
        case finished
    }

    private struct Head: Comparable {
        var posting: Posting
        var stream: Int

        static func < (a: Head, b: Head) -> Bool {
            a.posting == b.posting ? a.stream < b.stream : a.posting < b.posting
        }
    }

    /// An entry, and the filter whose stream it came from.
    private struct Candidate {
        var serial: Serial
        var filter: Int
    }

    init(filters: [Filter], maxLimit: Int, defaultLimit: Int, now: Timestamp, isCounting: Bool = false) {
        self.filters = filters
        self.now = now
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
        var spending = PageSpending(budget)
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

    // MARK: Merging

    private mutating func open(
        _ stream: Int, _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) {
        guard stream < streams.count else {
            phase = .merging
            return
        }
        if try refill(stream, snapshot, context, &spending), let first = streams[stream].first {
            heads.insert(Head(posting: first, stream: stream))
            liveStreams[streams[stream].filter] += 1
        }
        phase = .opening(stream: stream + 1)
    }

    /// Makes sure that the stream's first entry has been read; `false` at its end.
    private mutating func refill(
        _ stream: Int, _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) -> Bool {
        while streams[stream].needsRefill {
            spending.add(work: try streams[stream].refill(snapshot, context.schema, ceiling: ceiling))
        }
        return streams[stream].first != nil
    }

    /// Takes the first entry off, and puts its stream's next one in its place.
    private mutating func advance(
        _ head: Head, _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) {
        let filter = streams[head.stream].filter
        streams[head.stream].removeFirst()
        if remaining[filter] > 0, try refill(head.stream, snapshot, context, &spending),
            let next = streams[head.stream].first
        {
            heads.replaceMin(with: Head(posting: next, stream: head.stream))
        } else {
            _ = heads.popMin()
            liveStreams[filter] -= 1
        }
    }

    private mutating func merge(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending,
        _ emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) {
        var group = leftovers
        leftovers = []
        while true {
            if !group.isEmpty {
                let done = try handOut(group, snapshot, context, &spending, emit)
                if done < group.count {
                    leftovers = Array(group[done...])
                    return
                }
                group.removeAll(keepingCapacity: true)
                if spending.isSpent { return }
            }
            guard open > 0, let first = heads.min else {
                phase = .finished
                return
            }
            while let head = heads.min, head.posting.ties(with: first.posting) {
                let filter = streams[head.stream].filter
                if remaining[filter] > 0 {
                    group.append(Candidate(serial: head.posting.serial, filter: filter))
                }
                try advance(head, snapshot, context, &spending)
            }
            if group.count > 1 { try sort(&group, snapshot, context, &spending) }
            if group.isEmpty, spending.isSpent { return }
        }
    }

    /// Puts entries of one moment in the order of their full ids, and drops what is there twice.
    private func sort(
        _ group: inout [Candidate], _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) {
        group.sort { ($0.serial, $0.filter) < ($1.serial, $1.filter) }
        var ids: [Serial: EventID] = [:]
        if let first = group.first, group.contains(where: { $0.serial != first.serial }) {
            for candidate in group where ids[candidate.serial] == nil {
                spending.add(work: 10)
                ids[candidate.serial] = try snapshot.record(candidate.serial, context.schema)?.id()
            }
            // Removed meanwhile.
            group.removeAll { ids[$0.serial] == nil }
            group.sort { a, b in
                if a.serial == b.serial { return a.filter < b.filter }
                guard let first = ids[a.serial], let second = ids[b.serial] else {
                    return a.serial < b.serial
                }
                return first < second
            }
        }
        var kept = 0
        for index in group.indices {
            if index > 0, group[index].serial == group[kept - 1].serial,
                group[index].filter == group[kept - 1].filter
            {
                continue
            }
            group[kept] = group[index]
            kept += 1
        }
        group.removeSubrange(kept...)
    }

    /// Hands out a group's events; stops where the budget or the receiver says so.
    ///
    /// - Returns: how many candidates were dealt with.
    private mutating func handOut(
        _ group: [Candidate], _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending, _ emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) -> Int {
        var start = 0
        while start < group.count {
            var end = start + 1
            while end < group.count, group[end].serial == group[start].serial { end += 1 }
            defer { start = end }
            if countsEntries {
                counted += 1
                continue
            }
            spending.add(work: 10)
            guard let record = try snapshot.record(group[start].serial, context.schema),
                !record.hasExpired(at: now)
            else { continue }
            let header = try record.header()
            var isMatch = false
            for candidate in group[start..<end] where remaining[candidate.filter] > 0 {
                let filter = candidate.filter
                guard
                    filters[filter].matches(
                        json: record.json, layout: header.layout, id: header.id, pubkey: header.pubkey)
                else { continue }
                isMatch = true
                remaining[filter] -= 1
                if remaining[filter] == 0 {
                    open -= 1
                    wasCut[filter] = liveStreams[filter] > 0 || end < group.count
                }
            }
            guard isMatch else { continue }
            counted += 1
            if isCounting { continue }
            spending.add(event: record.json.count)
            if !emit(record.json, header) { spending.end() }
            if spending.isSpent { return end }
        }
        return group.count
    }
}
