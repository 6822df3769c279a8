// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB
import Glibc

/// LMDB's return codes as errors of the store.
enum LMDBResult {
    /// - Throws: what any code but success means.
    @inline(__always)
    static func check(_ code: Int32, _ operation: StaticString) throws(StoreError) {
        if code != MDB_SUCCESS { throw error(code, operation) }
    }

    /// Less than LMDB writes at a time, in **bytes**: a disk with no more is full.
    private static let leastRoom = 1 << 20

    /// - Parameter freeBytes: what the file system has left, where that bears on the answer.
    static func error(_ code: Int32, _ operation: StaticString, freeBytes: Int? = nil) -> StoreError {
        let reason = String(cString: mdb_strerror(code))
        // LMDB says so of a write that ended short.
        if code == EIO, let freeBytes, freeBytes < leastRoom {
            return .full(operation: "\(operation)", reason: String(cString: strerror(ENOSPC)))
        }
        return switch code {
        case MDB_MAP_FULL, MDB_TXN_FULL, ENOSPC, EDQUOT: .full(operation: "\(operation)", reason: reason)
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_CURSOR_FULL, MDB_PAGE_FULL:
            .corrupt("\(operation): \(reason)")
        case MDB_VERSION_MISMATCH: .wrongFormat("the file was written by another version of LMDB")
        case MDB_READERS_FULL: .busy(reason)
        default: .io(operation: "\(operation)", code: code, reason: reason)
        }
    }
}
