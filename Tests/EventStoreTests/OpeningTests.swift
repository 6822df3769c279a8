// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

@Suite struct OpeningTests {
    @Test func `one process writes, others read`() throws {
        let store = try TemporaryStore()
        let event = Event.unsigned(1)
        try store.put(event)
        #expect(throws: StoreError.locked(path: store.options.path)) {
            _ = try EventStore.open(store.options).store
        }
        let reader = try EventStore.openReadOnly(store.options)
        #expect(try reader.contains(event.id))
        #expect(reader.latest == CommitSequence(rawValue: 1))
        try store.put(.unsigned(1, at: 1))
        #expect(reader.latest == CommitSequence(rawValue: 2))
        #expect(try reader.count([Filter()], now: Timestamp(5)) == 2)
        store.close()
        try store.reopen()
        #expect(try store.store.contains(event.id))
    }

    @Test func `the lock is held until the file is closed, whoever still uses it`() throws {
        let store = try TemporaryStore()
        try store.put(.unsigned(1))
        var environment: Environment? = store.store.environment
        store.close()
        #expect(throws: StoreError.locked(path: store.options.path)) {
            _ = try EventStore.open(store.options).store
        }
        _ = try environment?.extent()
        environment = nil
        try store.reopen()
    }

    @Test func `a directory without a store has nothing to read`() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: StoreError.self) {
            _ = try EventStore.openReadOnly(StoreOptions(path: directory.path))
        }
    }

    @Test func `a newer format is refused in a clear sentence`() throws {
        let store = try TemporaryStore()
        try store.put(.unsigned(1))
        let schema = store.store.schema
        try store.write { writer throws(StoreError) in
            var row = Key()
            row.append(UInt32(7))
            try writer.view.transaction.put(schema.meta, StoreFormat.formatKey.span, row.span)
        }
        let expected = StoreError.wrongFormat(
            "the store has format 7, written by a newer version; this one reads format 1")
        #expect(throws: expected) { try store.reopen() }
        #expect(throws: expected) { _ = try EventStore.openReadOnly(store.options) }
        #expect(
            expected.description
                == "store: the store has format 7, written by a newer version; this one reads format 1")
    }

    @Test func `a record of a later encoding is refused, not misread`() throws {
        let store = try TemporaryStore()
        let event = Event.unsigned(1)
        try store.put(event)
        let schema = store.store.schema
        try store.write { writer throws(StoreError) in
            let row = [UInt8](repeating: 9, count: 300)
            try writer.view.transaction.put(schema.event, Key(serial: Serial(rawValue: 1)).span, row.span)
        }
        #expect(throws: StoreError.wrongFormat("a record of encoding 9 needs a newer version")) {
            _ = try store.store.event(event.id)
        }
    }

    @Test func `a file that is no store is refused`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(String(repeating: "not a store ", count: 2000), to: "data.mdb")
        #expect(throws: StoreError.self) { _ = try EventStore.open(StoreOptions(path: directory.path)).store }
    }

    @Test func `a file that was cut off is found out at opening`() throws {
        let store = try TemporaryStore()
        try store.putTogether(
            (0..<500).map { .unsigned(1, at: Int64($0), [["t", "x"]], String(repeating: "x", count: 900)) })
        let data = store.store.directory.dataFile
        store.close()
        let size = try StoreDirectory(reading: store.options.path).fileBytes()
        try StoreDirectory(reading: store.options.path).setFileBytes(size / 2)
        #expect(throws: StoreError.self) { try store.reopen() }
        #expect(throws: StoreError.self) { _ = try EventStore.openReadOnly(store.options) }
        // What is left is left as it was.
        #expect(try StoreDirectory(reading: store.options.path).fileBytes() == size / 2, "\(data)")
    }

    @Test func `a reader waits once for a writer that is lengthening the file`() throws {
        let store = try TemporaryStore()
        try store.putTogether((0..<200).map { .unsigned(1, at: Int64($0), [], "\($0)") })
        let directory = try StoreDirectory(reading: store.options.path)
        let size = try directory.fileBytes()
        try directory.setFileBytes(size - 4096)
        var pauses = 0
        #expect(throws: StoreError.self) {
            _ = try EventStore.openReadOnly(store.options) { pauses += 1 }
        }
        #expect(pauses == 1)
        store.close()
        _ = try EventStore.openReadOnly(store.options) { try? directory.setFileBytes(size) }
    }

    @Test func `side tables are rows in the order of their keys, in the same transaction`() throws {
        let table = SideTable("sync_cursor")
        let store = try TemporaryStore { $0.sideTables = [table] }
        let event = Event.unsigned(1)
        try store.write { writer throws(StoreError) in
            _ = try writer.put(event)
            for byte: UInt8 in [3, 1, 2] { try writer.put(SideWrite(table, key: [7, byte], value: [byte])) }
            try writer.put(SideWrite(table, key: [8], value: []))
            #expect(try writer.side(table, key: [7, 3]) == [3])
        }
        try store.write { writer throws(StoreError) in
            try writer.put(SideWrite(table, key: [7, 2], value: nil))
        }
        try store.reopen()
        let rows = try store.store.sideRows(table, prefix: [7], limit: 9)
        #expect(rows.map(\.key) == [[7, 1], [7, 3]] && rows.map(\.value) == [[1], [3]])
        #expect(
            try store.store.sideRows(table, prefix: [7], after: [7, 1], limit: 9).map(\.key) == [[7, 3]])
        #expect(try store.store.sideRows(table, limit: 9).count == 3)
        #expect(try store.store.side(table, key: [8]) == [])
        #expect(throws: StoreError.self) { _ = try store.store.side(SideTable("other"), key: [1]) }
        #expect(throws: StoreError.self) { try store.reopen { $0.sideTables = [SideTable("../x")] } }
    }
}
