// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// The receiving side of one WebSocket conversation, and its end.
///
/// ```
///             close frame out or in                 socket closed
///   open ───────────────────────────▶ closing ─────────────────────▶ closed
///    │                                  │                               ▲
///    └── violation, hopeless reader ──▶ draining: what arrives is dropped ┘
/// ```
///
/// In `open` messages go to the peer. The peer hears of the end as soon as no message can come any more; the socket may
/// linger until the closing handshake is done or ``TransportLimits/closeTimeout`` has passed.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Phase { case open, closing, draining, closed }

    let connection: WebSocketConnection
    let tally: TransportTally
    var phase = Phase.open
    var clock: ConversationClock
    var peer: (any WebSocketPeer)?
    /// The one timer, and when it fires.
    var timer: (callback: NIOScheduledCallback, at: NIODeadline)?
    private var decoder: FrameDecoder
    private var isPaused = false
    /// Whether the peer was told the end, or is about to be.
    private var isFinished = false
    /// Whether a crossing of the water marks is about to be told.
    private var tellsWritability = false
    /// Whether the ``UnfinishedMessages`` know of one here.
    private var countsUnfinished = false
    /// Whether anything was decoded in this burst.
    private var completedAny = false
    /// Whether a text message was.
    private var completedMessage = false

    init(
        channel: any Channel, role: WebSocketRole, tally: TransportTally,
        compression: (LoopCompression, DeflateTerms)? = nil, peer: any WebSocketPeer
    ) {
        let limits = tally.limits
        connection = WebSocketConnection(channel: channel, role: role, tally: tally)
        decoder = FrameDecoder(
            role: role, maxMessageLength: limits.maxMessageLength, maxLengthInParts: limits.maxLengthInParts,
            mayBeCompressed: compression != nil)
        if let (loop, terms) = compression {
            connection.compression = loop
            connection.windowBits = terms.windowBits
        }
        clock = ConversationClock(limits: limits, now: channel.eventLoop.now)
        self.tally = tally
        self.peer = peer
    }

    var eventLoop: any EventLoop { connection.eventLoop }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.handler = self
        tally.webSocketOpened()
        peer?.opened(connection)
        connection.flush(promise: nil)
        rearm()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open || phase == .closing else { return }
        decoder.append(unwrapInboundIn(data))
        decode()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        endBurst()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection.queueChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let shutdown = event as? ShutdownEvent { closeHere(shutdown.code, reason: shutdown.reason) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Socket and TLS errors alike leave nothing to talk over.
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        channelGone()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        channelGone()
    }

    private func channelGone() {
        phase = .closed
        timer?.callback.cancel()
        timer = nil
        connection.queueVanished()
        tally.unfinished.forget(self)
        finish(.lost)
    }
}

/// Asks every handler of a channel to say good-bye.
struct ShutdownEvent: Sendable {
    let code: CloseCode
    var reason = "shutting down"
}

/// Reading.
extension WebSocketHandler {
    /// Hands over what is whole, until the peer pauses or the conversation ends.
    private func decode() {
        while !isPaused, phase == .open || phase == .closing {
            do throws(ProtocolViolation) {
                guard let item = try decoder.next() else { return }
                handle(item)
            } catch {
                fail(error)
            }
        }
    }

    private func handle(_ item: FrameDecoder.Item) {
        completedAny = completedAny || !item.isUnfinished
        switch item {
        case .text, .assembledText:
            completedMessage = true
            guard phase == .open else { return }
            decoder.withText(of: item) { peer?.received($0) }
        case .compressedText, .assembledCompressedText:
            completedMessage = true
            guard phase == .open, let compression = connection.compression else { return }
            var violation: ProtocolViolation?
            decoder.withText(of: item) { violation = receive($0, compression) }
            if let violation { fail(violation) }
        case .part, .assembledPart:
            if !item.isUnfinished { completedMessage = true }
            guard phase == .open, let peer else { return }
            var isWanted = false
            decoder.withText(of: item) { isWanted = peer.receivedPart($0, isLast: !item.isUnfinished) }
            if !isWanted { fail(.tooLong) }
        case .ping(let payload):
            guard phase == .open else { return }
            decoder.withBytes(payload) { bytes in connection.appendFrame(.pong) { $0.writeBytes(bytes.bytes) }
            }
            connection.didAppend()
        case .pong:
            break
        case .close(let code, let reason):
            closedByPeer(code, reason: decoder.text(of: reason))
        }
    }

