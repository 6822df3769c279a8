// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

@Suite struct IntegrityTests {
    private func filled() throws -> TemporaryStore {
        let store = try TemporaryStore()
        let tags: [NostrCore.Tag] = [["t", "x"], ["expiration", "1099511627776"]]
        try store.putTogether((0..<20).map { .unsigned(1, at: 1000 + Int64($0), tags) })
        try store.put(.unsigned(5, at: 2000, [["e", TagValue(String(repeating: "0", count: 64))]]))
        return store
    }

    private func damage(
        _ store: TemporaryStore, _ change: (BorrowedTransaction, StoreSchema) throws(StoreError) -> Void
    ) throws {
        let schema = store.store.schema
        try store.write { writer throws(StoreError) in try change(writer.view.transaction, schema) }
    }

    @Test func `a sound store is sound, and every entry was followed`() throws {
        var last = (0, 0)
        let report = try filled().store.check { done, all in
            last = (done, all)
            return true
        }
        #expect(report.isSound && report.isComplete && report.events == 21)
        #expect(report.entries["tag"] == 21 && report.entries["expiry"] == 20 && report.entries["log"] == 2)
        #expect(last.0 == last.1 && last.0 > 21 * 5)
    }

    @Test func `rows that an older version did not pack stand beside those that are`() throws {
        let store = try filled()
        let id = Event.unsigned(1, at: 1002, [["t", "x"], ["expiration", "1099511627776"]]).id
        let before = try #require(try store.store.event(id))
        try damage(store) { transaction, schema throws(StoreError) in
            let header = EventRecord.header(of: before, expiration: before.expiration)
            let row = header.span.withUnsafeBufferPointer { Array($0) } + before.json
            try transaction.put(schema.event, Key(serial: Serial(rawValue: 3)).span, row.span)
        }
        #expect(try store.store.event(id) == before)
        #expect(try store.store.check().isSound)
    }

    @Test(arguments: IndexTable.allCases)
    func `a missing entry and one that leads nowhere are found`(_ index: IndexTable) throws {
        let store = try filled()
        try damage(store) { transaction, schema throws(StoreError) in
            var cursor = try Cursor(transaction, schema[index])
            if try cursor.next() {
                let key = cursor.key.withUnsafeBufferPointer { Array($0) }
                try transaction.delete(schema[index], key.span)
            } else {
                // No such entry in this store: one too many, then.
                try transaction.put(
                    schema[index], [UInt8](repeating: 1, count: index.keyBytes).span, Key().span)
            }
        }
        #expect(try !store.store.check().isSound, "\(index)")
        let second = try filled()
        try damage(second) { transaction, schema throws(StoreError) in
            try transaction.put(schema[index], [UInt8](repeating: 1, count: index.keyBytes).span, Key().span)
        }
        let report = try second.store.check()
        #expect(report.faults.contains { $0.hasPrefix("\(index.name): an entry leads") }, "\(report.faults)")
    }

    @Test func `a flipped byte in a record is found`() throws {
        let store = try filled()
        try damage(store) { transaction, schema throws(StoreError) in
            let key = Key(serial: Serial(rawValue: 3))
            guard
                var row = try transaction.value(schema.event, key.span)?.withUnsafeBufferPointer({ Array($0) }
                )
            else {
                return
            }
            // One of its key.
            row[16 + PackedEvent.pubkey + 5] ^= 1
            try transaction.put(schema.event, key.span, row.span)
        }
        #expect(try store.store.check().faultCount > 0)
    }

    @Test func `missing tombstones, logs and counts are found`() throws {
        let store = try filled()
        try damage(store) { transaction, schema throws(StoreError) in
            var cursor = try Cursor(transaction, schema.goneIDs)
            guard try cursor.next() else { return }
            let key = cursor.key.withUnsafeBufferPointer { Array($0) }
            try transaction.delete(schema.goneIDs, key.span)
            try transaction.delete(schema.log, Key(UInt64(2)).span)
        }
        let faults = try store.store.check().faults
        #expect(
            faults.contains { $0.contains("no tombstone") }
                && faults.contains { $0.hasPrefix("log: it ends") })
    }

    @Test func `the walk can be stopped`() throws {
        let store = try TemporaryStore()
        try store.putTogether((0..<3000).map { .unsigned(1, at: Int64($0)) })
        let report = try store.store.check { _, _ in false }
        #expect(!report.isComplete && report.isSound)
    }
}
