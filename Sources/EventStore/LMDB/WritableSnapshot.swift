// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB

/// An open transaction that can be written to.
protocol WritableSnapshot: Snapshot, ~Copyable {}

extension WritableSnapshot where Self: ~Copyable {
    func put(_ table: Table, _ key: Span<UInt8>, _ value: Span<UInt8>) throws(StoreError) {
        let code = key.withUnsafeBufferPointer { keyBytes in
            value.withUnsafeBufferPointer { valueBytes in
                var name = MDB_val(keyBytes)
                var row = MDB_val(valueBytes)
                return mdb_put(pointer, table.handle, &name, &row, 0)
            }
        }
        try LMDBResult.check(code, "write")
    }

    /// Takes every row out of a table.
    func empty(_ table: Table) throws(StoreError) {
        try LMDBResult.check(mdb_drop(pointer, table.handle, 0), "empty a table")
    }

    /// Adds a row behind the last one, its value in two pieces.
    func append(
        _ table: Table, _ key: Span<UInt8>, _ head: Span<UInt8>, _ body: Span<UInt8>
    ) throws(StoreError) {
        var row = MDB_val(mv_size: head.count + body.count, mv_data: nil)
        let code = key.withUnsafeBufferPointer { bytes in
            var name = MDB_val(bytes)
            return mdb_put(pointer, table.handle, &name, &row, UInt32(MDB_APPEND | MDB_RESERVE))
        }
        try LMDBResult.check(code, "append")
        guard let room = row.mv_data else { throw .corrupt("no room reserved") }
        head.copy(to: room)
        body.copy(to: room + head.count)
    }

    /// - Returns: whether there was such a row.
    @discardableResult
    func delete(_ table: Table, _ key: Span<UInt8>) throws(StoreError) -> Bool {
        let code = key.withUnsafeBufferPointer { bytes in
            var name = MDB_val(bytes)
            return mdb_del(pointer, table.handle, &name, nil)
        }
        if code == MDB_NOTFOUND { return false }
        try LMDBResult.check(code, "delete")
        return true
    }
}

extension Span<UInt8> {
    @inline(__always)
    fileprivate func copy(to room: UnsafeMutableRawPointer) {
        withUnsafeBytes {
            if let start = $0.baseAddress { room.copyMemory(from: start, byteCount: $0.count) }
        }
    }
}

/// A transaction that somebody else holds open and ends.
struct BorrowedTransaction: WritableSnapshot {
    let pointer: OpaquePointer

    init(_ transaction: borrowing WriteTransaction) { pointer = transaction.pointer }
}
