// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The pieces around an event's JSON in `["EVENT","<subscription>",{…}]`.
enum EventMessage {
    /// `]`.
    static let trailer = UInt8(ascii: "]")

    /// `["EVENT","<subscription>",`.
    static func prefix(_ subscription: SubscriptionID) -> [UInt8] {
        // The subscription's JSON text is taken from a whole message, so that escaping lives in one place.
        var message: [UInt8] = []
        RelayMessage.endOfStoredEvents(subscription).appendJSON(to: &message)
        return Array(#"["EVENT""#.utf8) + message.dropFirst(#"["EOSE""#.utf8.count).dropLast() + [
            UInt8(ascii: ",")
        ]
    }
}
