// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension QueryWalk {
    /// Turns one filter into streams of entries, or looks up some of its ids.
    mutating func plan(
        _ index: Int, _ idsDone: Int, _ snapshot: borrowing some Snapshot & ~Copyable,
        _ context: StoreContext,
        _ spending: inout PageSpending
    ) throws(StoreError) {
        guard index < filters.count else {
            phase = .opening(stream: 0)
            return
        }
        let filter = filters[index]
        if remaining[index] == 0 {
            phase = .planning(filter: index + 1, idsDone: 0)
        } else if let ids = filter.ids {
            try lookUp(ids, from: idsDone, filter: index, snapshot, context, &spending)
        } else {
            let room = context.limits.streamsPerQuery - streams.count
            let words = try snapshot.searchPrefixes(of: filter, context)
            let plan = try QueryPlanner.choose(
                filter, words: words, limit: remaining[index],
                streamMax: min(room, context.limits.streamsPerFilter),
                snapshot,
                context)
            let fill = Swift.max(4, Swift.min(64, Swift.min(remaining[index], 4096) / plan.values.count + 1))
            for value in plan.values {
                var stream = IndexStream(
                    plan.table, value, filter: index, window: TimeWindow(filter), firstFill: fill)
                stream.words = words.filter { plan.table != .word || $0 != value.prefix }
                streams.append(stream)
            }
            if isCounting, !isScoped, filters.count == 1, plan.isExact,
                plan.table == .created || plan.table == .kind
            {
                let hidesSome = try snapshot.isVanishing(context.schema)
                if !hidesSome { countsEntries = try nothingHasExpired(snapshot, context) }
            }
            spending.add(work: 64)
            phase = .planning(filter: index + 1, idsDone: 0)
        }
    }

    /// Looks ids up until the budget is spent; those found become a stream of their own.
    private mutating func lookUp(
        _ ids: [EventID], from start: Int, filter: Int, _ snapshot: borrowing some Snapshot & ~Copyable,
        _ context: StoreContext, _ spending: inout PageSpending
    ) throws(StoreError) {
        var found: [Posting] = []
        var next = start
        repeat {
            if let serial = try snapshot.serial(of: ids[next], context.schema, context.maker),
                serial < ceiling,
                let record = try snapshot.record(serial, context.schema)
            {
                found.append(context.maker.posting(record.createdAt, ids[next], serial))
            }
            spending.add(work: 20)
            next += 1
        } while next < ids.count && !spending.isSpent
        if !found.isEmpty { streams.append(IndexStream(sorted: found.sorted(), filter: filter)) }
        phase =
            next == ids.count
            ? .planning(filter: filter + 1, idsDone: 0) : .planning(filter: filter, idsDone: next)
    }

    private func nothingHasExpired(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext
    ) throws(StoreError) -> Bool {
        var cursor = try Cursor(snapshot, context.schema[.expiry])
        guard try cursor.next() else { return true }
        return cursor.key.word(at: 0) > UInt64(bitPattern: now.seconds)
    }
}
