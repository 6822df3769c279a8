// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB
import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

/// Tables that follow from others: made when missing, filled in steps, and looked after by `check`.
@Suite struct DerivedTableTests {
    /// Turns a store into one of a version that knows no derived tables.
    static func age(_ store: TemporaryStore) throws {
        try store.write { writer throws(StoreError) in
            let (transaction, schema) = (writer.view.transaction, writer.view.schema)
            for derived in DerivedTable.allCases {
                try transaction.delete(schema.meta, derived.builtKey.span)
                if let table = schema[derived] { try transaction.drop(table) }
            }
            try transaction.delete(schema.meta, StoreFormat.keptKey.span)
        }
        store.close()
    }

    /// Takes steps until nothing is left to be filled.
    static func build(_ store: TemporaryStore, by rows: Int) throws -> Int {
        var steps = 1
        while try store.write({ writer throws(StoreError) in try writer.buildDerived(limit: rows) }).0 {
            steps += 1
            #expect(try store.store.check().faults == [], "after step \(steps)")
        }
        return steps
    }

    @Test func `a fresh store has them whole`() throws {
        let store = try TemporaryStore()
        #expect(try Self.build(store, by: 1) == 1)
        try store.put(.unsigned(1))
        try store.reopen()
        #expect(try Self.build(store, by: 1) == 1)
    }

    @Test func `an older store opens without loss, and its tables are filled in steps`() throws {
        let store = try TemporaryStore()
        let notes = (0..<20).map { Event.unsigned(1, at: 1000 + $0, by: Int($0 % 4)) }
        try store.put(notes)
        for author in 0..<3 {
            try store.write { writer throws(StoreError) in
                _ = try writer.put(.unsigned(62, at: 1005, by: author))
                try writer.vanish(TestAuthor.key(author), upTo: Timestamp(1005))
                while try writer.sweepVanished(limit: 9) {}
            }
        }
        let before = try store.all().map(\.id)
        try Self.age(store)
        try store.reopen()
        #expect(try store.all().map(\.id) == before)
        #expect(try Self.build(store, by: 2) > 1)
        try store.write { writer throws(StoreError) in while try writer.sweepVanished(limit: 9) {} }
        #expect(try store.all().map(\.id) == before)
        #expect(try store.store.check().faults == [])
    }

    @Test func `a reader opens a store that lacks them`() throws {
        let store = try TemporaryStore()
        try store.put(.unsigned(1))
        try Self.age(store)
        let reader = try EventStore.openReadOnly(store.options)
        #expect(try reader.count([Filter()], now: Timestamp(5)) == 1)
        #expect(try reader.check().faults == [])
    }

    @Test func `what another version wrote meanwhile has them filled anew`() throws {
        let store = try TemporaryStore()
        try store.put(.unsigned(1))
        try store.write { writer throws(StoreError) in
            try writer.vanish(TestAuthor.key(3), upTo: Timestamp(5))
            while try writer.sweepVanished(limit: 9) {}
            // As if a commit had come without its mark.
            let (transaction, schema) = (writer.view.transaction, writer.view.schema)
            try transaction.put(schema.meta, StoreFormat.keptKey.span, Key(UInt64(0)).span)
        }
        try store.reopen()
        let state = try store.store.read { snapshot throws(StoreError) in
            try snapshot.buildState(.vanishing, store.store.schema)
        }
        #expect(state == .nothing)
        #expect(try Self.build(store, by: 9) == 1)
        #expect(try store.store.statistics.rows["vanishing"] == 1)
    }

    @Test func `a key that vanishes without having asked is found`() throws {
        let store = try TemporaryStore()
        try store.write { writer throws(StoreError) in
            let (transaction, schema) = (writer.view.transaction, writer.view.schema)
            guard let table = schema[.vanishing] else { return }
            let key = Tombstones(maker: writer.view.maker).key(TestAuthor.key(3))
            try transaction.put(table, key.span, VanishingRow(upTo: Timestamp(3)).row.span)
        }
        #expect(try store.store.check().faults.contains { $0.hasPrefix("vanishing:") })
    }
}

extension BorrowedTransaction {
    /// Deletes a table with everything in it.
    func drop(_ table: Table) throws(StoreError) {
        try LMDBResult.check(mdb_drop(pointer, table.handle, 1), "drop a table")
    }
}
