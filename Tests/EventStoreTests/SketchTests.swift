// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB
import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

/// Registers that answers to a `COUNT` carry (NIP-45), kept while events are written.
@Suite struct SketchTests {
    private let target = Event.unsigned(1, at: 1, [], "target")

    private func answer(_ store: TemporaryStore, _ filters: Filter...) throws -> CountAnswer {
        var count = StoredCount(filters: filters, now: Timestamp(1_700_000_000))
        while try count.readPage(of: store.store, budget: PageBudget(maxWork: 3)) == .more {}
        return count.answer
    }

    private func reactions(_ authors: Range<Int>) -> [Event] {
        authors.map { .unsigned(7, at: Int64(1000 + $0), by: $0, [target.idTag], "+") }
    }

    private var expected: (Range<Int>) -> HyperLogLog {
        { [target] authors in
            var sketch = HyperLogLog()
            let offset = CountedTarget(Array(target.id.hex.utf8).span).offset
            for author in authors { sketch.insert(TestAuthor.key(author), offset: offset) }
            return sketch
        }
    }

    private var query: Filter { Filter(kinds: [7], tags: ["e": [TagValue(target.id.hex)]]) }

    @Test func `few and many authors are kept exactly, over transactions and a restart`() throws {
        let store = try TemporaryStore()
        #expect(try answer(store, query) == CountAnswer(0, authors: HyperLogLog()))
        try store.put(reactions(0..<3))
        #expect(try answer(store, query) == CountAnswer(3, authors: expected(0..<3)))
        try store.putTogether(reactions(2..<60))
        #expect(try answer(store, query) == CountAnswer(60, authors: expected(0..<60)))
        try store.putTogether(reactions(60..<900))
        try store.reopen()
        #expect(try answer(store, query) == CountAnswer(900, authors: expected(0..<900)))
        #expect(try store.store.check().faults == [])
    }

    @Test func `each of the six queries has its own, and others have none`() throws {
        let store = try TemporaryStore()
        let id = TagValue(target.id.hex)
        let person = TagValue(TestAuthor.key(50).hex)
        let address = TagValue("30023:\(TestAuthor.key(51).hex):x")
        try store.put(
            .unsigned(7, by: 1, [["e", id]]), .unsigned(6, by: 2, [["e", id]]),
            .unsigned(1, by: 3, [["e", id]]),
            .unsigned(1, by: 4, [["q", id], ["q", address]]),
            .unsigned(1111, by: 5, [["q", id], ["E", id]]),
            .unsigned(3, by: 6, [["p", person], ["p", person]]), .unsigned(1, by: 7, [["p", person]]))
        func authors(_ kinds: [Kind], _ letter: Character, _ value: TagValue) throws -> [Int]? {
            let filter = Filter(kinds: kinds, tags: [letter: [value]])
            guard let sketch = try answer(store, filter).authors else { return nil }
            let offset = CountedTarget(value.bytes.span).offset
            return (0..<9).filter { author in
                let (index, value) = HyperLogLog.register(of: TestAuthor.key(author), offset: offset)
                return sketch.registers[Int(index)] == value
            }
        }
        #expect(try authors([7], "e", id) == [1])
        #expect(try authors([6], "e", id) == [2])
        #expect(try authors([1], "e", id) == [3])
        #expect(try authors([1, 1111], "q", id) == [4, 5])
        #expect(try authors([1, 1111], "q", address) == [4])
        #expect(try authors([1111], "E", id) == [5])
        #expect(try authors([3], "p", person) == [6])
        for (kinds, letter) in [([1], "q"), ([1, 7], "e"), ([7], "p"), ([1111], "e")] as [([Kind], Character)]
        {
            #expect(try authors(kinds, letter, id) == nil, "\(kinds) #\(letter)")
        }
        for change in [
            { $0.since = Timestamp(1) }, { $0.until = Timestamp(9) }, { $0.authors = [TestAuthor.key(1)] },
            { $0.tags[0].values.append("x") },
        ] as [(inout Filter) -> Void] {
            var filter = query
            change(&filter)
            #expect(try answer(store, filter).authors == nil, "\(filter.canonicalJSON)")
        }
        #expect(try answer(store, query, query).authors == nil)
    }

    @Test func `who is hidden from a reader is not told in a sum`() throws {
        let store = try TemporaryStore()
        try store.put(reactions(0..<3))
        let scope = ReadScope(guardedKinds: [7], keys: [TestAuthor.key(1)])
        var count = StoredCount(filters: [query], now: Timestamp(1_700_000_000), scope: scope)
        while try count.readPage(of: store.store, budget: .unlimited) == .more {}
        #expect(count.answer == 1)
    }

    @Test func `what was removed still counts in the sum, not in the number`() throws {
        let store = try TemporaryStore()
        let events = reactions(0..<3)
        try store.put(events)
        try store.put(.unsigned(5, at: 9000, by: 0, [events[0].idTag]))
        #expect(try answer(store, query) == CountAnswer(2, authors: expected(0..<3)))
        #expect(try store.store.check().faults == [])
    }

    @Test func `an older store is counted in steps, and says nothing before it is done`() throws {
        let store = try TemporaryStore {
            $0.trees = []
            $0.groups = nil
        }
        try store.putTogether(reactions(0..<200))
        try DerivedTableTests.age(store)
        try store.reopen()
        #expect(try answer(store, query) == 200)
        var steps = 0
        while try store.write({ writer throws(StoreError) in try writer.buildDerived(limit: 30) }).0 {
            steps += 1
            #expect(try answer(store, query) == CountAnswer(200 + steps - 1))
            // What is written meanwhile is met at the end.
            try store.put(reactions((200 + steps - 1)..<(200 + steps)))
            #expect(try store.store.check().faults == [])
        }
        #expect(steps > 3)
        #expect(try answer(store, query) == CountAnswer(200 + steps, authors: expected(0..<(200 + steps))))
        #expect(try store.store.check().faults == [])
    }

    @Test func `where much was removed the sums are made anew at the next start`() throws {
        let store = try TemporaryStore()
        let events = reactions(0..<1_200)
        try store.putTogether(events)
        try store.write { writer throws(StoreError) in
            for event in events[100...] { _ = try writer.remove(event.id, reason: .operator) }
        }
        #expect(try answer(store, query).authors == expected(0..<1_200))
        try store.reopen()
        #expect(try answer(store, query) == 100)
        _ = try DerivedTableTests.build(store, by: 50)
        #expect(try answer(store, query) == CountAnswer(100, authors: expected(0..<100)))
    }

    @Test func `a sum that lacks somebody is found`() throws {
        let store = try TemporaryStore()
        try store.put(reactions(0..<3))
        try store.write { writer throws(StoreError) in
            let (transaction, schema) = (writer.view.transaction, writer.view.schema)
            if let table = schema[.sketch] { try transaction.empty(table) }
        }
        #expect(try store.store.check().faults.contains { $0.hasSuffix("it is not counted") })
    }
}

extension BorrowedTransaction {
    func empty(_ table: Table) throws(StoreError) {
        try LMDBResult.check(mdb_drop(pointer, table.handle, 0), "empty a table")
    }
}
