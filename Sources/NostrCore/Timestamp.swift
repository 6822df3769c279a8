// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A moment as NIP-01 counts it: whole **seconds** since 1970, never negative.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 0 … 2^63 − 1.
    public let seconds: Int64

    public init(_ seconds: Int64) {
        precondition(seconds >= 0, "a timestamp counts from 1970 and is never negative")
        self.seconds = seconds
    }

    public static let distantFuture = Timestamp(.max)
    public static let epoch = Timestamp(0)

    /// This moment moved by `seconds`, kept within 0 … 2^63 − 1.
    public func advanced(by seconds: Int64) -> Timestamp {
        let (sum, overflow) = self.seconds.addingReportingOverflow(seconds)
        return overflow ? (seconds > 0 ? .distantFuture : .epoch) : Timestamp(max(0, sum))
    }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }
    public var description: String { String(seconds) }
}
