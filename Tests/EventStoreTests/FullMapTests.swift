// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

@Suite struct FullMapTests {
    private func batch(_ number: Int) -> [Event] {
        (0..<50).map {
            .unsigned(
                1, at: Int64(number * 50 + $0), [["t", "x"], ["e", "y"]], String(repeating: "x", count: 2000))
        }
    }

    @Test func `a full map refuses, reads on, and takes events again when there is room`() throws {
        let store = try TemporaryStore { $0.mapSize = 2 << 20 }
        var stored: [Event] = []
        var failure: StoreError?
        for number in 0..<100 where failure == nil {
            let events = batch(number)
            do throws(StoreError) {
                try store.write { writer throws(StoreError) in
                    for event in events { _ = try writer.put(event) }
                }
                stored += events
            } catch {
                failure = error
            }
        }
        guard case .full = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        // Nothing of the refused batch is there; everything before it is.
        #expect(try store.all().map(\.id) == stored.map(\.id).reversed())
        #expect(try store.store.check().faults == [])
        for event in stored.prefix(stored.count / 2) {
            try store.write { writer throws(StoreError) in
                #expect(try writer.remove(event.id, reason: .operator))
            }
        }
        for number in 200..<203 { #expect(try store.putTogether(batch(number)).allSatisfy { $0 == .stored }) }
        #expect(try store.store.check().faults == [])
    }

    @Test func `a full store still takes what makes room`() throws {
        let rows = SideTable("rows")
        let store = try TemporaryStore {
            $0.mapSize = 4 << 20
            $0.sideTables = [rows]
        }
        let row = SideWrite(rows, key: [1], value: [UInt8](repeating: 1, count: 3_000))
        try store.write { writer throws(StoreError) in try writer.put(row) }
        var events: [Event] = []
        var failure: StoreError?
        for number in 0..<2_000 where failure == nil {
            let size = number % 3 == 0 ? 9_000 : 200
            let end: TagValue = number % 10 == 1 ? "1700000500" : "1800000000"
            let event = Event.unsigned(
                1, at: Int64(number), [["expiration", end]], String(repeating: "x", count: size))
            do throws(StoreError) {
                try store.write { writer throws(StoreError) in _ = try writer.put(event) }
                events.append(event)
            } catch {
                failure = error
            }
        }
        let kept = StoreError.full(
            operation: "add to the store", reason: "what is left is kept for deletions")
        #expect(failure == kept)
        let more = Event.unsigned(1, at: 1, [], String(repeating: "y", count: 20_000))
        #expect(throws: kept) { try store.put(more) }
        let idle = Event.unsigned(5, [more.idTag], String(repeating: "y", count: 20_000))
        #expect(throws: kept) { try store.put(idle) }
        let vanish = Event.unsigned(62, at: 2_000, [], String(repeating: "y", count: 9_000))
        #expect(throws: kept, "a stranger has nothing to take away") {
            try store.put(.unsigned(62, at: 2_000, by: 5, [], String(repeating: "y", count: 20_000)))
        }
        #expect(try store.put(vanish) == [.stored])
        try store.write { writer throws(StoreError) in
            #expect(try writer.remove(vanish.id, reason: .operator))
        }
        // Sweeps, a row, and deletions, one by one.
        var swept = 0
        for _ in 0..<100 {
            swept += try store.write(at: 1_700_000_600) { writer throws(StoreError) in
                try writer.removeExpired(limit: 5)
            }.0
        }
        #expect(swept > 10 && swept == events.count { $0.expiration == Timestamp(1_700_000_500) })
        try store.write { writer throws(StoreError) in
            try writer.put(SideWrite(rows, key: [1], value: nil))
        }
        let left = try store.all()
        for event in left.prefix(40) { #expect(try store.put(.unsigned(5, [event.idTag])) == [.stored]) }
        #expect(try store.put(more) == [.stored])
        #expect(try store.store.check().faults == [])
    }

    @Test
    func `the index of words gives way before a store is full, and is made anew where there is room`()
        throws
    {
        let store = try TemporaryStore {
            $0.mapSize = 8 << 20
            $0.indexesWords = true
        }
        var random = SplitMix64(seed: 7)
        var events: [Event] = []
        var isFull = false
        while !isFull, events.count < 20_000 {
            let words = (0..<250).map { _ in "w\(Int.random(in: 0..<20_000, using: &random))" }
            let event = Event.unsigned(1, at: Int64(events.count), [], words.joined(separator: " "))
            do throws(StoreError) {
                try store.write { writer throws(StoreError) in _ = try writer.put(event) }
                events.append(event)
            } catch { isFull = true }
        }
        #expect(isFull)
        let word = try #require(events.last?.content.split(separator: " ").first)
        let search = try SearchTests.filter(TagValue(String(word)))
        #expect(throws: StoreError.self, "it has given way") { try SearchTests.find([search], in: store) }
        let gone = events.count - 50
        for start in stride(from: 0, to: gone, by: 20) {
            let tags = events[start..<min(start + 20, gone)].map(\.idTag)
            #expect(try store.put(.unsigned(5, at: 1_600_000_000, tags)) == [.stored])
        }
        #expect(try store.store.check().faults == [])
        while try store.write({ writer throws(StoreError) in try writer.buildDerived(limit: 50) }).0 {}
        #expect(try SearchTests.find([search], in: store).events.contains { $0 == events.last?.id })
        #expect(try store.store.check().faults == [])
    }

    @Test func `a write that ends short is a full disk only where there is no room`() {
        for (free, isFull) in [(0, true), (4096, true), (1 << 30, false)] {
            let error = LMDBResult.error(5, "commit", freeBytes: free)
            if case .full = error { #expect(isFull) } else { #expect(!isFull) }
        }
        if case .io = LMDBResult.error(5, "commit", freeBytes: nil) {} else { Issue.record("not told") }
    }

    @Test func `a failed write poisons its transaction only`() throws {
        let store = try TemporaryStore { $0.mapSize = 1 << 20 }
        let big = [UInt8](repeating: 1, count: 2 << 20)
        let schema = store.store.schema
        let small = Event.unsigned(1, at: 2)
        #expect(throws: StoreError.self) {
            try store.write { writer throws(StoreError) in
                try? writer.view.transaction.put(schema.meta, Key("big").span, big.span)
                _ = try writer.put(small)
            }
        }
        #expect(try !store.store.contains(small.id))
        #expect(try store.put(small) == [.stored])
        #expect(try store.store.check().faults == [])
    }

    @Test func `an event that is refused for want of room leaves its transaction as it was`() throws {
        let store = try TemporaryStore { $0.mapSize = 1 << 20 }
        let big = Event.unsigned(1, at: 1, [], String(repeating: "x", count: 2 << 20))
        let small = Event.unsigned(1, at: 2)
        try store.write { writer throws(StoreError) in
            #expect(throws: StoreError.self) { _ = try writer.put(big) }
            #expect(try writer.put(small) == .stored)
        }
        #expect(try store.all() == [small])
        #expect(try store.store.check().faults == [])
    }
}
