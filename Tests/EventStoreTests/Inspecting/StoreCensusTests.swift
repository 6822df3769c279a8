// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import EventStore

/// What tools tell of a store.
@Suite struct StoreCensusTests {
    let temporary: TemporaryStore

    init() throws {
        temporary = try TemporaryStore()
        var events: [Event] = []
        for n in 0..<60 {
            events.append(
                .fixture(
                    kind: n % 3 == 0 ? 7 : 1, at: 1_600_000_000 + Int64(n), content: "\(n)",
                    by: n % 4 == 0 ? 1 : 2))
        }
        try temporary.putTogether(events)
    }

    @Test(arguments: [1, 7, 1_000])
    func `kinds and authors are counted whatever the page`(rows: Int) throws {
        var census = StoreCensus(authors: 1)
        while try census.readPage(of: temporary.store, rows: rows) {}
        #expect(census.kinds.mapValues(\.events) == [7: 20, 1: 40])
        let bytes = try temporary.all().reduce(0) { $0 + $1.json.count }
        #expect(census.kinds.values.reduce(0) { $0 + $1.bytes } == bytes)
        #expect(census.kinds[1]?.oldest == Timestamp(1_600_000_001))
        #expect(census.kinds[7]?.newest == Timestamp(1_600_000_057))
        #expect(census.authorCount == 2)
        #expect(census.authors == [.init(key: TestKey.publicKey(2), events: 45)])
        #expect(census.rows == 120)
    }

    @Test func `sizes name every table and tell what the feed still has`() throws {
        let sizes = try temporary.store.sizes()
        #expect(sizes.events == 60)
        #expect(sizes.tables.first { $0.name == "event" }?.rows == 60)
        #expect(sizes.tables.contains { $0.name == "tag_kind" })
        #expect(sizes.feed.latest == 1 && sizes.feed.oldest == 1 && sizes.feed.commits == 1)
        #expect(sizes.derived["vanishing"] == .whole)
        #expect(sizes.derived["word"] == .absent)
        #expect(sizes.inUseBytes > 0 && sizes.inUseBytes <= sizes.usedBytes)
    }

    @Test func `an explanation names the index that the query reads`() throws {
        let author = TestKey.publicKey(1)
        let plan = try temporary.store.explain(Filter(authors: [author], kinds: [1]))
        #expect(plan.chosen.index == "author_kind")
        #expect(plan.chosen.isExact)
        #expect(plan.chosen.entries == 10)
        #expect(plan.others.map(\.index).sorted() == ["author", "created", "kind"])
        let ids = try temporary.store.explain(Filter(ids: [try temporary.all()[0].id]))
        #expect(ids.chosen.index == "ids")
    }
}
