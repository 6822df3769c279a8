// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A moment on a clock that only moves forward, for waiting and measuring; never comparable with ``Timestamp``.
public struct Uptime: Hashable, Sendable, Comparable {
    /// **Nanoseconds** since a start that only this process knows.
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static let zero = Uptime(nanoseconds: 0)

    public static func < (a: Uptime, b: Uptime) -> Bool { a.nanoseconds < b.nanoseconds }

    public static func + (moment: Uptime, span: Duration) -> Uptime {
        let (seconds, attoseconds) = span.components
        return Uptime(
            nanoseconds: moment.nanoseconds &+ seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
    }

    public static func - (later: Uptime, earlier: Uptime) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }
}
