// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A further relay, by a number that it keeps.
public struct RelayRow: Hashable, Sendable, Codable {
    public var number: UInt32
    public var url: String
}

/// How far an event is on its way to one further relay.
public struct DeliveryRow: Hashable, Sendable, Codable {
    public var state: State
    /// Why it was not taken: the relay's words, bounded.
    public var reason: String?
    /// How often it was sent.
    public var attempts = 0
    /// Its place among what is due: **milliseconds** since 1970 times 4,096, and a number.
    public var stamp: UInt64
    /// **Milliseconds** since 1970.
    public var updatedAt: Int64

    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// To be sent. → `sending`, `withdrawn`
        case pending
        /// It may have been sent, and was not answered. → `accepted`, `rejected`, `old`, `pending`, `withdrawn`
        case sending
        case accepted
        /// For good.
        case rejected
        /// Not taken because of its age; for good.
        case old
        /// It was deleted before the relay had it.
        case withdrawn
    }

    /// Whether the relay may have the event.
    public var mayBeThere: Bool {
        switch state {
        case .accepted, .sending: true
        // Sent before, and the answer did not come.
        case .pending, .withdrawn: attempts > 0
        case .rejected, .old: false
        }
    }
}
