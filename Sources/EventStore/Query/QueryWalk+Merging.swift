// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import HeapModule
import NostrCore

// The streams of all filters, merged into one order.
extension QueryWalk {
    mutating func open(
        _ stream: Int, _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) {
        guard stream < streams.count else {
            phase = .merging
            return
        }
        guard try readOn(stream, snapshot, context, &spending) else { return }
        if streams[stream].first != nil { liveStreams[streams[stream].filter] += 1 }
        phase = .opening(stream: stream + 1)
    }

    /// Reads on in a stream until its next entry is known, and puts that one among the others.
    ///
    /// - Returns: `false` when the page ended before.
    private mutating func readOn(
        _ stream: Int, _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) -> Bool {
        while streams[stream].needsRefill {
            if spending.isSpent { return false }
            spending.add(work: try streams[stream].refill(snapshot, context.schema, ceiling: ceiling))
        }
        if let next = streams[stream].first { heads.insert(Head(posting: next, stream: stream)) }
        return true
    }

    /// Takes the first entry off, and puts its stream's next one in its place.
    ///
    /// - Returns: `false` when the page ended before that one was known.
    private mutating func advance(
        _ head: Head, _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) -> Bool {
        let filter = streams[head.stream].filter
        streams[head.stream].removeFirst()
        guard remaining[filter] > 0 else {
            _ = heads.popMin()
            liveStreams[filter] -= 1
            return true
        }
        if let next = streams[head.stream].first {
            heads.replaceMin(with: Head(posting: next, stream: head.stream))
            return true
        }
        _ = heads.popMin()
        stalled = head.stream
        return try readStalled(snapshot, context, &spending)
    }

    /// Reads on where a page ended.
    private mutating func readStalled(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) -> Bool {
        guard let stream = stalled else { return true }
        guard try readOn(stream, snapshot, context, &spending) else { return false }
        stalled = nil
        if streams[stream].first == nil { liveStreams[streams[stream].filter] -= 1 }
        return true
    }

    /// Adds all entries that tie to a group.
    ///
    /// - Returns: `false` when the page ended before.
    private mutating func gather(
        _ group: inout [Candidate], tyingWith first: Posting, _ snapshot: borrowing some Snapshot & ~Copyable,
        _ context: StoreContext, _ spending: inout PageSpending
    ) throws(StoreError) -> Bool {
        guard try readStalled(snapshot, context, &spending) else { return false }
        while let head = heads.min, head.posting.ties(with: first) {
            let filter = streams[head.stream].filter
            if remaining[filter] > 0 {
                group.append(Candidate(serial: head.posting.serial, filter: filter))
            }
            guard try advance(head, snapshot, context, &spending) else { return false }
        }
        return true
    }

    mutating func merge(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext,
        _ spending: inout PageSpending,
        _ emit: (Span<UInt8>, EventHeader) -> Bool
    ) throws(StoreError) {
        var group = leftovers
        leftovers = []
        while true {
            if gathered == nil, !group.isEmpty {
                let done = try handOut(group, snapshot, context, &spending, emit)
                if done < group.count {
                    leftovers = Array(group[done...])
                    return
                }
                group.removeAll(keepingCapacity: true)
                if spending.isSpent { return }
            }
            guard open > 0, let first = gathered ?? heads.min?.posting else {
                phase = .finished
                return
            }
            gathered = first
            guard try gather(&group, tyingWith: first, snapshot, context, &spending) else {
                leftovers = group
                return
            }
            gathered = nil
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
            let text = try record.text()
            // What the reader may not see counts in no limit.
            if isScoped,
                !scope.allows(json: text.json, layout: header.layout, pubkey: header.pubkey)
            {
                continue
            }
            var isMatch = false
            for candidate in group[start..<end] where remaining[candidate.filter] > 0 {
                let filter = candidate.filter
                guard
                    filters[filter].matches(
                        json: text.json, layout: header.layout, id: header.id, pubkey: header.pubkey)
                else { continue }
                isMatch = true
                remaining[filter] -= 1
                if remaining[filter] == 0 {
                    open -= 1
                    // What is left may be hidden from the reader, who must not learn that it is there.
                    wasCut[filter] = mayHide[filter] || liveStreams[filter] > 0 || end < group.count
                }
            }
            guard isMatch else { continue }
            counted += 1
            if isCounting || !excluded.isEmpty && excluded.contains(header.id) { continue }
            spending.add(event: record.jsonCount)
            if !emit(text.json, header) { spending.end() }
            if spending.isSpent { return end }
        }
        return group.count
    }
}
