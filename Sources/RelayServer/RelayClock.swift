// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The clocks that the server reads.
public struct RelayClock: Sendable {
    /// The time of day.
    public var now: @Sendable () -> Timestamp
    /// A clock that only moves forward.
    public var uptime: @Sendable () -> Uptime

    public init(now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Uptime) {
        self.now = now
        self.uptime = uptime
    }
}
