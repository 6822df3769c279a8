// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An event's number in this store: it grows with every event stored and is never used again. 48 bits.
struct Serial: Hashable, Comparable, Sendable {
    var rawValue: UInt64

    static let bytes = 6
    static let max = Serial(rawValue: 1 << 48 - 1)

    static func < (a: Serial, b: Serial) -> Bool { a.rawValue < b.rawValue }
    var next: Serial { Serial(rawValue: rawValue + 1) }
}
