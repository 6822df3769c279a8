// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// An event that is to be signed, and what it is for.
public struct Draft: Hashable, Sendable {
    public var event: UnsignedEvent
    public var purpose: Purpose

    public init(_ event: UnsignedEvent, for purpose: Purpose) {
        self.event = event
        self.purpose = purpose
    }

    public enum Purpose: Hashable, Sendable {
        /// What an account posted, reposts included.
        case post(PostID)
        /// Kind 0.
        case profile(UserID)
        /// Kind 10002.
        case relays(UserID)
        /// Kind 10063.
        case mediaServers(UserID)
        /// Kind 5, for these events.
        case deletion([EventID])
        /// Kind 62.
        case vanishing(UserID)
    }

    /// The hash of all but the time: a replaceable event is published again only when this has changed.
    public var contentHash: Bytes32 {
        var timeless = event
        timeless.createdAt = .epoch
        return timeless.id.bytes
    }
}

/// Why a post can become no event.
public enum ConversionError: Error, Hashable, Sendable {
    /// Nobody is known to have written it, so no key can sign it.
    case authorUnknown
    /// It has no date, and its number is of the time before numbers had dates.
    case timeUnknown
}
