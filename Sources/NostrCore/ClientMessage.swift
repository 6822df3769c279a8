// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a client says to a relay (NIP-01, NIP-42, NIP-45, NIP-77).
public enum ClientMessage: Sendable, Hashable {
    case event(ParsedEvent)
    case request(SubscriptionID, [Filter])
    case count(SubscriptionID, [Filter])
    case close(SubscriptionID)
    case authenticate(ParsedEvent)
    /// The message is hexadecimal text, not yet looked at.
    case negentropyOpen(SubscriptionID, Filter, TagValue)
    case negentropyMessage(SubscriptionID, TagValue)
    case negentropyClose(SubscriptionID)
}

/// What was wrong with a client's message, and whom to tell.
public enum ClientMessageError: Error, Equatable, Sendable {
    /// In an `EVENT` or `AUTH`. Answered by `OK` with `false` when any string stood under `id`, else by `NOTICE`.
    case badEvent(id: TagValue?, reason: String)
    /// In a `REQ` or `COUNT`: answered by `CLOSED`.
    case badRequest(SubscriptionID, FilterError)
    /// In a `NEG-OPEN` or `NEG-MSG`: answered by `NEG-ERR`.
    case badNegentropy(SubscriptionID, FilterError)
    /// Nobody in particular to tell: answered by `NOTICE`.
    case unreadable(String)
}
