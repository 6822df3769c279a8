// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The moments a filter asks for, as index keys sort them: newest first.
struct TimeWindow: Hashable, Sendable {
    /// Of `until`.
    var first: UInt64
    /// Of `since`; inclusive like the other.
    var last: UInt64

    init(_ filter: Filter) {
        first = KeyMaker.invert(filter.until ?? .distantFuture)
        last = KeyMaker.invert(filter.since ?? .epoch)
    }
}
