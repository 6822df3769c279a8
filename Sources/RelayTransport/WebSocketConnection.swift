// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore

/// The sending side of one WebSocket conversation.
///
/// Confined to its event loop: every member traps when it is touched elsewhere. To keep one in a `Sendable` place, wrap
/// it in a `NIOLoopBound`.
public final class WebSocketConnection {
    public let eventLoop: any EventLoop
    /// The other end of the TCP connection.
    public let remoteAddress: SocketAddress?

    init(eventLoop: any EventLoop, remoteAddress: SocketAddress?) {
        self.eventLoop = eventLoop
        self.remoteAddress = remoteAddress
    }

    /// Bytes that wait for the other side: in the burst buffer and in the channel.
    public var queuedBytes: Int { fatalError("not written yet") }
    /// Whether the queue is below its marks; see ``TransportLimits/highWaterMark``.
    public var isWritable: Bool { fatalError("not written yet") }
    /// Whether messages can still be sent.
    public var isOpen: Bool { fatalError("not written yet") }

    /// Appends one text frame whose text `fill` writes straight into the burst buffer.
    ///
    /// `fill` only appends. Sent at the end of the burst, or by ``flush()``.
    public func withFrame(_ fill: (inout ByteBuffer) -> Void) { fatalError("not written yet") }

    /// Appends one text frame. Sent at the end of the burst, or by ``flush()``.
    public func send(_ text: Span<UInt8>) { fatalError("not written yet") }

    /// Appends one text frame of three parts, of which many connections share the second.
    ///
    /// A long body is not copied; a short one is, as one write costs more than its bytes.
    public func sendShared(header: Span<UInt8>, body: ByteBuffer, trailer: Span<UInt8>) {
        fatalError("not written yet")
    }

    /// Sends what has been appended. Needed outside a read burst only.
    public func flush() { fatalError("not written yet") }

    /// Starts the closing handshake; what has been appended is sent before. Calls after the first do nothing.
    ///
    /// - Parameter reason: cut to 123 bytes of UTF-8.
    public func close(_ code: CloseCode, reason: String) { fatalError("not written yet") }

    /// No message is handed over from now on; those already read wait.
    public func pauseReading() { fatalError("not written yet") }

    /// Takes ``pauseReading()`` back. Messages follow in a later turn of the loop.
    public func resumeReading() { fatalError("not written yet") }
}
