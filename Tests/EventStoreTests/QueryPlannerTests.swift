// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

@Suite struct QueryPlannerTests {
    private static let maker = KeyMaker(secret: KeyHash.Secret(low: 1, high: 2), shape: KeyShape())

    private func plan(_ store: TemporaryStore, _ filter: Filter, limit: Int) throws -> QueryPlan {
        try store.store.read { snapshot throws(StoreError) in
            try QueryPlanner.choose(filter, limit: limit, streamMax: 1000, snapshot, store.store.context)
        }
    }

    /// 3000 notes of 40 authors by turns, every one tagged "popular"; author 40 wrote twice, long ago.
    private func filled() throws -> TemporaryStore {
        let store = try TemporaryStore()
        var events = (0..<3000).map {
            Event.unsigned(
                $0 % 50 == 0 ? 30617 : 1, at: 10_000 + Int64($0), by: $0 % 40,
                [
                    ["t", "popular"], ["d", TagValue("\($0)")],
                ])
        }
        events += [
            .unsigned(1, at: 5, by: 40, [["t", "popular"]]),
            .unsigned(30617, at: 6, by: 40, [["t", "popular"]]),
        ]
        try store.putTogether(events)
        return store
    }

    @Test func `a rare author beats a popular tag`() throws {
        let filter = Filter(authors: [TestAuthor.key(40)], kinds: [30617], tags: ["t": ["popular"]])
        #expect(try plan(filled(), filter, limit: 20).table == .authorKind)
    }

    @Test func `a rare tag beats a busy author`() throws {
        let filter = Filter(authors: [TestAuthor.key(1)], tags: ["d": ["41"], "t": ["popular"]])
        let store = try filled()
        let chosen = try plan(store, filter, limit: 20)
        let hash = store.store.maker.tag(UInt8(ascii: "d"), TagValue("41").bytes.span)
        #expect(chosen.table == .tag && chosen.values == [IndexValue(prefix: hash)])
    }

    @Test func `many busy authors are read by time, few sparse ones by author`() throws {
        let store = try filled()
        let busy = Filter(authors: (0..<40).map { TestAuthor.key($0) }, kinds: [1])
        let chosen = try plan(store, busy, limit: 5)
        #expect(chosen.table == .kind || chosen.table == .created)
        #expect(try plan(store, busy, limit: 5000).table != .author)
        let sparse = Filter(authors: (40..<46).map { TestAuthor.key($0) }, kinds: [1])
        #expect(try plan(store, sparse, limit: 5).table == .authorKind)
    }

    @Test func `what cannot be there costs one look`() throws {
        let filter = Filter(authors: (0..<40).map { TestAuthor.key($0) }, tags: ["t": ["unheard of"]])
        #expect(try plan(filled(), filter, limit: 100).table == .tag)
    }

    @Test func `an exact plan of a few values is taken without a comparison`() throws {
        let store = try filled()
        let filter = Filter(kinds: [30617], tags: ["t": ["popular"]])
        let plans = QueryPlan.all(for: filter, store.store.maker, streamMax: 100)
        let exact = try #require(plans.first { $0.isExact })
        #expect(exact.table == .tagKind && exact.values.count == 1)
        #expect(try plan(store, filter, limit: 1) == exact)
        // A comparison finds that there is nothing by this author.
        let rare = Filter(authors: [TestAuthor.key(77)], kinds: [30617], tags: ["t": ["popular"]])
        #expect([.author, .authorKind].contains(try plan(store, rare, limit: 1).table))
        let kinds = Filter(kinds: [1617, 1621], tags: ["a": ["x", "y"]])
        let values = QueryPlan.all(for: kinds, Self.maker, streamMax: 100).filter(\.isExact)
        #expect(values.map(\.table) == [.tagKind] && values.map(\.values.count) == [4])
    }

    @Test func `more values than may be merged leave a coarser index`() {
        let filter = Filter(authors: (0..<20).map { TestAuthor.key($0) }, kinds: [1, 2, 3])
        let tables = QueryPlan.all(for: filter, Self.maker, streamMax: 50).map(\.table)
        #expect(Set(tables) == [.created, .kind, .author])
    }

    @Test func `a guess counts what was read and stretches what was not`() {
        let plan = QueryPlan(table: .kind, values: [IndexValue()], isExact: true)
        let whole = PlanProbe(plan: plan, samples: [.init(times: [10, 20, 30], isWhole: true)])
        #expect(whole.entries(from: 10, to: 25) == 2 && whole.entries(from: 10, to: 1_000_000) == 3)
        let more = PlanProbe(plan: plan, samples: [.init(times: [10, 20, 29], isWhole: false)])
        #expect(more.entries(from: 10, to: 25) == 2 && more.entries(from: 10, to: 49) == 6)
    }
}
