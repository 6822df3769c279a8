// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a relay says to a client (NIP-01, NIP-42, NIP-45, NIP-67, NIP-77).
public enum RelayMessage: Sendable, Hashable {
    case event(SubscriptionID, ParsedEvent)
    /// The id is what the sender wrote, whatever it was.
    case ok(TagValue, accepted: Bool, message: String)
    case endOfStoredEvents(SubscriptionID, EndHint? = nil)
    case closed(SubscriptionID, message: String)
    case notice(String)
    case authChallenge(String)
    case count(SubscriptionID, CountAnswer)
    /// The message is hexadecimal text, not yet looked at.
    case negentropyMessage(SubscriptionID, TagValue)
    /// `most`: of how many events a set may be, when it was too large.
    case negentropyError(SubscriptionID, message: String, most: Int? = nil)
    /// A verb that we do not know.
    case unknown(String)

    /// The answer to an `EVENT` with this id.
    public static func ok(_ id: EventID, accepted: Bool, message: String) -> RelayMessage {
        .ok(TagValue(id.hex), accepted: accepted, message: message)
    }

    /// An event whose spelling is settled.
    public static func event(_ subscription: SubscriptionID, _ event: Event) -> RelayMessage {
        .event(subscription, ParsedEvent(event: event))
    }
}

/// Why a relay's message was not understood.
public enum RelayMessageError: Error, Equatable, Sendable {
    /// Not a message at all, or its parts have wrong types.
    case unreadable(String)
    /// An `EVENT` of this subscription whose event is malformed.
    case badEvent(SubscriptionID, EventError)
}
