// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why a conversation with a relay ended, or was ended by us; the raw value is for the log and the operator.
public enum LinkEnd: String, Hashable, Sendable, CaseIterable {
    /// It said goodbye.
    case closedByRelay = "closed by the relay"
    /// It said that something we sent was too long (RFC 6455 §7.4.1).
    case messageTooBig = "a message was too long for it (1009)"
    /// Without a goodbye: its process or the network is gone.
    case lost = "connection lost"
    /// Nothing was heard of it, not even an answer to a ping.
    case silent = "silent, not even a pong"
    /// It is there and answers no question.
    case noAnswer = "answers no question"
    /// It says much, and nothing of it is a message of ours.
    case garbage = "sends what is no Nostr message"
    /// It began a message and did not finish it in time.
    case unfinishedMessage = "did not finish a message"
    /// It broke the rules of WebSocket.
    case protocolViolation = "broke the protocol"
    /// It sent a message too long to be read that was no event, or too long even to be passed over.
    case giantMessage = "sent a giant message"
    /// It sent a binary message, which means nothing in this protocol.
    case binaryMessage = "sent a binary message"
    /// It does not read what we send.
    case readsTooSlowly = "reads too slowly"
    /// It sent too much of what no honest relay sends.
    case misbehaved = "sent what no honest relay sends"
    /// Our own store takes no events, so it was asked for none.
    case ourStore = "our store does not take events"
    /// We went away.
    case closedHere = "closed here"
}
