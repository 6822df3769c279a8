// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CFloor
import Foundation
import Glibc

/// How many values of the sizes of events LMDB alone puts and gets in a second: one table, keys that count up, a thousand
/// puts a transaction, each on disk before the next.
struct LMDBFloor {
    let directory: String
    /// **Bytes** of each value.
    let sizes: [Int]

    struct Failed: Error { let code: Int32 }

    func measure() throws -> (puts: Double, gets: Double) {
        try? FileManager.default.removeItem(atPath: directory)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var environment: OpaquePointer?
        try check(mdb_env_create(&environment))
        defer { mdb_env_close(environment) }
        try check(mdb_env_set_mapsize(environment, 1 << 32))
        try check(mdb_env_open(environment, directory, UInt32(MDB_NOTLS), 0o600))
        var table: MDB_dbi = 0
        let value = UnsafeMutableRawPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { value.deallocate() }
        memset(value, 0x61, 1 << 20)
        let start = Clock.now
        for first in stride(from: 0, to: sizes.count, by: 1000) {
            var transaction: OpaquePointer?
            try check(mdb_txn_begin(environment, nil, 0, &transaction))
            if first == 0 { try check(mdb_dbi_open(transaction, nil, 0, &table)) }
            for number in first..<min(first + 1000, sizes.count) {
                var bytes = UInt64(number).bigEndian
                try withUnsafeMutableBytes(of: &bytes) { key in
                    var key = MDB_val(mv_size: 8, mv_data: key.baseAddress)
                    var data = MDB_val(mv_size: min(sizes[number], 1 << 20), mv_data: value)
                    try check(mdb_put(transaction, table, &key, &data, UInt32(MDB_APPEND)))
                }
            }
            try check(mdb_txn_commit(transaction))
        }
        let puts = Double(sizes.count) / (Clock.now - start)
        return (puts, try get(environment, table))
    }

    /// In no order, each in a transaction of its own that is begun anew.
    private func get(_ environment: OpaquePointer?, _ table: MDB_dbi) throws -> Double {
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
        defer { mdb_txn_abort(transaction) }
        var rng = SeededGenerator(seed: 3)
        let (count, start) = (400_000, Clock.now)
        for _ in 0..<count {
            mdb_txn_reset(transaction)
            try check(mdb_txn_renew(transaction))
            var bytes = (rng.next() % UInt64(sizes.count)).bigEndian
            try withUnsafeMutableBytes(of: &bytes) { key in
                var key = MDB_val(mv_size: 8, mv_data: key.baseAddress)
                var data = MDB_val()
                try check(mdb_get(transaction, table, &key, &data))
            }
        }
        return Double(count) / (Clock.now - start)
    }

    private func check(_ code: Int32) throws { if code != 0 { throw Failed(code: code) } }
}
