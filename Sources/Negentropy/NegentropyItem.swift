// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What is reconciled of an event: when it was made and its id, in this order.
public struct NegentropyItem: Hashable, Sendable, Comparable {
    /// **Seconds** since 1970; anything but `UInt64.max`, which stands for infinity in bounds.
    public let timestamp: UInt64
    public let id: EventID

    public init(timestamp: UInt64, id: EventID) {
        precondition(timestamp != .max, "the last timestamp is infinity and belongs to no item")
        self.timestamp = timestamp
        self.id = id
    }

    public init(_ time: Timestamp, _ id: EventID) {
        self.init(timestamp: UInt64(time.seconds), id: id)
    }

    public static func < (a: NegentropyItem, b: NegentropyItem) -> Bool {
        a.timestamp == b.timestamp ? a.id < b.id : a.timestamp < b.timestamp
    }
}
