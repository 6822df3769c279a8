// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What becomes of a request to speak WebSocket.
public enum UpgradeDecision: Sendable {
    /// Answer 101 and speak with the peer that the closure makes, on the connection's event loop.
    case accept(@Sendable () -> any WebSocketPeer)
    /// Answer with this and close.
    case refuse(HTTPResponse)
}
