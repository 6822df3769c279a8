// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB

/// A place in a table of an open transaction.
struct Cursor: ~Copyable, ~Escapable {
    private let pointer: OpaquePointer
    private var keyBytes = MDB_val()
    private var valueBytes = MDB_val()

    @_lifetime(borrow transaction)
    init(_ transaction: borrowing some Snapshot & ~Copyable, _ table: Table) throws(StoreError) {
        var fresh: OpaquePointer?
        try LMDBResult.check(mdb_cursor_open(transaction.pointer, table.handle, &fresh), "open a cursor")
        guard let fresh else { throw .corrupt("no cursor") }
        pointer = fresh
    }

    deinit { mdb_cursor_close(pointer) }

    /// Moves to the first key that is not below `key`; `false` at the table's end.
    @_lifetime(self: copy self)
    mutating func seek(_ key: Span<UInt8>) throws(StoreError) -> Bool {
        let place = Self.call(pointer, key) { mdb_cursor_get($0, &$1.key, &$1.value, MDB_SET_RANGE) }
        return try arrive(place)
    }

    /// Moves to the following key; to the first when the cursor has no place yet.
    @_lifetime(self: copy self)
    mutating func next() throws(StoreError) -> Bool { try arrive(Self.move(pointer, MDB_NEXT)) }

    /// Moves to the key before; `false` at the table's beginning.
    @_lifetime(self: copy self)
    mutating func previous() throws(StoreError) -> Bool { try arrive(Self.move(pointer, MDB_PREV)) }

    /// Moves to the last key.
    @_lifetime(self: copy self)
    mutating func last() throws(StoreError) -> Bool { try arrive(Self.move(pointer, MDB_LAST)) }

    /// The key at this place.
    var key: Span<UInt8> {
        @_lifetime(borrow self) get { _overrideLifetime(keyBytes.span, borrowing: self) }
    }

    /// The value at this place.
    var value: Span<UInt8> {
        @_lifetime(borrow self) get { _overrideLifetime(valueBytes.span, borrowing: self) }
    }

    /// What a call left behind.
    private struct Place {
        var code: Int32 = MDB_SUCCESS
        var key = MDB_val()
        var value = MDB_val()
    }

    @inline(__always)
    private static func move(_ pointer: OpaquePointer, _ operation: MDB_cursor_op) -> Place {
        var place = Place()
        place.code = mdb_cursor_get(pointer, &place.key, &place.value, operation)
        return place
    }

    @inline(__always)
    private static func call(
        _ pointer: OpaquePointer, _ key: Span<UInt8>,
        _ function: (OpaquePointer, inout Place) -> Int32
    ) -> Place {
        key.withUnsafeBufferPointer { bytes in
            var place = Place(key: MDB_val(bytes), value: MDB_val())
            place.code = function(pointer, &place)
            return place
        }
    }

    @inline(__always) @_lifetime(self: copy self)
    private mutating func arrive(_ place: Place) throws(StoreError) -> Bool {
        if place.code == MDB_NOTFOUND { return false }
        try LMDBResult.check(place.code, "read on")
        keyBytes = place.key
        valueBytes = place.value
        return true
    }
}

// MARK: - Writing

extension Cursor {
    /// Writes a row that is all key; the cursor moves to it.
    func put(_ key: Span<UInt8>) throws(StoreError) {
        let place = Self.call(pointer, key) { mdb_cursor_put($0, &$1.key, &$1.value, 0) }
        try LMDBResult.check(place.code, "write an entry")
    }

    /// Writes another value of the same length into the row where the cursor is.
    ///
    /// - Parameter key: the row's.
    func overwrite(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(StoreError) {
        let code = value.withUnsafeBufferPointer { bytes in
            Self.call(pointer, key) { pointer, place in
                place.value = MDB_val(bytes)
                return mdb_cursor_put(pointer, &place.key, &place.value, UInt32(MDB_CURRENT))
            }.code
        }
        try LMDBResult.check(code, "overwrite")
    }

    /// Deletes the row at exactly `key`; `false` when there is none.
    func delete(_ key: Span<UInt8>) throws(StoreError) -> Bool {
        let place = Self.call(pointer, key) { mdb_cursor_get($0, &$1.key, &$1.value, MDB_SET) }
        if place.code == MDB_NOTFOUND { return false }
        try LMDBResult.check(place.code, "find an entry")
        try LMDBResult.check(mdb_cursor_del(pointer, 0), "delete an entry")
        return true
    }
}
