// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB
import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

/// Events found by their words (NIP-50).
@Suite struct SearchTests {
    static func indexing() throws -> TemporaryStore { try TemporaryStore { $0.indexesWords = true } }

    static func filter(_ text: TagValue, kinds: [Kind]? = nil, limit: Int? = nil) throws -> Filter {
        Filter(kinds: kinds, limit: limit, search: try SearchQuery(text))
    }

    /// What a request finds, in its order.
    static func find(
        _ filters: [Filter], in store: TemporaryStore, at now: Int64 = 1_700_000_000,
        scope: ReadScope = .unrestricted, budget: PageBudget = .unlimited
    ) throws -> (events: [EventID], isComplete: Bool) {
        var query = StoredQuery(
            filters: filters, maxLimit: 100, defaultLimit: 50, now: Timestamp(now), scope: scope)
        var found: [EventID] = []
        while true {
            let end = try query.readPage(of: store.store, budget: budget) { _, header in
                found.append(header.id)
                return true
            }
            if case .finished(let isComplete) = end { return (found, isComplete) }
        }
    }

    @Test func `the best come first, and the limit cuts what is ranked`() throws {
        let store = try Self.indexing()
        let named = Event.unsigned(30617, at: 100, [["d", "nest"], ["name", "nest"]])
        let often = Event.unsigned(1, at: 200, [], "nest nest nest")
        let newer = Event.unsigned(1, at: 400, [], "a nest")
        let older = Event.unsigned(1, at: 300, [], "one nest")
        let other = Event.unsigned(1, at: 500, [], "nests")
        try store.put(newer, often, other, named, older)
        let order = [named, often, newer, older].map(\.id)
        for budget in [PageBudget.unlimited, PageBudget(maxWork: 1), PageBudget(maxEvents: 1)] {
            let all = try Self.find([Self.filter("Nest")], in: store, budget: budget)
            #expect(all.events == order)
            #expect(all.isComplete)
        }
        let two = try Self.find([Self.filter("nest", limit: 2)], in: store)
        #expect(two.events == Array(order.prefix(2)))
        #expect(!two.isComplete)
        #expect(try Self.find([Self.filter("nest", limit: 0)], in: store).events == [])
        #expect(try Self.find([Self.filter("nest", kinds: [1], limit: 1)], in: store).events == [often.id])
        #expect(try store.store.count([Self.filter("nest")], now: Timestamp(5)) == 4)
        #expect(try store.store.count([Self.filter("a nest")], now: Timestamp(5)) == 1)
    }

