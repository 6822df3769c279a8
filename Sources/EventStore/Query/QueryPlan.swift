// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One way to find a filter's events: the values of one index whose entries hold them all.
struct QueryPlan: Hashable, Sendable {
    var table: IndexTable
    var values: [IndexValue]
    /// Every entry is a match, but for collisions of prefixes: no condition is left to check.
    var isExact: Bool

    /// Every way there is, in no order. Ids are looked up and need no plan.
    ///
    /// - Parameter words: the prefixes of the words that are searched for, where those are indexed.
    static func all(
        for filter: Filter, words: [UInt64] = [], _ maker: KeyMaker, streamMax: Int
    ) -> [QueryPlan] {
        let conditions =
            (filter.authors == nil ? 0 : 1) + (filter.kinds == nil ? 0 : 1) + filter.tags.count
            + (filter.search?.words.count ?? 0)
        var plans = [QueryPlan(table: .created, values: [IndexValue()], isExact: conditions == 0)]
        func add(_ table: IndexTable, _ prefixes: [UInt64], _ kinds: [Kind]?, covers covered: Int) {
            let (count, overflow) = prefixes.count.multipliedReportingOverflow(by: kinds?.count ?? 1)
            guard !overflow, count <= streamMax else { return }
            var values: Set<IndexValue> = []
            for prefix in prefixes {
                for kind in kinds ?? [0] { values.insert(IndexValue(prefix: prefix, kind: kind.rawValue)) }
            }
            let sorted = values.sorted { ($0.prefix, $0.kind) < ($1.prefix, $1.kind) }
            plans.append(QueryPlan(table: table, values: sorted, isExact: covered == conditions))
        }
        if let kinds = filter.kinds { add(.kind, [0], kinds, covers: 1) }
        if let authors = filter.authors {
            let prefixes = authors.map { maker.author($0) }
            add(.author, prefixes, nil, covers: 1)
            if let kinds = filter.kinds { add(.authorKind, prefixes, kinds, covers: 2) }
        }
        for condition in filter.tags {
            let prefixes = condition.values.map { maker.tag(condition.letter, $0.bytes.span) }
            add(.tag, prefixes, nil, covers: 1)
            if let kinds = filter.kinds, KeyMaker.isIndexedByKind(condition.letter) {
                add(.tagKind, prefixes, kinds, covers: 2)
            }
        }
        for word in words { add(.word, [word], nil, covers: 1) }
        return plans
    }
}
