// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB

/// An open transaction: one state of the whole file. Bytes read from it cannot outlive it.
protocol Snapshot: ~Copyable {
    var pointer: OpaquePointer { get }
}

extension Snapshot where Self: ~Copyable {
    /// The value at a key, where it lies in the map.
    @_lifetime(borrow self)
    func value(_ table: Table, _ key: Span<UInt8>) throws(StoreError) -> Span<UInt8>? {
        var found = MDB_val()
        let code = key.withUnsafeBufferPointer { bytes in
            var name = MDB_val(bytes)
            return mdb_get(pointer, table.handle, &name, &found)
        }
        if code == MDB_NOTFOUND { return nil }
        try LMDBResult.check(code, "read")
        return _overrideLifetime(found.span, borrowing: self)
    }

    func hasValue(_ table: Table, _ key: Span<UInt8>) throws(StoreError) -> Bool {
        try value(table, key) != nil
    }

    /// How many rows a table has.
    func rows(_ table: Table) throws(StoreError) -> Int {
        var stat = MDB_stat()
        try LMDBResult.check(mdb_stat(pointer, table.handle, &stat), "stat")
        return stat.ms_entries
    }

    /// **Bytes** of the pages that a table has.
    func bytes(of table: Table) throws(StoreError) -> Int {
        var stat = MDB_stat()
        try LMDBResult.check(mdb_stat(pointer, table.handle, &stat), "stat")
        return (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) * Int(stat.ms_psize)
    }
}

extension MDB_val {
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// Valid as long as the transaction that it came from; callers tie it to that.
    @inline(__always)
    var span: Span<UInt8> {
        @_lifetime(immortal) get {
            let bytes = UnsafeBufferPointer(
                start: mv_data?.assumingMemoryBound(to: UInt8.self), count: mv_data == nil ? 0 : mv_size)
            return _overrideLifetime(Span(_unsafeElements: bytes), copying: ())
        }
    }
}
