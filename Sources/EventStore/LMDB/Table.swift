// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB

/// One named tree of key and value bytes in the file, ordered by the bytes of its keys.
struct Table: Hashable, Sendable {
    let handle: MDB_dbi

    /// LMDB's own: which pages are free, by transaction.
    static let free = Table(handle: 0)
    /// LMDB's own: the others, by name.
    static let main = Table(handle: 1)
}
