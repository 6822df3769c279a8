// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB

extension EventStore {
    /// Writes one state of the store to an open file or pipe, without the pages that were given back. Writers go on.
    ///
    /// - Complexity: O(file). The state is held to the end: pages that are given back meanwhile are not reused.
    public func copy(to descriptor: Int32) throws(StoreError) {
        try LMDBResult.check(
            mdb_env_copyfd2(environment.pointer, descriptor, UInt32(MDB_CP_COMPACT)), "copy the store")
    }

    /// The version of the layout that this build reads and writes.
    public static var formatVersion: Int { Int(StoreFormat.version) }
}
