// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One side of a WebSocket conversation: what happens with the messages that arrive.
///
/// - Important: Every method is called on the connection's event loop, and never from inside a call that the peer
///   itself made: a peer that sends or closes hears of the consequences in a later turn of the loop.
public protocol WebSocketPeer: AnyObject {
    /// The conversation is open. Called once, before everything else.
    func opened(_ connection: WebSocketConnection)
    /// One whole text message, checked to be UTF-8. The bytes are valid inside the call only.
    func received(_ message: Span<UInt8>)
    /// A part of a message longer than ``TransportLimits/maxMessageLength``, as it came: nothing of it is kept, and
    /// whether it is UTF-8 was not looked at. The bytes are valid inside the call only.
    ///
    /// - Returns: whether the rest is wanted; if not, the conversation ends with ``ProtocolViolation/tooLong``.
    func receivedPart(_ part: Span<UInt8>, isLast: Bool) -> Bool
    /// The messages of one read were handed over, as far as ``WebSocketConnection/pauseReading()`` or the end of the
    /// conversation let them; what was sent meanwhile is flushed right after this call. Not called after a read that
    /// held nothing whole.
    func readBurstEnded()
    /// The outbound queue passed its high-water mark (`false`) or fell below its low-water mark (`true`) again.
    ///
    /// Crossings within one turn of the loop are reported once, with the latest state, so `true` may come without
    /// a `false` before it. ``WebSocketConnection/isWritable`` is always up to date.
    func writabilityChanged(_ isWritable: Bool)
    /// The conversation is over. Called exactly once; nothing is called after it.
    func closed(_ reason: CloseReason)
}

extension WebSocketPeer {
    /// Nobody wants it.
    public func receivedPart(_ part: Span<UInt8>, isLast: Bool) -> Bool { false }
}
