// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What may be done on X for people here, and how.
public struct OutboundSettings: Sendable {
    /// Off unless the operator says so.
    public var isAllowed = false
    /// Whether posts may hold links: X takes thirteen times the money for them.
    public var allowsLinks = false
    /// In leases and in the audit trail.
    public var worker = "outbound"
    /// **Milliseconds** for one job, all waiting for X included.
    public var lease: Int64 = 600_000
    /// **Milliseconds** after which the queue is looked at though nobody said that there is something.
    public var idle: Int64 = 15_000

    public init() {}
}

/// Told what the worker does: it must only count.
public protocol OutboundObserver: Sendable {
    /// A job ended, well or for good.
    func processed(_ action: String)
    /// The worker waits before the next try; 0 when it does not.
    func backsOff(milliseconds: Int64)
}

/// Counts nothing.
public struct SilentOutboundObserver: OutboundObserver {
    public init() {}
    public func processed(_ action: String) {}
    public func backsOff(milliseconds: Int64) {}
}
