// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NIOPosix

/// One TCP connection while it speaks HTTP/1.1: requests one after the other, until one becomes a WebSocket
/// conversation or the connection ends.
///
/// ```
///   head ──▶ body or streaming ──▶ answering ──▶ next head …     (keep-alive)
///    │                               ├──▶ open ──▶ closed         (an answer without an end)
///    │                               └──▶ draining ──▶ closed     (an error, or the last answer)
///    └──▶ upgrade ──▶ WebSocketHandler takes over
/// ```
final class HTTPConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart

    enum Phase {
        /// Waits for a request's head.
        case head
        /// Has the head, collects the body.
        case body(HTTPRequestHead, ByteBuffer)
        /// Has the head, hands the body over as it arrives; the answer is being made elsewhere.
        case streaming(IncomingBody)
        /// Has the request; its answer is being made elsewhere, or its file sent.
        case answering
        /// Sends what somebody says, until one side goes; what arrives is dropped.
        case open(OpenAnswer)
        /// Has accepted an upgrade, waits for the request's formal end.
        case upgrade(UpgradeAcceptance, peer: @Sendable () -> any WebSocketPeer)
        /// Has answered for the last time; what arrives is dropped until the other side closes.
        case draining
        case upgraded
    }

    let service: HTTPService
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    var phase = Phase.head
    var admission = ConnectionGate.Admission.dropped
    var hasAnswered = false
    /// **Bytes** that the body being collected may have.
    var maxBodyLength = 0
    /// **Bytes** of it, as the tally knows them.
    var collected = 0
    /// Bodies that were streamed.
    var streams = 0
    /// **Bytes** of an answer without an end that wait to be taken.
    var untaken = 0
    /// What is being sent of a file.
    var outgoing: OutgoingFile?
    /// What was decoded while an answer was being made; no more than one read holds.
    var held: [HTTPServerRequestPart] = []
    private var timer: NIOScheduledCallback?
    private(set) var context: ChannelHandlerContext?

    init(service: HTTPService, decoder: ByteToMessageHandler<HTTPRequestDecoder>) {
        self.service = service
        self.decoder = decoder
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        admission = service.gate.admit(context.channel)
        if admission == .dropped { return turnAway(context) }
        setTimer(service.limits.requestTimeout)
    }

    /// Says why and closes at once: there is no room to wait in.
    private func turnAway(_ context: ChannelHandlerContext) {
        phase = .draining
        if let refusal = service.refusal(of: admission) {
            let bytes = service.completed(refusal).encoded(isHead: false, closes: true, isOldClient: false)
            context.writeAndFlush(NIOAny(bytes), promise: nil)
        }
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data), context)
    }

    func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (part, phase) {
        case (_, .answering): held.append(part)
        case (_, .draining), (_, .open): break
        case (_, .upgraded):
            // The decoder took more HTTP from what follows an upgrade request: it understood the request otherwise.
            context.close(promise: nil)
        case (.head(let head), .head): received(head, context)
        case (.body(let bytes), .body(let head, var body)):
            phase = .head  // gives the only other reference to the body up
            guard body.readableBytes + bytes.readableBytes <= maxBodyLength else {
                return answerLast(
                    HTTPResponse(status: .payloadTooLarge, reason: "body is too long"), to: head, context)
            }
            collected += bytes.readableBytes
            guard service.tally.collect(bytes.readableBytes) else {
                return answerLast(HTTPResponse(status: .serviceUnavailable), to: head, context)
            }
            body.writeImmutableBuffer(bytes)
            phase = .body(head, body)
        case (.end, .body(let head, let body)): answer(head, body, context)
        case (.body(let bytes), .streaming(let incoming)): arrived(bytes, incoming, context)
        case (.end, .streaming(let incoming)): ended(incoming, context)
        case (.end, .upgrade(let acceptance, let peer)): beginUpgrade(acceptance, peer, context)
        case (.head, .body), (.head, .streaming), (.head, .upgrade), (.body, .head), (.body, .upgrade),
            (.end, .head):
            // The decoder keeps the order, and an upgrade request with a body was refused.
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ShutdownEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .head = phase, error is HTTPParserError else {
            if case .draining = phase { return }
            return context.close(promise: nil)
        }
        let isTooLong = error as? HTTPParserError == .headerOverflow
        let status: HTTPResponseStatus = isTooLong ? .requestHeaderFieldsTooLarge : .badRequest
        answerLast(
            HTTPResponse(status: status, reason: isTooLong ? "head is too long" : "bad request"), to: nil,
            context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimer()
        giveUpStreams()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimer()
        giveUpBody()
        giveUpStreams()
        self.context = nil
    }
}

/// Keeping time.
extension HTTPConnectionHandler: NIOScheduledCallbackHandler {
    func setTimer(_ timeout: TimeAmount) {
        guard let context else { return }
        timer?.cancel()
        do {
            timer = try context.eventLoop.assumeIsolated().scheduleCallback(in: timeout, handler: self)
        } catch {
            // The loop is shutting down and closes its channels.
            timer = nil
        }
    }

    func stopTimer() {
        timer?.cancel()
        timer = nil
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        guard let context else { return }
        switch phase {
        case .head where hasAnswered, .draining, .upgraded:
            context.close(promise: nil)
        // A file that nobody takes.
        case .answering: if outgoing != nil { context.close(promise: nil) }
        // Nothing of what was said was taken.
        case .open: context.close(promise: nil)
        case .streaming(let incoming): checkPace(of: incoming, context)
        case .head, .body, .upgrade:
            answerLast(
                HTTPResponse(status: .requestTimeout, reason: "request took too long"), to: nil, context)
        }
    }
}
