// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

@Suite struct LookupTests {
    private let now = Timestamp(1_700_000_000)

    @Test(arguments: [0, 1, 255, 256, 511, 512, 1024, 100_000])
    func `a tag value of any length is found, and not its neighbour`(_ length: Int) throws {
        let store = try TemporaryStore()
        let value = TagValue(String(repeating: "v", count: length))
        let event = Event.unsigned(1, [["t", value]])
        #expect(
            try store.put(event, .unsigned(1, [["t", TagValue(value.string + "w")]])) == [.stored, .stored])
        for filter in [Filter(tags: ["t": [value]]), Filter(kinds: [1], tags: ["t": [value]])] {
            #expect(try store.store.events(matching: [filter], now: now).map(\.id) == [event.id])
        }
    }

    @Test func `upper and lower case letters are different tags, and longer names are none`() throws {
        let store = try TemporaryStore()
        let event = Event.unsigned(1, [["T", "x"], ["ab", "y"], ["t", "first", "second"], ["p"]])
        try store.put(event)
        func count(_ letter: Character, _ value: TagValue) throws -> Int {
            try store.store.count([Filter(tags: [letter: [value]])], now: now)
        }
        #expect(try count("T", "x") == 1 && count("t", "x") == 0)
        #expect(try count("t", "first") == 1 && count("t", "second") == 0)
        #expect(try count("a", "y") == 0 && count("p", "") == 0)
    }

    @Test func `escaped values are found by what they say`() throws {
        let store = try TemporaryStore()
        let value: TagValue = "a \"quoted\"\n\\line\u{1}"
        try store.put(.unsigned(30617, [["d", value], ["t", value]]))
        let address = EventAddress(kind: 30617, pubkey: TestAuthor.key(0), identifier: value)
        #expect(try store.store.event(at: address) != nil)
        #expect(
            try store.store.count([Filter(kinds: [30617], tags: ["d": [value], "t": [value]])], now: now) == 1
        )
    }

    @Test func `known ids are told in order`() throws {
        let store = try TemporaryStore()
        let (a, b) = (Event.unsigned(1), Event.unsigned(2))
        try store.put(a)
        #expect(try store.store.known([b.id, a.id, a.id], now: .epoch) == [.unknown, .stored, .stored])
        #expect(try store.store.event(a.id) == a)
        #expect(try store.store.event(b.id) == nil)
    }

    @Test func `a record gives back every byte and every offset`() throws {
        let store = try TemporaryStore()
        for created: Int64 in [0, 9, 10, 1_700_000_000, .max] {
            for kind: Kind in [0, 9, 10, 65535] {
                let event = Event.unsigned(kind, at: created, [["e", "x\n"], []], "text \"\\\n")
                try store.put(event)
                let read = try store.store.event(event.id)
                #expect(read == event && read?.layout == event.layout)
            }
        }
        #expect(try store.store.check().faults == [])
    }

    @Test func `being named by what anyone may leave here proves nothing`() throws {
        let store = try TemporaryStore()
        let target = Event.unsigned(1)
        let address = EventAddress(kind: 30617, pubkey: TestAuthor.key(1), identifier: "repo")
        try store.put(.unsigned(5, [target.idTag, ["a", address.text]]), .unsigned(10002, [target.idTag]))
        let kinds: [Kind] = [5, 10002]
        func isNamed(ignoring kinds: [Kind]) throws -> [Bool] {
            try store.write { writer throws(StoreError) in
                [
                    try writer.view.isReferenced(target.id, ignoring: kinds),
                    try writer.view.isReferenced(address, ignoring: kinds),
                ]
            }.0
        }
        #expect(try isNamed(ignoring: kinds) == [false, false])
        #expect(try isNamed(ignoring: []) == [true, true])
        try store.put(
            .unsigned(1621, [["q", address.text]]), .unsigned(1, [["E", TagValue(target.id.hex)]]))
        #expect(try isNamed(ignoring: kinds) == [true, true])
    }

    @Test func `only the first tags that name others count`() throws {
        let store = try TemporaryStore()
        let target = Event.unsigned(1)
        let naming = Event.unsigned(1111, [["p", "x"], ["e", "y"], ["q", "z"], target.idTag])
        try store.write { writer throws(StoreError) in
            _ = try writer.put(naming)
            for isFlushed in [false, true] {
                if isFlushed { try writer.view.flush() }
                #expect(try !writer.view.isReferenced(target.id, within: 2))
                #expect(try writer.view.isReferenced(target.id, within: 3))
            }
        }
    }

    @Test func `a look-up writes entries only when one may bear on it`() throws {
        let store = try TemporaryStore()
        try store.write { writer throws(StoreError) in
            _ = try writer.put(.unsigned(30617, [["d", "one"]]))
            _ = try writer.put(.unsigned(30618, [["d", "two"]]))
            let pending = writer.view.batch.count
            for name: TagValue in ["two", "three"] {
                let filter = Filter(kinds: [30617], tags: ["d": [name]])
                #expect(try writer.events(matching: filter, limit: 9).isEmpty)
                #expect(writer.view.batch.count == pending)
            }
            let filter = Filter(kinds: [30617], tags: ["d": ["one"]])
            #expect(try writer.events(matching: filter, limit: 9).count == 1)
            #expect(writer.view.batch.count == 0)
        }
    }

    @Test func `a transaction sees what it did itself`() throws {
        let store = try TemporaryStore()
        let target = Event.unsigned(1)
        let naming = Event.unsigned(1111, [target.idTag])
        let article = Event.unsigned(30023, [["d", "x"]])
        let address = EventAddress(kind: 30023, pubkey: article.pubkey, identifier: "x")
        try store.write { writer throws(StoreError) in
            #expect(try !writer.view.isReferenced(target.id))
            _ = try writer.put(naming)
            _ = try writer.put(article)
            #expect(try writer.view.isReferenced(target.id))
            #expect(try writer.contains(naming.id))
            #expect(try !writer.contains(target.id))
            #expect(try writer.event(at: address)?.id == article.id)
            let filter = Filter(tags: ["e": [TagValue(target.id.hex)]])
            #expect(try writer.events(matching: filter, limit: 9).map(\.id) == [naming.id])
            #expect(try writer.put(naming) == .duplicate)
            #expect(try writer.remove(naming.id, reason: .operator))
            #expect(try !writer.view.isReferenced(target.id))
            #expect(try !writer.contains(naming.id))
        }
        #expect(try store.store.check().faults == [])
    }

    @Test func `a transaction that fails leaves nothing`() throws {
        let store = try TemporaryStore()
        let event = Event.unsigned(1)
        #expect(throws: StoreError.misuse("enough")) {
            try store.write { writer throws(StoreError) in
                _ = try writer.put(event)
                throw .misuse("enough")
            }
        }
        #expect(try !store.store.contains(event.id))
        #expect(try store.put(event) == [.stored])
        #expect(try store.store.check().faults == [])
    }

    @Test func `what cannot be stored is refused in words`() throws {
        let store = try TemporaryStore { $0.limits.eventBytes = 1000 }
        let outcomes = try store.put(.unsigned(20001), .unsigned(1, [], String(repeating: "x", count: 1000)))
        #expect(
            outcomes == [
                .unindexable("ephemeral events are not stored"), .unindexable("longer than 1000 bytes"),
            ])
    }
}
