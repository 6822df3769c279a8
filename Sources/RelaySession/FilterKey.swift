// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Which field of a filter it is filed under.
enum FilterKey: Hashable, Sendable {
    case ids
    case authors
    /// An index into ``Filter/tags``.
    case tag(Int)
    case kinds
    /// It has no list at all.
    case everything
}

/// One value of one single-letter tag.
struct TagKey: Hashable, Sendable {
    var letter: UInt8
    var value: TagValue
}
