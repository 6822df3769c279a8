// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// How long a message is, before it is written.
extension Filter {
    /// **Bytes** of a filter without its values: names, brackets, `since`, `until` and `limit`, at most.
    static let bareLength = 96
    /// **Bytes** of a `REQ` without its filters.
    static let requestLength = 32

    /// **Bytes** of this filter in a `REQ`, at most.
    var writtenLength: Int {
        var length =
            Self.bareLength + 67 * ((ids?.count ?? 0) + (authors?.count ?? 0)) + 6 * (kinds?.count ?? 0)
        for condition in tags { length += condition.values.reduce(8) { $0 + $1.writtenLength } }
        return length
    }
}

extension TagValue {
    /// **Bytes** as JSON, quotes and a comma included, at most.
    var writtenLength: Int {
        bytes.reduce(3) { $0 + ($1 < 0x20 || $1 == UInt8(ascii: "\"") || $1 == UInt8(ascii: "\\") ? 6 : 1) }
    }
}
