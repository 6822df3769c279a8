// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// Answers without an end. Their length is unknown, so the connection ends with them; meanwhile the socket is read, as only
/// so a client that has gone is noticed.
extension HTTPConnectionHandler {
    func open(
        _ response: HTTPResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext,
        _ begin: (OpenAnswer) -> Void
    ) {
        // Those that are let in only to be told why not, and whoever has not taken an earlier answer yet, get no place.
        guard admission == .admitted, context.channel.isWritable,
            head.method == .HEAD || service.tally.openAnswers.take(of: service.limits.openAnswers)
        else {
            return answerLast(
                HTTPResponse(
                    status: .serviceUnavailable, contentType: "text/plain; charset=utf-8",
                    headers: ["Retry-After": "15"], text: "too many listeners at once\n"), to: head, context)
        }
        let bytes = service.completed(response).encoded(
            isHead: true, closes: true, isOldClient: false, isOpen: true)
        context.writeAndFlush(NIOAny(bytes), promise: nil)
        if head.method == .HEAD { return endAnswer(context) }
        stopTimer()
        let answer = OpenAnswer(self, on: context.eventLoop)
        phase = .open(answer)
        begin(answer)
    }

    func send(_ bytes: ByteBuffer, of answer: OpenAnswer) {
        guard case .open(let current) = phase, current === answer, let context else { return }
        if untaken == 0 { setTimer(service.limits.stallTimeout) }
        untaken += bytes.readableBytes
        guard untaken <= service.limits.openAnswerBytes else { return context.close(promise: nil) }
        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.assumeIsolated().whenSuccess { self.took(bytes.readableBytes, of: answer) }
        context.writeAndFlush(NIOAny(bytes), promise: taken)
    }

    private func took(_ count: Int, of answer: OpenAnswer) {
        guard case .open(let current) = phase, current === answer else { return }
        untaken -= count
        if untaken == 0 { stopTimer() } else { setTimer(service.limits.stallTimeout) }
    }

    func end(_ answer: OpenAnswer) {
        guard case .open(let current) = phase, current === answer, let context else { return }
        giveUpOpenAnswer()
        endAnswer(context)
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        phase = .draining
        let channel = context.channel
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: sent)
        setTimer(service.limits.closeTimeout)
    }

    func giveUpOpenAnswer() {
        guard case .open(let answer) = phase else { return }
        phase = .draining  // the answer knows us
        untaken = 0
        answer.clientLeft()
        service.tally.openAnswers.leave()
    }
}
