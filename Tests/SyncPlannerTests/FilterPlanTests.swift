// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

@Suite struct FilterPlanTests {
    private func address(_ n: Int, _ identifier: String = "r") -> EventAddress {
        EventAddress(
            kind: .repositoryAnnouncement, pubkey: PublicKey(Bytes32(words: (UInt64(n), 0, 0, 0))),
            identifier: TagValue(identifier))
    }
    private func id(_ n: Int) -> EventID { EventID(Bytes32(words: (UInt64(n), 0, 0, 1))) }
    /// A plan, and the table that its items are in.
    private struct Planned {
        var table: ItemTable
        var plan: FilterPlan
        var filterCount: Int { plan.filterCount }

        init(_ items: [SyncItem]) {
            var table = ItemTable()
            let numbers = ItemSet(items.map { table.number($0) })
            self.table = table
            plan = FilterPlan(numbers, in: table, valuesPerFilter: 100, idsPerFilter: 300)
        }

        func filters(since: Timestamp? = nil, limit: Int? = nil) -> [Filter] {
            plan.filters(in: table, since: since, limit: limit)
        }

        mutating func insert(_ item: SyncItem, ifFits limits: UpstreamLimits) -> Bool {
            plan.insert(table.number(item), in: table, ifFits: limits)
        }
    }
    private func plan(_ items: [SyncItem]) -> Planned { Planned(items) }

    @Test func `announcements and grasp lists are asked of the whole relay`() {
        #expect(plan([.announcements]).filters() == [Filter(kinds: [.repositoryAnnouncement, .graspList])])
    }

    @Test func `a repository needs its states and three letters`() {
        let address = address(1, "a:b/%")
        let filters = plan([.repository(address)]).filters(since: Timestamp(5), limit: 7)
        #expect(filters.map(\.kinds) == [[.repositoryState], nil, nil, nil])
        #expect(filters[0].values(of: "d") == [TagValue("a:b/%")])
        #expect(filters[1].values(of: "a") == [address.text])
        #expect(filters[2].values(of: "A") == [address.text])
        #expect(filters[3].values(of: "q") == [address.text])
        #expect(filters.allSatisfy { $0.since == Timestamp(5) && $0.limit == 7 })
    }

    @Test(arguments: [(1, 3), (100, 3), (101, 6), (300, 9)])
    func `roots take three filters for each hundred`(roots: Int, filters: Int) {
        let plan = plan((0..<roots).map { .root(id($0)) })
        #expect(plan.filterCount == filters)
        #expect(plan.filters().count == filters)
        #expect(plan.filters().allSatisfy { $0.tags.count == 1 && $0.tags[0].values.count <= 100 })
    }

    @Test func `a mixed plan counts what it makes`() {
        var items: [SyncItem] = [.announcements]
        items += (0..<150).map { .repository(address($0)) }
        items += (0..<10).map { .root(id($0)) }
        items += (0..<120).map { .deletions(address($0).pubkey) }
        items += (0..<301).map { .reference(.event(id($0))) }
        items.append(.reference(.address(address(7, "x"))))
        items.append(.reference(.address(address(8, "x"))))
        let plan = plan(items)
        #expect(plan.filterCount == 1 + 8 + 3 + 2 + 2 + 1)
        #expect(plan.filters().count == plan.filterCount)
    }

    @Test func `the bytes are never more than counted`() {
        var items: [SyncItem] = (0..<50).map { .repository(address($0, "\u{1}\"\\\n😀 \($0)")) }
        items += (0..<40).map { .root(id($0)) } + (0..<30).map { .deletions(address($0).pubkey) }
        items += (0..<20).map { .reference(.event(id($0))) } + [.announcements]
        let plan = plan(items)
        let written = plan.filters(since: .distantFuture, limit: 5000).map(\.canonicalJSON.utf8.count)
        #expect(written.reduce(0, +) <= plan.plan.cost.bytes + plan.filterCount * Filter.bareLength)
    }

    @Test func `what does not fit stays outside, and the plan is as before`() {
        let limits = UpstreamLimits(maxFilters: 4)
        var plan = plan([])
        let first = plan.insert(.repository(address(1)), ifFits: limits)
        let before = plan.plan
        let tooMany = plan.insert(.announcements, ifFits: limits)
        #expect(first && !tooMany && plan.plan == before)
        let second = plan.insert(.repository(address(2)), ifFits: limits)
        #expect(second && plan.filterCount == 4)
    }
}
