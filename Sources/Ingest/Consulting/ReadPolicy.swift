// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Somebody who is asked about every request before it is served: a plugin, or a program that embeds this one.
///
/// An answer may take its time: what the same client says meanwhile waits, and nobody else does.
public protocol ReadPolicy: Sendable {
    /// Returns at once, and is called on an event loop: it must not block. `reply` is called exactly once, on any thread.
    func judge(_ request: ReadRequest, reply: @escaping @Sendable (ReadOpinion) -> Void)
}

/// What a client wants to read, and who it is.
public struct ReadRequest: Hashable, Sendable {
    public var filters: [Filter]
    public var purpose: Purpose
    /// Whom the client has authenticated as (NIP-42).
    public var keys: [PublicKey]
    public var address: NetworkAddress?
    public var receivedAt: Timestamp

    /// What the events are wanted for.
    public enum Purpose: Hashable, Sendable {
        /// REQ: what is stored, and what happens afterwards.
        case subscription
        /// COUNT: only their number.
        case count
        /// NEG-OPEN: their ids.
        case reconciliation
    }

    public init(
        filters: [Filter], purpose: Purpose = .subscription, keys: [PublicKey] = [],
        address: NetworkAddress? = nil, receivedAt: Timestamp
    ) {
        self.filters = filters
        self.purpose = purpose
        self.keys = keys
        self.address = address
        self.receivedAt = receivedAt
    }
}

/// What somebody who was asked thinks of a request.
public enum ReadOpinion: Hashable, Sendable {
    case allow
    /// These filters are served in its place, stored and live; each asks for no more than one of those it stands for
    /// (``NostrCore/Filter/isWithin(_:)``), or nothing is served at all. None of them: the request ends at once, with nothing.
    case narrow([Filter])
    /// With the text of the `CLOSED`; one without a word that NIP-01 knows is told as `blocked:`. After `auth-required:` the client
    /// is asked who it is.
    case refuse(String)

    /// The text that is told.
    package static func told(_ text: String) -> String { Opinion.told(text) }

    /// Of whoever answers with more than was asked for.
    static let widened = ReadOpinion.refuse("error: the relay's policy answered with more than was asked for")
}