    /// Hands over what a compressed message stands for.
    private func receive(_ payload: Span<UInt8>, _ compression: LoopCompression) -> ProtocolViolation? {
        var isText = true
        do throws(ProtocolViolation) {
            try compression.inflate(payload, limit: connection.limits.maxMessageLength) { text in
                isText = isUTF8(text)
                if isText { peer?.received(text) }
            }
        } catch {
            return error
        }
        return isText ? nil : .invalidText
    }

    private func fail(_ violation: ProtocolViolation) {
        fail(.violation(violation), code: violation.closeCode, text: violation.text)
    }

    /// One flush for all that was read at once.
    func endBurst() {
        if phase == .draining || phase == .closed {
            decoder = FrameDecoder(role: connection.role, maxMessageLength: 0)
            countUnfinished()
            return
        }
        decoder.endBurst()
        countUnfinished()
        if !isPaused {
            clock.heard(
                at: eventLoop.now, completedMessage: completedMessage, isMidMessage: decoder.isMidMessage)
        }
        tellBurst()
        connection.flush(promise: nil)
        rearm()
    }

    /// Tells what is held of a message. What waits because this side does not read is not the other's fault.
    private func countUnfinished() {
        let bytes = isPaused ? 0 : decoder.heldBytes
        guard bytes >= UnfinishedMessages.leastCounted || countsUnfinished else { return }
        countsUnfinished = bytes >= UnfinishedMessages.leastCounted
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let mustWatch = tally.unfinished.changed(
            self, bytes: bytes, isNew: completedMessage, limits: connection.limits, at: eventLoop.now
        ) { [eventLoop] in
            eventLoop.execute {
                bound.value.fail(.unfinishedMessage, code: .tryAgainLater, text: "error: message too slow")
            }
        }
        if mustWatch { Self.watch(tally.unfinished, connection.limits, on: eventLoop) }
    }

    private static func watch(
        _ unfinished: UnfinishedMessages, _ limits: TransportLimits, on eventLoop: any EventLoop
    ) {
        eventLoop.scheduleTask(in: limits.unfinishedPatience) {
            if unfinished.lookAgain(limits, at: eventLoop.now) { watch(unfinished, limits, on: eventLoop) }
        }
    }

    /// The HTTP decoder has left and handed on what it had of the first frames.
    func beginReading() {
        endBurst()
        if !isPaused, phase != .closed { setAutoRead(true) }
    }

    func pauseReading() {
        guard phase == .open, !isPaused else { return }
        isPaused = true
        clock.paused()
        setAutoRead(false)
    }

    func resumeReading() {
        guard isPaused else { return }
        isPaused = false
        clock.resumed(at: eventLoop.now)
        eventLoop.assumeIsolated().execute { [self] in
            guard !isPaused, phase != .closed else { return }
            decode()
            endBurst()
            if !isPaused { setAutoRead(true) }
        }
    }

    private func setAutoRead(_ isOn: Bool) {
        do {
            try connection.channel.syncOptions?.setOption(.autoRead, value: isOn)
        } catch {
            // Only a closed channel refuses, and that reads no more.
            isPaused = false
        }
    }
}

/// Telling the peer.
extension WebSocketHandler {
    /// Tells the end, once, and in a turn of its own.
    func finish(_ reason: CloseReason) {
        guard !isFinished else { return }
        isFinished = true
        connection.isOpen = false
        tally.webSocketClosed(reason)
        eventLoop.assumeIsolated().execute { [self] in
            // What came in one read with the end came before it.
            tellBurst()
            peer?.closed(reason)
            peer = nil
        }
    }

    /// Tells that all of a read was handed over.
    private func tellBurst() {
        if completedAny { peer?.readBurstEnded() }
        (completedAny, completedMessage) = (false, false)
    }

    /// Tells that the queue crossed a mark, in a turn of its own.
    func writabilityCrossed() {
        guard !tellsWritability, !isFinished else { return }
        tellsWritability = true
        eventLoop.assumeIsolated().execute { [self] in
            tellsWritability = false
            guard !isFinished else { return }
            peer?.writabilityChanged(connection.isWritable)
        }
    }
}
