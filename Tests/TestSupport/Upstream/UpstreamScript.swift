// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// How a ``ScriptedRelay`` behaves; as it comes, it is honest. May be changed at any time.
public struct UpstreamScript: Sendable {
    /// What it says to `Accept: application/nostr+json`.
    public var information = InformationAnswer.notFound
    /// How it takes a request to speak WebSocket.
    public var handshake = Handshake.accept
    /// Subscriptions open on one connection; one more is CLOSED.
    public var maxSubscriptions = Int.max
    /// Filters in one REQ; more are CLOSED.
    public var maxFilters = Int.max
    /// Events of one filter, however many are asked for: nobody is told.
    public var maxLimit = 5000
    /// Bytes of one message; a longer one ends the conversation with 1009.
    public var maxMessageLength = Int.max
    /// Whether and how REQs need NIP-42.
    public var authentication = Authentication.none
    /// Why an event that is published is refused; `nil`: it is taken. Empty: it is not answered.
    public var refusal: @Sendable (Event) -> String? = { _ in nil }
    /// What each REQ is met with.
    public var reaction: @Sendable (UpstreamRequest) -> UpstreamReaction = { _ in .answer }
    /// What is sent for one event that a filter asks for: the JSON texts of events.
    public var copies: @Sendable (Event, UpstreamRequest) -> [String] = { event, _ in [event.text] }
    /// Messages sent as soon as a conversation is open.
    public var greeting: [String] = []
    /// How long an EOSE is held back.
    public var endOfStoredDelay = Duration.zero
    /// Sends so many bytes at a time and then waits, instead of everything at once.
    public var drip: Drip?

    public init() {}

    /// Slow sending.
    public struct Drip: Hashable, Sendable {
        public var bytes: Int
        public var pause: Duration
        /// Whether only what follows the handshake is slow.
        public var sparesHandshake = false

        public init(bytes: Int, every pause: Duration, sparesHandshake: Bool = false) {
            self.bytes = bytes
            self.pause = pause
            self.sparesHandshake = sparesHandshake
        }
    }

    public enum InformationAnswer: Hashable, Sendable {
        /// 404.
        case notFound
        /// 200 with this body.
        case document(String)
        /// These bytes as they are, then the end of the connection.
        case raw([UInt8])
        /// A redirect to this place.
        case redirect(String)
        /// The request is taken and never answered.
        case silence
    }

    public enum Handshake: Hashable, Sendable {
        case accept
        /// Another status than 101.
        case refuse(Int)
        /// Nothing at all.
        case silence
        /// These bytes instead of an answer.
        case garbage([UInt8])
    }

    public enum Authentication: Hashable, Sendable {
        case none
        /// A challenge at once; REQs before a good answer are CLOSED as `auth-required`.
        case required(challenge: String)
        /// A challenge, and every answer to it is refused with this text.
        case refused(challenge: String, String)
    }
}

/// One REQ as it arrived.
public struct UpstreamRequest: Sendable {
    /// The how manieth REQ of this relay it is, from 1.
    public let number: Int
    /// The how manieth conversation it came in, from 1.
    public let connection: Int
    public let id: SubscriptionID
    public let filters: [Filter]
    /// **Bytes** of the message.
    public let length: Int

    /// Whether it asks for what is to come, or whether we are there, but not for history.
    public var isLive: Bool { filters.allSatisfy { ($0.limit ?? .max) <= 1 } }
}

/// What a REQ is met with.
public indirect enum UpstreamReaction: Sendable {
    /// As NIP-01 says.
    case answer
    /// These events as if they were stored, then EOSE.
    case events([Event])
    /// The subscription is refused with this text.
    case closed(String)
    /// A NOTICE first.
    case notice(String, then: UpstreamReaction)
    /// Not a word, and no subscription.
    case ignore
    /// The connection ends.
    case drop
    /// Bytes as they are, inside the WebSocket conversation.
    case raw([UInt8])
}
