// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NIOPosix

/// Answering.
extension HTTPConnectionHandler {
    func received(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
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
            switch head.hasBody ? service.bodies(request(head, ByteBuffer(), context)) : .collected {
            case .collected: collect(head, upTo: service.limits.maxBodyLength, context)
            case .collectedUpTo(let length): collect(head, upTo: length, context)
            case .streamed(let length, let answer): stream(head, upTo: length, context, answer)
            case .refused(let response): answerLast(response, to: head, context)
            }
        }
    }

    private func collect(_ head: HTTPRequestHead, upTo length: Int, _ context: ChannelHandlerContext) {
        guard head.announcedLength ?? 0 <= length else {
            return answerLast(
                HTTPResponse(status: .payloadTooLarge, reason: "body is too long"), to: head, context)
        }
        if head.waitsForWord { sayContinue(context) }
        maxBodyLength = length
        phase = .body(head, ByteBuffer())
    }

    func sayContinue(_ context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    func request(
        _ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext
    ) -> HTTPRequest {
        HTTPRequest(
            method: head.method, target: head.uri, headers: head.headers, body: body,
            remoteAddress: service.gate.client(of: head.headers, on: context.channel))
    }

    func giveUpBody() {
        service.tally.giveUp(collected)
        collected = 0
    }

    func answer(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        giveUpBody()
        switch service.http(request(head, body, context)) {
        case .now(let response): answer(head, response, context)
        case .later(let make):
            wait(for: NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop, make), head, context)
        case .awaited(let make): wait(for: context.eventLoop.makeFutureWithTask(make), head, context)
        case .open(let response, let begin): open(response, to: head, context, begin)
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
    func answered(_ head: HTTPRequestHead, _ result: Result<HTTPResponse, any Error>) {
        guard let context, case .answering = phase, context.channel.isActive else { return }
        switch result {
        case .success(let response): answer(head, response, context)
        // The pool of threads has ended, as the process is about to.
        case .failure: answerLast(HTTPResponse(status: .serviceUnavailable), to: head, context)
        }
        goOn(context)
    }

    /// Takes what came while an answer was being made.
    func goOn(_ context: ChannelHandlerContext) {
        let parts = held
        held = []
        for part in parts { take(part, context) }
        if case .answering = phase { return }
        setAutoRead(true, of: context.channel)
    }

    /// - Parameter isLast: whether the connection ends with it in any case.
    func answer(
        _ head: HTTPRequestHead, _ response: HTTPResponse, _ context: ChannelHandlerContext,
        isLast: Bool = false
    ) {
        // The decoder stops after a request that asks for some upgrade, so nothing may follow it. A client that does not
        // read its answers gets no further one either.
        let closes =
            isLast || !head.isKeepAlive || head.headers.contains(name: "Upgrade")
            || !context.channel.isWritable
            || admission != .admitted
        if let file = response.file, head.method != .HEAD, response.status.mayHaveResponseBody {
            return send(file, of: response, to: head, closes: closes, context)
        }
        if closes { return answerLast(response, to: head, context) }
        let isOldClient = head.version.minor == 0
        let bytes = service.completed(response).encoded(
            isHead: head.method == .HEAD, closes: false, isOldClient: isOldClient)
        context.writeAndFlush(NIOAny(bytes), promise: nil)
        awaitNext()
    }

    func awaitNext() {
        hasAnswered = true
        phase = .head
        setTimer(service.limits.keepAliveTimeout)
    }

    /// Answers, ends this direction and drops what still arrives: closing a socket with unread bytes would reset it, and
    /// the answer might never be read.
    func answerLast(
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
