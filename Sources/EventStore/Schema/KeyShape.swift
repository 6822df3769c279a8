// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which bits of ids, keys and hashes reach index keys: all that have room, except in tests of collisions.
struct KeyShape: Hashable, Sendable {
    var idPrefix: UInt32 = .max
    var id: UInt64 = .max
    var author: UInt64 = .max
    var hash: UInt64 = .max
}
