// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB
import Glibc
import NIOConcurrencyHelpers

/// The memory-mapped file.
///
/// `@unchecked Sendable`: LMDB lets threads share an environment; with `MDB_NOTLS` a read transaction may
/// move between them too. What this class adds, the transactions at rest, is behind a lock.
final class Environment: @unchecked Sendable {
    let pointer: OpaquePointer
    let isReadOnly: Bool
    /// Let go of after the environment is closed, which clears every reader's slot of this process: nobody else may have
    /// opened the file by then.
    private let directory: StoreDirectory
    /// Read transactions that were reset: taking one up again costs no reader slot.
    private let resting = NIOLockedValueBox<[Resting]>([])
    private let restingMax = 64

    /// `@unchecked Sendable`: a transaction at rest is nobody's; with `MDB_NOTLS` it belongs to whichever thread takes
    /// it off the list, and the list is behind a lock.
    private struct Resting: @unchecked Sendable { let pointer: OpaquePointer }

    struct Options {
        var path: String
        var mapSize: Int
        var isReadOnly: Bool
        var isSynced: Bool
        var readers: Int
        var tables: Int
    }

    init(_ options: Options, in directory: StoreDirectory) throws(StoreError) {
        var created: OpaquePointer?
        try LMDBResult.check(mdb_env_create(&created), "create")
        guard let created else { throw .corrupt("no environment") }
        do throws(StoreError) {
            try LMDBResult.check(mdb_env_set_assert(created, Self.damaged), "set what damage does")
            try LMDBResult.check(mdb_env_set_mapsize(created, options.mapSize), "set map size")
            try LMDBResult.check(mdb_env_set_maxreaders(created, UInt32(options.readers)), "set readers")
            try LMDBResult.check(mdb_env_set_maxdbs(created, UInt32(options.tables)), "set tables")
            var flags = UInt32(MDB_NOTLS)
            if options.isReadOnly { flags |= UInt32(MDB_RDONLY) }
            if !options.isSynced { flags |= UInt32(MDB_NOSYNC) }
            try LMDBResult.check(mdb_env_open(created, options.path, flags, 0o600), "open")
            // Slots of processes that died would pin old pages for ever.
            var dead: Int32 = 0
            try LMDBResult.check(mdb_reader_check(created, &dead), "clear stale readers")
        } catch {
            mdb_env_close(created)
            throw error
        }
        pointer = created
        isReadOnly = options.isReadOnly
        self.directory = directory
    }

    /// LMDB met a page that makes no sense, and would abort the process with a line for its own authors.
    private static let damaged: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Void = {
        _, reason in
        let reason = reason.map { String(cString: $0) } ?? "unknown"
        let text = "rookery: the store is damaged, a backup has to be restored (LMDB: \(reason))\n"
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        _exit(1)
    }

    deinit {
        for transaction in resting.withLockedValue({ $0 }) { mdb_txn_abort(transaction.pointer) }
        if !isReadOnly { _ = mdb_env_sync(pointer, 1) }
        mdb_env_close(pointer)
    }

    /// Brings everything committed to the disk.
    func sync() throws(StoreError) { try LMDBResult.check(mdb_env_sync(pointer, 1), "sync") }

    /// **Bytes** of the file that pages were ever taken from, and of the map.
    func extent() throws(StoreError) -> (used: Int, map: Int) {
        var info = MDB_envinfo()
        var stat = MDB_stat()
        try LMDBResult.check(mdb_env_info(pointer, &info), "info")
        try LMDBResult.check(mdb_env_stat(pointer, &stat), "stat")
        return ((info.me_last_pgno + 1) * Int(stat.ms_psize), info.me_mapsize)
    }

    /// **Bytes** of pages that were given back and may be given out again.
    ///
    /// - Complexity: linear in the transactions that gave them back.
    func freeBytes() throws(StoreError) -> Int {
        let snapshot = try ReadTransaction(self)
        var stat = MDB_stat()
        try LMDBResult.check(mdb_env_stat(pointer, &stat), "stat")
        // Transaction → how many pages, and which.
        var cursor = try Cursor(snapshot, .free)
        var pages = 0
        while try cursor.next() {
            pages += cursor.value.withUnsafeBytes { row in
                row.count < MemoryLayout<Int>.size ? 0 : row.loadUnaligned(as: Int.self)
            }
        }
        return pages * Int(stat.ms_psize)
    }

    /// Whether the file has no table yet.
    func isEmpty() throws(StoreError) -> Bool {
        var stat = MDB_stat()
        try LMDBResult.check(mdb_env_stat(pointer, &stat), "stat")
        return stat.ms_entries == 0
    }

    /// What the file's tables are called.
    func tableNames() throws(StoreError) -> [String] {
        let snapshot = try ReadTransaction(self)
        var names: [String] = []
        var cursor = try Cursor(snapshot, .main)
        while try cursor.next() {
            names.append(cursor.key.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
        return names
    }

    /// Tables that the file may have; how a reader, who cannot make them, gets at them.
    func tables(_ names: [String]) throws(StoreError) -> [Table?] {
        var transaction: OpaquePointer?
        try LMDBResult.check(mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &transaction), "begin a read")
        var tables: [Table?] = []
        for name in names {
            var handle: MDB_dbi = 0
            let code = mdb_dbi_open(transaction, name, 0, &handle)
            if code != MDB_SUCCESS, code != MDB_NOTFOUND {
                mdb_txn_abort(transaction)
                throw LMDBResult.error(code, "open a table")
            }
            tables.append(code == MDB_SUCCESS ? Table(handle: handle) : nil)
        }
        // Only a commit keeps the handles.
        try LMDBResult.check(mdb_txn_commit(transaction), "open tables")
        return tables
    }

    /// **Bytes** that the file system has left; `nil` when it does not say.
    static func freeBytesOfDisk(_ environment: OpaquePointer?) -> Int? {
        var path: UnsafePointer<CChar>?
        var status = statvfs()
        guard mdb_env_get_path(environment, &path) == MDB_SUCCESS, let path, statvfs(path, &status) == 0
        else { return nil }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    // MARK: Transactions

    func takeReadPointer() throws(StoreError) -> OpaquePointer {
        if let rested = resting.withLockedValue({ $0.popLast() }) {
            let code = mdb_txn_renew(rested.pointer)
            if code == MDB_SUCCESS { return rested.pointer }
            mdb_txn_abort(rested.pointer)
            throw LMDBResult.error(code, "renew a read")
        }
        var fresh: OpaquePointer?
        try LMDBResult.check(mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &fresh), "begin a read")
        guard let fresh else { throw .corrupt("no transaction") }
        return fresh
    }

    func giveBack(_ transaction: OpaquePointer) {
        mdb_txn_reset(transaction)
        let isKept = resting.withLockedValue {
            guard $0.count < restingMax else { return false }
            $0.append(Resting(pointer: transaction))
            return true
        }
        if !isKept { mdb_txn_abort(transaction) }
    }
}
