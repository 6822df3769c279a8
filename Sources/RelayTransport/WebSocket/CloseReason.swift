// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How a WebSocket conversation ended; handed to ``WebSocketPeer/closed(_:)`` exactly once.
public enum CloseReason: Hashable, Sendable {
    /// The other side closed it properly; `code` is `nil` when its close frame carried none.
    /// `reason` is the sender's text (at most 123 bytes, UTF-8): never log it at length.
    case closedByPeer(CloseCode?, reason: String)
    /// This side closed it through ``WebSocketConnection/close(_:reason:)`` or by shutting down.
    case closedHere(CloseCode)
    /// The other side broke the protocol or sent what is not accepted; it was told ``ProtocolViolation/closeCode``.
    case violation(ProtocolViolation)
    /// The other side read too slowly: its queue passed a hard bound or made no progress for too long.
    case tooSlow
    /// Nothing was heard of the other side for too long; its answer to a ping did not come.
    case silent
    /// A message was begun and not finished in time.
    case unfinishedMessage
    /// The connection broke without a close frame.
    case lost
}
