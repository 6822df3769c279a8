// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NIOPosix

/// A file that is being sent.
final class OutgoingFile {
    let file: HTTPFile
    /// What is left, in **bytes** of the file.
    var rest: Range<Int64>
    let closes: Bool

    init(_ part: FilePart, closes: Bool) {
        file = part.file
        rest = part.range
        self.closes = closes
    }
}

/// Answers that are files: a piece is read away from the event loop, sent, and followed by the next when the kernel has it.
extension HTTPConnectionHandler {
    func send(
        _ part: FilePart, of response: HTTPResponse, to head: HTTPRequestHead, closes: Bool,
        _ context: ChannelHandlerContext
    ) {
        guard service.tally.sentFiles.take(of: service.limits.filesAtOnce) else {
            let response = HTTPResponse(
                status: .serviceUnavailable, contentType: "text/plain; charset=utf-8",
                headers: ["Retry-After": "5"], text: "too many downloads at once\n")
            return answerLast(response, to: head, context)
        }
        phase = .answering
        setAutoRead(false, of: context.channel)
        let bytes = service.completed(response).encoded(
            isHead: false, closes: closes, isOldClient: head.version.minor == 0)
        context.writeAndFlush(NIOAny(bytes), promise: nil)
        let outgoing = OutgoingFile(part, closes: closes)
        self.outgoing = outgoing
        sendNext(of: outgoing)
    }

    private func sendNext(of outgoing: OutgoingFile) {
        guard self.outgoing === outgoing, let context else { return }
        guard !outgoing.rest.isEmpty else { return sentAll(of: outgoing, context) }
        setTimer(service.limits.stallTimeout)
        let (file, offset) = (outgoing.file, outgoing.rest.lowerBound)
        let count = min(service.limits.filePiece, outgoing.rest.count)
        NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
            try file.read(count, at: offset)
        }.assumeIsolated().whenComplete { [self] result in
            guard self.outgoing === outgoing, let context = self.context else { return }
            // Its length was announced: a client that gets less sees that.
            guard case .success(let piece) = result, piece.readableBytes == count else {
                return context.close(promise: nil)
            }
            outgoing.rest = (offset + Int64(count))..<outgoing.rest.upperBound
            let taken = context.eventLoop.makePromise(of: Void.self)
            taken.futureResult.assumeIsolated().whenSuccess { self.sendNext(of: outgoing) }
            context.writeAndFlush(NIOAny(piece), promise: taken)
        }
    }

    private func sentAll(of outgoing: OutgoingFile, _ context: ChannelHandlerContext) {
        self.outgoing = nil
        service.tally.sentFiles.leave()
        if outgoing.closes {
            phase = .draining
            context.channel.close(mode: .output, promise: nil)
            setTimer(service.limits.closeTimeout)
        } else {
            awaitNext()
        }
        goOn(context)
    }
}
