// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// Bodies that are handed over as they arrive.
extension HTTPConnectionHandler {
    func stream(
        _ head: HTTPRequestHead, upTo length: Int, _ context: ChannelHandlerContext,
        _ answer: @escaping @Sendable (HTTPRequest, BodyStream) async -> HTTPResponse
    ) {
        guard head.announcedLength ?? 0 <= length else {
            return answerLast(
                HTTPResponse(status: .payloadTooLarge, reason: "body is too long"), to: head, context)
        }
        let places = service.tally.streamedBodies
        guard places.take(of: service.limits.streamedBodies) else {
            return answerLast(
                HTTPResponse(
                    status: .serviceUnavailable, contentType: "text/plain; charset=utf-8",
                    headers: ["Retry-After": "5"], text: "too many uploads at once\n"), to: head, context)
        }
        streams += 1
        let (number, loop) = (streams, context.eventLoop)
        let connection = NIOLoopBound(self, eventLoop: loop)
        let stream = BodyStream(
            length: head.announcedLength, maxWaiting: service.limits.waitingBodyBytes
        ) { loop.execute { connection.value.bodyIsWanted(number) } }
        let incoming = IncomingBody(head, stream, number: number, maxLength: length, at: loop.now)
        phase = .streaming(incoming)
        setTimer(service.limits.bodyPatience)
        let request = request(head, ByteBuffer(), context)
        loop.makeFutureWithTask { await answer(request, stream) }.assumeIsolated().whenComplete { result in
            places.leave()
            self.answered(incoming, result)
        }
    }

    func arrived(_ bytes: ByteBuffer, _ incoming: IncomingBody, _ context: ChannelHandlerContext) {
        let now = context.eventLoop.now
        incoming.add(bytes.readableBytes, at: now)
        guard incoming.received <= incoming.maxLength else { return incoming.stream.end(.tooLong) }
        guard !incoming.stream.add(bytes) else { return }
        incoming.pause(at: now)
        setAutoRead(false, of: context.channel)
    }

    func ended(_ incoming: IncomingBody, _ context: ChannelHandlerContext) {
        phase = .answering
        stopTimer()
        setAutoRead(false, of: context.channel)
        incoming.stream.end()
    }

    /// The reader asks for the first piece, or has taken enough for more to be read.
    private func bodyIsWanted(_ number: Int) {
        guard case .streaming(let incoming) = phase, incoming.number == number, let context else { return }
        if incoming.waitsForWord {
            incoming.waitsForWord = false
            incoming.resume(at: context.eventLoop.now)
            sayContinue(context)
        }
        guard incoming.pausedSince != nil, incoming.stream.waiting <= service.limits.waitingBodyBytes else {
            return
        }
        incoming.resume(at: context.eventLoop.now)
        setAutoRead(true, of: context.channel)
    }

    /// The reader has answered; what it did not want to read is dropped with the connection.
    private func answered(_ incoming: IncomingBody, _ result: Result<HTTPResponse, any Error>) {
        guard let context, context.channel.isActive else { return }
        switch phase {
        case .answering: answered(incoming.head, result)
        case .streaming(let current) where current === incoming:
            incoming.stream.end(.lost)
            let response = (try? result.get()) ?? HTTPResponse(status: .serviceUnavailable)
            answer(incoming.head, response, context, isLast: true)
            if case .draining = phase { setAutoRead(true, of: context.channel) }
        default: return
        }
    }

    func checkPace(of incoming: IncomingBody, _ context: ChannelHandlerContext) {
        let (now, limits) = (context.eventLoop.now, service.limits)
        let deadline = incoming.deadline(limits)
        if incoming.pausedSince != nil { return setTimer(limits.bodyPatience) }
        if now < deadline { return setTimer(deadline - now) }
        // Whoever reads it says so.
        incoming.stream.end(.tooSlow)
        setTimer(limits.bodyPatience)
    }

    /// Nothing comes any more, and nothing can be sent.
    func giveUpStreams() {
        if case .streaming(let incoming) = phase {
            incoming.stream.end(.lost)
            phase = .draining  // its stream knows us
        }
        if outgoing != nil { service.tally.sentFiles.leave() }
        outgoing = nil
        giveUpOpenAnswer()
    }
}
