// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore

/// The sending side of one WebSocket conversation.
///
/// Confined to its event loop: every method traps when it is called elsewhere. To keep one in a `Sendable` place, wrap
/// it in a `NIOLoopBound`.
///
/// Frames are encoded one after the other into the *burst buffer*, which goes to the socket in one write at the end of
/// a read burst, at ``flush()``, or when it holds 64 KiB.
public final class WebSocketConnection {
    public let eventLoop: any EventLoop
    /// The other end of the TCP connection, or whom a trusted proxy named there.
    public internal(set) var remoteAddress: SocketAddress?
    /// Whether messages can still be sent. What is sent afterwards is dropped.
    public internal(set) var isOpen = true
    /// Whether the queue is below its marks; see ``TransportLimits/highWaterMark``.
    public internal(set) var isWritable = true

    let role: WebSocketRole
    let channel: any Channel
    let tally: TransportTally
    /// Receives what this side does to the conversation; gone when the channel is.
    weak var handler: WebSocketHandler?
    /// Refuses the other side's address for a while; a listener's connections have it.
    var bar: (@Sendable (NIODeadline) -> Void)?
    /// What texts are compressed with, when that was agreed.
    var compression: LoopCompression?
    /// How far back, as a power of two, they may refer.
    var windowBits = 0
    /// Encoded frames that the channel has not got yet.
    var burst = ByteBuffer()
    /// Frames of a strip that follow what is in the burst buffer.
    var run: (strip: FrameStrip, frames: Range<Int>)?
    /// How large the burst buffer is made at first: as large as the last one was.
    var burstCapacity = 256
    /// Bytes that the channel got and had not sent when it was last asked.
    var channelBytes = 0
    /// What of ``channelBytes`` the ``TransportTally`` knows.
    var countedBytes = 0
    /// Whether the channel is to tell when it is empty.
    var isWatchingDrain = false
    /// Bytes that the channel got in all.
    var writtenBytes = 0

    init(channel: any Channel, role: WebSocketRole, tally: TransportTally) {
        self.channel = channel
        self.role = role
        self.tally = tally
        eventLoop = channel.eventLoop
        remoteAddress = channel.remoteAddress
    }

    var limits: TransportLimits { tally.limits }

    /// Appends one text frame whose text `fill` writes straight into the burst buffer.
    ///
    /// `fill` appends to the buffer and does nothing else with it or with the connection.
    /// Sent at the end of the burst, or by ``flush()``.
    public func withFrame(_ fill: (inout ByteBuffer) -> Void) {
        eventLoop.preconditionInEventLoop()
        guard isOpen else { return }
        if let compression {
            compression.withText(fill) { appendText($0.readableBytesUInt8Span, compression) }
        } else {
            appendFrame(.text, fill)
        }
        didAppend()
    }

    /// Appends one text frame. Sent at the end of the burst, or by ``flush()``.
    public func send(_ text: Span<UInt8>) {
        eventLoop.preconditionInEventLoop()
        guard isOpen else { return }
        makeRoom(for: text.count)
        if let compression {
            appendText(text, compression)
        } else {
            appendFrame(.text) { $0.writeBytes(text.bytes) }
        }
        didAppend()
    }

    /// Appends one text frame of three parts, of which many connections share the second.
    ///
    /// A long body is not copied; a short one is, as one write costs more than its bytes.
    public func sendShared(header: Span<UInt8>, body: ByteBuffer, trailer: Span<UInt8>) {
        if let compression, sendCompressed(header, body, trailer, compression) { return }
        guard role == .server, body.readableBytes >= Self.sharedBodyLength else {
            return withFrame { frame in
                frame.writeBytes(header.bytes)
                frame.writeImmutableBuffer(body)
                frame.writeBytes(trailer.bytes)
            }
        }
        eventLoop.preconditionInEventLoop()
        guard isOpen else { return }
        makeRoom(for: header.count)
        appendHeader(.text, payloadLength: header.count + body.readableBytes + trailer.count)
        burst.writeBytes(header.bytes)
        handOverBurst()
        handOver(body)
        burst.writeBytes(trailer.bytes)
        flush()
        didAppend()
    }

    /// Sends what has been appended. Needed outside a read burst only.
    public func flush() {
        eventLoop.preconditionInEventLoop()
        flush(promise: nil)
    }

    /// Starts the closing handshake; what has been appended is sent before. Calls after the first do nothing.
    ///
    /// - Parameter reason: cut to 123 bytes of UTF-8.
    public func close(_ code: CloseCode, reason: String) {
        eventLoop.preconditionInEventLoop()
        handler?.closeHere(code, reason: reason)
    }

    /// Closes with 1008, and refuses further connections from the same address for ``TransportLimits/barTime``.
    ///
    /// - Parameter reason: cut to 123 bytes of UTF-8.
    public func expel(reason: String) {
        eventLoop.preconditionInEventLoop()
        guard isOpen else { return }
        bar?(eventLoop.now)
        handler?.closeHere(.policyViolation, reason: reason)
    }

    /// No message is handed over from now on; those already read wait.
    public func pauseReading() {
        eventLoop.preconditionInEventLoop()
        handler?.pauseReading()
    }

    /// Takes ``pauseReading()`` back. Messages follow in a later turn of the loop.
    public func resumeReading() {
        eventLoop.preconditionInEventLoop()
        handler?.resumeReading()
    }

    /// Bytes that wait for the other side: in the burst buffer and in the channel.
    public var queuedBytes: Int {
        eventLoop.preconditionInEventLoop()
        askChannel()
        return channelBytes + appendedBytes
    }
}

extension WebSocketConnection {
    /// A shared body of at least this many bytes is sent from where it lies.
    static let sharedBodyLength = 16_384
    /// The burst buffer is sent when it holds this many bytes.
    static let burstLength = 65_536
}