    @Test func `searches come first, one after the other, and each event once`() throws {
        let store = try Self.indexing()
        let both = Event.unsigned(1, at: 100, [], "rook raven")
        let rook = Event.unsigned(1, at: 200, [], "rook")
        let raven = Event.unsigned(1, at: 300, [], "raven")
        let plain = Event.unsigned(7, at: 400)
        try store.put(both, rook, raven, plain)
        for budget in [PageBudget.unlimited, PageBudget(maxWork: 1), PageBudget(maxEvents: 1)] {
            let found = try Self.find(
                [Filter(kinds: [1, 7]), Self.filter("raven"), Self.filter("rook")], in: store, budget: budget)
            #expect(found.events == [raven, both, rook, plain].map(\.id))
            #expect(found.isComplete)
        }
        #expect(
            try Self.find([Self.filter("x:y"), Self.filter("...")], in: store).events
                == [plain, raven, rook, both].map(\.id))
    }

    @Test func `only so many are ranked, the newest, and only so much is read`() throws {
        let store = try TemporaryStore {
            $0.indexesWords = true
            $0.limits.searchCandidates = 3
        }
        let notes = (0..<6).map { Event.unsigned(1, at: 100 + $0, [], "rook") }
        let best = Event.unsigned(1, at: 50, [["subject", "rook"]], "rook")
        try store.put(notes + [best])
        let found = try Self.find([Self.filter("rook")], in: store)
        #expect(found.events == notes.suffix(3).reversed().map(\.id))
        #expect(!found.isComplete)
        #expect(try store.store.count([Self.filter("rook")], now: Timestamp(5)) == 7)
        try store.reopen { $0.limits.searchWork = 12 }
        let cut = try Self.find([Self.filter("rook")], in: store)
        #expect(cut.events.count < 3)
        #expect(!cut.isComplete)
    }

    @Test func `what is removed, replaced, expired or vanished is not found, and leaves nothing behind`()
        throws
    {
        let store = try Self.indexing()
        let author = TestAuthor.key(1)
        let old = Event.unsigned(0, at: 100, by: 1, [], #"{"name":"rook"}"#)
        let deleted = Event.unsigned(1, at: 100, by: 1, [], "rook deleted")
        let expiring = Event.unsigned(1, at: 100, by: 2, [["expiration", "2000"]], "rook expiring")
        let vanished = Event.unsigned(1, at: 100, by: 3, [], "rook vanished")
        try store.put([old, deleted, expiring, vanished], at: 1000)
        #expect(try Self.find([Self.filter("rook")], in: store, at: 1000).events.count == 4)
        try store.put(.unsigned(0, at: 200, by: 1, [], #"{"name":"raven"}"#), at: 1000)
        try store.put(.unsigned(5, at: 200, by: 1, [deleted.idTag]), at: 1000)
        #expect(try Self.find([Self.filter("rook")], in: store, at: 1000).events.count == 2)
        #expect(try Self.find([Self.filter("rook")], in: store, at: 2000).events == [vanished.id])
        try store.write(at: 2000) { writer throws(StoreError) in
            try writer.vanish(TestAuthor.key(3), upTo: Timestamp(500))
        }
        #expect(try Self.find([Self.filter("rook")], in: store, at: 2000).events == [])
        #expect(try store.store.check().faults == [])
        try store.write(at: 2000) { writer throws(StoreError) in
            while try writer.sweepVanished(limit: 3) {}
            _ = try writer.removeExpired(limit: 9)
            // Stored and removed in one transaction.
            _ = try writer.put(.unsigned(1, at: 300, by: 4, [], "rook passing"))
            let passing = Event.unsigned(1, at: 300, by: 4, [], "rook passing")
            _ = try writer.remove(passing.id, reason: .operator)
        }
        #expect(try store.store.statistics.rows["word"] == 1)
        #expect(try store.all().map(\.pubkey).contains(author))
        #expect(try store.store.check().faults == [])
    }

    @Test func `a transaction finds what it wrote`() throws {
        let store = try Self.indexing()
        try store.write { writer throws(StoreError) in
            let note = Event.unsigned(1, at: 100, [], "rook in flight")
            _ = try writer.put(note)
            guard let query = try? SearchQuery("rook") else { throw .misuse("no query") }
            let found = try writer.events(matching: Filter(search: query), limit: 5)
            #expect(found == [note])
        }
    }

    @Test func `turned on later, words are indexed in steps, and until then nobody searches`() throws {
        let store = try TemporaryStore()
        let notes = (0..<9).map { Event.unsigned(1, at: 100 + $0, [], "rook \($0)") }
        try store.put(notes)
        #expect(throws: StoreError.self) { try Self.find([Self.filter("rook")], in: store) }
        #expect(try store.store.events(matching: [Self.filter("rook")], now: Timestamp(5)).count == 9)
        try store.reopen { $0.indexesWords = true }
        #expect(throws: StoreError.unready("words are not indexed yet")) {
            try Self.find([Self.filter("rook")], in: store)
        }
        // Counts are exact meanwhile, and what comes and goes is kept in step.
        #expect(try store.store.count([Self.filter("rook")], now: Timestamp(5)) == 9)
        try store.write { writer throws(StoreError) in #expect(try writer.buildDerived(limit: 4)) }
        try store.reopen()
        try store.put(.unsigned(1, at: 500, [], "rook late"))
        try store.write { writer throws(StoreError) in
            #expect(try writer.remove(notes[0].id, reason: .operator))
            #expect(try writer.remove(notes[8].id, reason: .operator))
        }
        #expect(try DerivedTableTests.build(store, by: 3) > 1)
        #expect(try Self.find([Self.filter("rook")], in: store).events.count == 8)
        #expect(try store.store.statistics.rows["word"] == 16)
    }

    @Test func `turned off and on again, nothing stale is found`() throws {
        let store = try Self.indexing()
        let first = Event.unsigned(1, at: 100, [], "rook")
        try store.put(first)
        try store.reopen { $0.indexesWords = false }
        #expect(try store.store.statistics.rows["word"] == 0)
        #expect(try store.store.check().faults == [])
        try store.write { writer throws(StoreError) in
            _ = try writer.remove(first.id, reason: .operator)
            _ = try writer.put(.unsigned(1, at: 200, [], "raven"))
            #expect(try !writer.buildDerived(limit: 9))
        }
        try store.reopen { $0.indexesWords = true }
        _ = try DerivedTableTests.build(store, by: 9)
        #expect(try Self.find([Self.filter("rook")], in: store).events == [])
        #expect(try Self.find([Self.filter("raven")], in: store).events.count == 1)
    }

    @Test func `an index that another version left behind is made anew`() throws {
        let store = try Self.indexing()
        try store.put(.unsigned(1, at: 100, [], "rook"))
        try store.write { writer throws(StoreError) in
            // As if a commit had come from a version that knows other tables, and not this one.
            _ = try writer.put(.unsigned(1, at: 200, [], "raven"))
            let (transaction, schema) = (writer.view.transaction, writer.view.schema)
            try writer.view.flush()
            try transaction.clear(schema[.word])
        }
        try store.write { writer throws(StoreError) in
            try writer.view.transaction.put(
                writer.view.schema.meta, StoreFormat.keptWordsKey.span, StoreFormat.keptWords(.zero).span)
        }
        #expect(throws: StoreError.self) { try Self.find([Self.filter("rook")], in: store) }
        #expect(try store.store.check().faults == [])
        try store.reopen()
        _ = try DerivedTableTests.build(store, by: 9)
        #expect(try Self.find([Self.filter("rook")], in: store).events.count == 1)
        #expect(try Self.find([Self.filter("raven")], in: store).events.count == 1)
    }

    @Test func `entries that are lacking or too many are found by check`() throws {
        let store = try Self.indexing()
        try store.put(.unsigned(1, at: 100, [], "rook"))
        try store.write { writer throws(StoreError) in
            try writer.view.transaction.clear(writer.view.schema[.word])
        }
        #expect(try store.store.check().faults.contains { $0.contains("not found by its words") })
        let surplus = try Self.indexing()
        try surplus.put(.unsigned(1, at: 100, [], "rook"))
        try surplus.write { writer throws(StoreError) in
            var posting = Posting(invertedTime: 5, idPrefix: 3, serial: Serial(rawValue: 1))
            for serial: UInt64 in [1, 99] {
                posting.serial = Serial(rawValue: serial)
                let entry = IndexEntry(value: IndexValue(prefix: 7), posting: posting)
                let table = writer.view.schema[.word]
                try writer.view.transaction.put(table, entry.key(in: .word).span, Key().span)
            }
        }
        #expect(try surplus.store.check().faults.count == 2)
    }

    @Test func `hidden kinds are never in the index, and scopes hold`() throws {
        let store = try Self.indexing()
        try store.put(
            .unsigned(4, at: 100, [], "rook"), .unsigned(1059, at: 100, [], "rook"),
            .unsigned(7, at: 100, [], "rook"), .unsigned(3, at: 100, [], "rook"))
        #expect(try store.store.statistics.rows["word"] == 0)
        let scope = ReadScope(guardedKinds: [1])
        try store.put(.unsigned(1, at: 100, [], "rook"))
        #expect(try Self.find([Self.filter("rook")], in: store, scope: scope).events == [])
    }
}

extension BorrowedTransaction {
    /// Deletes every row of a table.
    fileprivate func clear(_ table: Table) throws(StoreError) {
        try LMDBResult.check(mdb_drop(pointer, table.handle, 0), "empty a table")
    }
}
