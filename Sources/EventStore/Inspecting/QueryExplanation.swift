// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// How a filter's events would be found: the index that is read, and those that were considered.
public struct QueryExplanation: Hashable, Sendable, Codable {
    /// One index by which the events can be found.
    public struct Way: Hashable, Sendable, Codable {
        /// The index's name; `ids` when events are looked up one by one.
        public var index: String
        /// How many of its values are read side by side.
        public var values: Int
        /// Whether every entry is a match, so that no event has to be looked at.
        public var isExact: Bool
        /// About how many entries it has of the time that the filter asks for, as far as was looked.
        public var entries: Int
    }

    public var chosen: Way
    /// Fewest entries first; empty where there was no choice.
    public var others: [Way]
}

extension EventStore {
    /// Plans a filter as a query for its first `limit` events would.
    public func explain(_ filter: Filter, limit: Int = .max) throws(StoreError) -> QueryExplanation {
        if let ids = filter.ids {
            return QueryExplanation(
                chosen: .init(index: "ids", values: ids.count, isExact: false, entries: ids.count), others: []
            )
        }
        return try read { snapshot throws(StoreError) in
            let words = try snapshot.searchPrefixes(of: filter, context)
            let chosen = try QueryPlanner.choose(
                filter, words: words, limit: min(limit, filter.limit ?? .max),
                streamMax: limits.streamsPerFilter, snapshot, context)
            let plans = QueryPlan.all(
                for: filter, words: words, maker, streamMax: limits.streamsPerFilter)
            var ways: [QueryExplanation.Way] = []
            for plan in plans where plan != chosen { ways.append(try way(plan, filter, snapshot)) }
            ways.sort { ($0.entries, $0.index) < ($1.entries, $1.index) }
            return QueryExplanation(chosen: try way(chosen, filter, snapshot), others: ways)
        }
    }

    private func way(
        _ plan: QueryPlan, _ filter: Filter, _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> QueryExplanation.Way {
        let window = TimeWindow(filter)
        let probe = try PlanProbe.read(plan, window, snapshot, schema)
        var last = window.last
        var cursor = try Cursor(snapshot, schema[.created])
        if try cursor.last() { last = min(last, Posting(endOf: cursor.key).invertedTime) }
        let newest = probe.samples.compactMap(\.times.first).min() ?? window.first
        let entries = newest > last ? 0 : probe.entries(from: newest, to: last)
        return QueryExplanation.Way(
            index: plan.table.name, values: plan.values.count, isExact: plan.isExact,
            entries: Int(min(entries.rounded(), 1e15)))
    }
}
