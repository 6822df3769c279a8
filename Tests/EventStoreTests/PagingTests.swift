// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

@Suite struct PagingTests {
    private let now = Timestamp(1_700_000_000)

    private func page(
        _ query: inout StoredQuery, _ store: TemporaryStore, _ budget: PageBudget
    ) throws -> (ids: [EventID], end: PageEnd) {
        var ids: [EventID] = []
        let end = try query.readPage(of: store.store, budget: budget) { _, header in
            ids.append(header.id)
            return true
        }
        return (ids, end)
    }

    @Test func `ties come lowest id first, and a limit keeps the lowest`() throws {
        let store = try TemporaryStore()
        let ties = (0..<3).map { Event.unsigned(1, at: 1000, [], "\($0)") }.sorted { $0.id < $1.id }
        try store.put(ties.reversed())
        #expect(try store.all().map(\.id) == ties.map(\.id))
        let two = try store.store.events(matching: [Filter(kinds: [1], limit: 2)], now: now)
        #expect(two.map(\.id) == ties.prefix(2).map(\.id))
    }

    @Test func `later pages know nothing of newer events, and pass over removed ones`() throws {
        let store = try TemporaryStore()
        let events = (0..<10).map { Event.unsigned(1, at: 1000 - Int64($0)) }
        try store.put(events)
        var query = StoredQuery(filters: [Filter()], maxLimit: 100, defaultLimit: 100, now: now)
        #expect(query.snapshot == nil)
        let first = try page(&query, store, PageBudget(maxEvents: 3))
        #expect(first.ids == events.prefix(3).map(\.id))
        #expect(query.snapshot == CommitSequence(rawValue: 10))
        try store.put(.unsigned(1, at: 995, [], "newer"), .unsigned(5, at: 2000, [events[4].idTag]))
        let rest = try page(&query, store, .unlimited)
        #expect(rest.ids == (events[3...3] + events[5...]).map(\.id))
        #expect(rest.end == .finished(isComplete: true))
    }

