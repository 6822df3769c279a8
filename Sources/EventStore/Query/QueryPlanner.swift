// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Chooses the index that a filter's events are read from, by looking at what the indexes hold.
struct QueryPlanner {
    /// What it costs to find a value's first entry, and to load a record, in entries read.
    private static let seekCost = 8.0
    private static let loadCost = 10.0
    /// How many more matches are looked for when no plan alone tells which entries match.
    private static let doubt = 8.0
    /// Plans with as few values as this, and nothing left to check, need no comparison.
    private static let certainMax = 4

    /// The plan for a filter that may hand out `limit` events.
    static func choose(
        _ filter: Filter, words: [UInt64] = [], limit: Int, streamMax: Int,
        _ snapshot: borrowing some Snapshot & ~Copyable,
        _ context: StoreContext
    ) throws(StoreError) -> QueryPlan {
        let plans = QueryPlan.all(for: filter, words: words, context.maker, streamMax: streamMax)
        if let certain = plans.first(where: { $0.isExact && $0.values.count <= certainMax }) {
            return certain
        }
        let window = TimeWindow(filter)
        var probes: [PlanProbe] = []
        for plan in plans {
            let probe = try PlanProbe.read(plan, window, snapshot, context.schema)
            // No entry at all: no event can match.
            if probe.samples.count == plan.values.count, probe.samples.allSatisfy({ $0.times.isEmpty }) {
                return plan
            }
            probes.append(probe)
        }
        return cheapest(probes, limit: limit, oldest: try oldest(snapshot, context, window)) ?? plans[0]
    }

    /// The plan that reads least until `limit` events are found.
    ///
    /// Every plan has to read the same span of time: from the newest entry to the last event wanted. So the
    /// guess is first that span, from the sparsest plan, and then what each plan has to read of it.
    static func cheapest(_ probes: [PlanProbe], limit: Int, oldest: UInt64) -> QueryPlan? {
        let newest = probes.flatMap(\.samples).compactMap(\.times.first).min() ?? 0
        let wanted = Double(limit) * (probes.contains { $0.plan.isExact } ? 1 : doubt)
        let span = spanNeeded(probes, wanted: wanted, from: newest, to: max(oldest, newest))
        var best: (plan: QueryPlan, cost: Double)?
        for probe in probes {
            let cost =
                seekCost * Double(probe.plan.values.count)
                + loadCost * probe.entries(from: newest, to: span)
            if cost < best?.cost ?? .infinity { best = (probe.plan, cost) }
        }
        return best?.plan
    }

    /// The first moment by which the sparsest plan has `wanted` entries.
    private static func spanNeeded(
        _ probes: [PlanProbe], wanted: Double, from newest: UInt64, to oldest: UInt64
    ) -> UInt64 {
        func matches(_ last: UInt64) -> Double {
            probes.map { $0.entries(from: newest, to: last) }.min() ?? 0
        }
        guard matches(oldest) > wanted else { return oldest }
        var low = newest
        var high = oldest
        while low < high {
            let middle = low + (high - low) / 2
            if matches(middle) >= wanted { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The oldest moment worth reading: that of `since`, or of the oldest event.
    private static func oldest(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ context: StoreContext, _ window: TimeWindow
    ) throws(StoreError) -> UInt64 {
        var cursor = try Cursor(snapshot, context.schema[.created])
        guard try cursor.last() else { return window.last }
        return min(window.last, Posting(endOf: cursor.key).invertedTime)
    }
}
