// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB

/// The one writing transaction of the file: aborted unless committed.
struct WriteTransaction: ~Copyable, WritableSnapshot {
    let pointer: OpaquePointer
    /// The file stays open as long as this: whoever opened it may have used it for the last time.
    private let environment: Unmanaged<Environment>

    init(_ environment: Environment) throws(StoreError) {
        var fresh: OpaquePointer?
        try LMDBResult.check(mdb_txn_begin(environment.pointer, nil, 0, &fresh), "begin a write")
        guard let fresh else { throw .corrupt("no transaction") }
        pointer = fresh
        self.environment = .passRetained(environment)
    }

    deinit {
        mdb_txn_abort(pointer)
        environment.release()
    }

    /// Ends the transaction with everything in it done, on disk where the environment is synced.
    consuming func commit() throws(StoreError) {
        let (pointer, environment) = (self.pointer, self.environment)
        discard self
        defer { environment.release() }
        let file = mdb_txn_env(pointer)
        let code = mdb_txn_commit(pointer)
        if code != MDB_SUCCESS {
            throw LMDBResult.error(code, "commit", freeBytes: Environment.freeBytesOfDisk(file))
        }
    }

    /// Whether the file has a table.
    func has(_ name: String) throws(StoreError) -> Bool {
        var handle: MDB_dbi = 0
        let code = mdb_dbi_open(pointer, name, 0, &handle)
        if code == MDB_NOTFOUND { return false }
        try LMDBResult.check(code, "open a table")
        return true
    }

    /// A table of the file, made when it is missing.
    func make(_ name: String) throws(StoreError) -> Table {
        var handle: MDB_dbi = 0
        try LMDBResult.check(mdb_dbi_open(pointer, name, UInt32(MDB_CREATE), &handle), "make a table")
        return Table(handle: handle)
    }
}
