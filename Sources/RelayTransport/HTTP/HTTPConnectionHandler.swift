// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NIOPosix

/// One TCP connection while it speaks HTTP/1.1: requests one after the other, until one becomes a WebSocket
/// conversation or the connection ends.
///
/// ```
///   head ──▶ body ──▶ answering ──▶ next head …     (keep-alive)
///    │                  └──▶ draining ──▶ closed     (an error, or the last answer)
///    └──▶ upgrade ──▶ WebSocketHandler takes over
/// ```
final class HTTPConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart

    enum Phase {
        /// Waits for a request's head.
        case head
        /// Has the head, collects the body.
        case body(HTTPRequestHead, ByteBuffer)
        /// Has the request; its answer is being made elsewhere.
        case answering
        /// Has accepted an upgrade, waits for the request's formal end.
        case upgrade(UpgradeAcceptance, peer: @Sendable () -> any WebSocketPeer)
        /// Has answered for the last time; what arrives is dropped until the other side closes.
        case draining
        case upgraded
    }

    let service: HTTPService
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    var phase = Phase.head
    private var admission = ConnectionGate.Admission.dropped
    private var hasAnswered = false
    /// **Bytes** of the body being collected, as the tally knows them.
    private var collected = 0
    /// What was decoded while an answer was being made; no more than one read holds.
    private var held: [HTTPServerRequestPart] = []
    private var timer: NIOScheduledCallback?
    private var context: ChannelHandlerContext?

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

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (part, phase) {
        case (_, .answering): held.append(part)
        case (_, .draining): break
        case (_, .upgraded):
            // The decoder took more HTTP from what follows an upgrade request: it understood the request otherwise.
            context.close(promise: nil)
        case (.head(let head), .head): received(head, context)
        case (.body(let bytes), .body(let head, var body)):
            phase = .head  // gives the only other reference to the body up
            guard body.readableBytes + bytes.readableBytes <= service.limits.maxBodyLength else {
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
        case (.end, .upgrade(let acceptance, let peer)): beginUpgrade(acceptance, peer, context)
        case (.head, .body), (.head, .upgrade), (.body, .head), (.body, .upgrade), (.end, .head):
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
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimer()
        giveUpBody()
        self.context = nil
    }
}

/// Answering.
extension HTTPConnectionHandler {
    private func received(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        setTimer(service.limits.requestTimeout)
        let client = service.gate.client(of: head.headers, on: context.channel)
        if admission.mayAsk {
            let admission = service.gate.admitRequest(of: client, on: context.channel)
            if let refusal = service.refusal(of: admission) { return answerLast(refusal, to: head, context) }
        }
        if let refusal = service.refusal(of: head, admission: admission) {
            return answerLast(refusal, to: head, context)
        }
        switch UpgradeRequest(head, compresses: service.compression.isOn) {
        case .improper(let response): answerLast(response, to: head, context)
        case .proper(let acceptance):
            let admission = service.gate.admitConversation(of: client, on: context.channel)
            if let refusal = service.refusal(of: admission) { return answerLast(refusal, to: head, context) }
            switch service.webSocket(request(head, ByteBuffer(), context), client) {
            case .accept(let makePeer): phase = .upgrade(acceptance.from(client), peer: makePeer)
            case .refuse(let response): answerLast(response, to: head, context)
            }
        case .none:
            if head.headers.lists("100-continue", in: "Expect") {
                context.writeAndFlush(
                    NIOAny(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
            phase = .body(head, ByteBuffer())
        }
    }

    private func request(
        _ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext
    ) -> HTTPRequest {
        HTTPRequest(
            method: head.method, target: head.uri, headers: head.headers, body: body,
            remoteAddress: service.gate.client(of: head.headers, on: context.channel))
    }

    private func giveUpBody() {
        service.tally.giveUp(collected)
        collected = 0
    }

    private func answer(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        giveUpBody()
        switch service.http(request(head, body, context)) {
        case .now(let response): answer(head, response, context)
        case .later(let make):
            wait(for: NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop, make), head, context)
        case .awaited(let make): wait(for: context.eventLoop.makeFutureWithTask(make), head, context)
        }
    }

    private func wait(
        for response: EventLoopFuture<HTTPResponse>, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        phase = .answering
        stopTimer()
        setAutoRead(false, of: context.channel)
        response.assumeIsolated().whenComplete { [self] result in answered(head, result) }
    }

    /// The answer was made; what came meanwhile is next.
    private func answered(_ head: HTTPRequestHead, _ result: Result<HTTPResponse, any Error>) {
        guard let context, case .answering = phase, context.channel.isActive else { return }
        switch result {
        case .success(let response): answer(head, response, context)
        // The pool of threads has ended, as the process is about to.
        case .failure: answerLast(HTTPResponse(status: .serviceUnavailable), to: head, context)
        }
        let parts = held
        held = []
        for part in parts { take(part, context) }
        if case .answering = phase { return }
        setAutoRead(true, of: context.channel)
    }

    private func answer(
        _ head: HTTPRequestHead, _ response: HTTPResponse, _ context: ChannelHandlerContext
    ) {
        // The decoder stops after a request that asks for some upgrade, so nothing may follow it. A client that does not
        // read its answers gets no further one either.
        let closes =
            !head.isKeepAlive || head.headers.contains(name: "Upgrade") || !context.channel.isWritable
            || admission != .admitted
        if closes { return answerLast(response, to: head, context) }
        let isOldClient = head.version.minor == 0
        let bytes = service.completed(response).encoded(
            isHead: head.method == .HEAD, closes: false, isOldClient: isOldClient)
        context.writeAndFlush(NIOAny(bytes), promise: nil)
        hasAnswered = true
        phase = .head
        setTimer(service.limits.keepAliveTimeout)
    }

    /// Answers, ends this direction and drops what still arrives: closing a socket with unread bytes would reset it, and
    /// the answer might never be read.
    private func answerLast(
        _ response: HTTPResponse, to head: HTTPRequestHead?, _ context: ChannelHandlerContext
    ) {
        phase = .draining
        giveUpBody()
        let bytes = service.completed(response).encoded(
            isHead: head?.method == .HEAD, closes: true, isOldClient: false)
        let channel = context.channel
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        context.writeAndFlush(NIOAny(bytes), promise: sent)
        setTimer(service.limits.closeTimeout)
    }
}

/// Keeping time.
extension HTTPConnectionHandler: NIOScheduledCallbackHandler {
    private func setTimer(_ timeout: TimeAmount) {
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
        case .answering: break
        case .head, .body, .upgrade:
            answerLast(
                HTTPResponse(status: .requestTimeout, reason: "request took too long"), to: nil, context)
        }
    }
}
