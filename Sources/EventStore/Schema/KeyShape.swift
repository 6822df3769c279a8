// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which bits of ids, keys and hashes reach index keys: all that have room, except in tests of collisions; and how trees fan
/// out, which tests narrow to have deep ones of few items.
package struct KeyShape: Hashable, Sendable {
    package var idPrefix: UInt32 = .max
    package var id: UInt64 = .max
    package var author: UInt64 = .max
    package var hash: UInt64 = .max
    /// Rows of a tree's level for each of the next, on average: this power of two.
    package var treeBits = 5

    package init(
        idPrefix: UInt32 = .max, id: UInt64 = .max, author: UInt64 = .max, hash: UInt64 = .max
    ) {
        self.idPrefix = idPrefix
        self.id = id
        self.author = author
        self.hash = hash
    }
}