    @Test func `no transaction is held between pages`() throws {
        let store = try TemporaryStore { $0.limits.readers = 2 }
        try store.put((0..<10).map { .unsigned(1, at: 1000 - Int64($0)) })
        var queries = (0..<20).map { _ in
            StoredQuery(filters: [Filter()], maxLimit: 100, defaultLimit: 100, now: now)
        }
        for index in queries.indices {
            #expect(try page(&queries[index], store, PageBudget(maxEvents: 1)).end == .more)
        }
        for index in queries.indices { #expect(try page(&queries[index], store, .unlimited).ids.count == 9) }
    }

    @Test func `the receiver may end a page after an event`() throws {
        let store = try TemporaryStore()
        try store.put((0..<5).map { .unsigned(1, at: 1000 - Int64($0)) })
        var query = StoredQuery(filters: [Filter()], maxLimit: 100, defaultLimit: 100, now: now)
        var seen = 0
        for _ in 0..<5 {
            _ = try query.readPage(of: store.store, budget: .unlimited) { _, _ in
                seen += 1
                return false
            }
        }
        #expect(seen == 5)
    }

    @Test func `bytes and the clock end a page too`() throws {
        let store = try TemporaryStore()
        let events = (0..<2000).map { Event.unsigned(1, at: 90_000 - Int64($0)) }
        try store.putTogether(events)
        var query = StoredQuery(filters: [Filter()], maxLimit: .max, defaultLimit: .max, now: now)
        #expect(try page(&query, store, PageBudget(maxBytes: events[0].json.count * 2)).ids.count == 2)
        var asked = 0
        let late = PageBudget(shouldYield: {
            asked += 1
            return true
        })
        let second = try page(&query, store, late)
        #expect(asked > 0 && second.ids.count < 200 && second.end == .more)
    }

    @Test func `entries that are passed over end a page as others do`() throws {
        let store = try TemporaryStore()
        // More than are read at first.
        try store.putTogether((0..<100).map { .unsigned(1, at: 1_000 + $0) } + [.unsigned(1, at: 3)])
        var query = StoredQuery(filters: [Filter(kinds: [1])], maxLimit: 200, defaultLimit: 200, now: now)
        #expect(try page(&query, store, PageBudget(maxEvents: 1)).end == .more)
        // They come late, and lie between what was handed out and what was not.
        try store.putTogether((0..<20_000).map { .unsigned(1, at: 900, [], "\($0)") })
        var asked = 0
        var ids: [EventID] = []
        var pages = 0
        while pages < 1_000 {
            pages += 1
            asked = 0
            let budget = PageBudget(shouldYield: {
                asked += 1
                return true
            })
            let (more, end) = try page(&query, store, budget)
            ids += more
            #expect(asked <= 1, "the page went on")
            if end != .more { break }
        }
        #expect(ids.count == 100 && pages > 20, "\(pages) pages")
    }

    @Test func `pages of any size give the same result`() throws {
        let store = try TemporaryStore()
        try store.putTogether(
            (0..<600).map { .unsigned($0 % 3 == 0 ? 1 : 2, at: Int64($0 / 7), by: $0 % 5, [], "\($0)") })
        let filters = [
            Filter(authors: (0..<3).map { TestAuthor.key($0) }, kinds: [1], limit: 90),
            Filter(kinds: [2], limit: 100), Filter(since: Timestamp(20), limit: 50),
        ]
        var whole = StoredQuery(filters: filters, maxLimit: 500, defaultLimit: 500, now: now)
        let expected = try page(&whole, store, .unlimited)
        for work in [1, 7, 50, 333] {
            var query = StoredQuery(filters: filters, maxLimit: 500, defaultLimit: 500, now: now)
            var ids: [EventID] = []
            var end = PageEnd.more
            while end == .more {
                let next = try page(&query, store, PageBudget(maxWork: work))
                (ids, end) = (ids + next.ids, next.end)
            }
            #expect(ids == expected.ids && end == expected.end)
        }
    }

    @Test func `complete means that no limit cut anything off`() throws {
        let store = try TemporaryStore()
        try store.put((0..<5).map { .unsigned(1, at: 1000 - Int64($0)) })
        for (limit, isComplete) in [(4, false), (6, true), (0, false)] {
            var query = StoredQuery(
                filters: [Filter(kinds: [1], limit: limit)], maxLimit: 100, defaultLimit: 100, now: now)
            let end = try page(&query, store, .unlimited).end
            #expect(end == .finished(isComplete: isComplete), "limit \(limit)")
        }
    }

    @Test func `where a limit is reached, the end tells nothing of what is hidden`() throws {
        let filter = Filter(authors: [TestAuthor.key(0)], limit: 2)
        let stranger = ReadScope(guardedKinds: [4])
        for hasHidden in [false, true] {
            let store = try TemporaryStore()
            try store.put((0..<2).map { .unsigned(1, at: 1000 - Int64($0)) })
            if hasHidden { try store.put(.unsigned(4, at: 900)) }
            for (limit, isComplete) in [(2, false), (3, true)] {
                var filter = filter
                filter.limit = limit
                var query = StoredQuery(
                    filters: [filter], maxLimit: 100, defaultLimit: 100, now: now, scope: stranger)
                let read = try page(&query, store, .unlimited)
                #expect(read.ids.count == 2 && read.end == .finished(isComplete: isComplete))
            }
        }
    }

    @Test func `an event that matches two filters counts in both and comes once`() throws {
        let store = try TemporaryStore()
        let a = Event.unsigned(1, at: 1003, [["t", "x"]])
        let b = Event.unsigned(1, at: 1002)
        let c = Event.unsigned(7, at: 1001, [["t", "x"]])
        try store.put(c, b, a)
        let filters = [Filter(kinds: [1], limit: 1), Filter(tags: ["t": ["x"]], limit: 1)]
        #expect(try store.store.events(matching: filters, now: now).map(\.id) == [a.id])
        let wider = [Filter(kinds: [1], limit: 2), Filter(tags: ["t": ["x"]], limit: 2)]
        #expect(try store.store.events(matching: wider, now: now).map(\.id) == [a, b, c].map(\.id))
    }

    @Test func `empty lists match nothing, beside a filter that does`() throws {
        let store = try TemporaryStore()
        try store.put(.unsigned(1))
        #expect(try store.store.events(matching: [Filter(kinds: [])], now: now).isEmpty)
        #expect(
            try store.store.events(matching: [Filter(kinds: []), Filter(kinds: [1])], now: now).count == 1)
        #expect(try store.store.events(matching: [], now: now).isEmpty)
        let backwards = Filter(since: Timestamp(2), until: Timestamp(1))
        #expect(try store.store.count([backwards], now: now) == 0)
    }

    @Test func `since and until are inclusive, to the ends of time`() throws {
        let store = try TemporaryStore()
        let events = [0, 1000, Int64.max].map { Event.unsigned(1, at: $0) }
        try store.put(events)
        #expect(try store.all().map(\.createdAt.seconds) == [.max, 1000, 0])
        let one = Filter(since: Timestamp(1000), until: Timestamp(1000))
        #expect(try store.store.events(matching: [one], now: now).map(\.id) == [events[1].id])
        let last = Filter(kinds: [1], since: .distantFuture)
        #expect(try store.store.events(matching: [last], now: now).map(\.id) == [events[2].id])
    }
}
