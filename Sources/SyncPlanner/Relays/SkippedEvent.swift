// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// An event of a relay that was too long to be read and was passed over as it came.
public struct SkippedEvent: Hashable, Sendable {
    public let subscription: SubscriptionID
    /// `nil` when not even its time and its id could be made out.
    public let outline: EventOutline?
    /// **Bytes** of the message.
    public let length: Int

    public init(subscription: SubscriptionID, outline: EventOutline?, length: Int) {
        self.subscription = subscription
        self.outline = outline
        self.length = length
    }
}

/// The events of one relay that were passed over in this run, for the operator.
public struct SkippedEvents: Hashable, Sendable {
    public internal(set) var count = 0
    /// The last of them.
    public internal(set) var last: SkippedEvent
    public internal(set) var lastAt: Timestamp
}
