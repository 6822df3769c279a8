// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOSSL

/// Asks a server to speak WebSocket, and makes way for ``WebSocketHandler`` when it agrees.
final class ClientHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let offer: UpgradeOffer
    private let maxHeadLength: Int
    /// Makes the handler that takes over.
    private let takeOver: (any Channel, DeflateTerms?) -> WebSocketHandler
    /// Kept or broken when the outcome is known.
    private let outcome: EventLoopPromise<Void>
    private var received = ByteBuffer()
    private var isDone = false

    init(
        offer: UpgradeOffer, maxHeadLength: Int, outcome: EventLoopPromise<Void>,
        takeOver: @escaping (any Channel, DeflateTerms?) -> WebSocketHandler
    ) {
        self.offer = offer
        self.maxHeadLength = maxHeadLength
        self.outcome = outcome
        self.takeOver = takeOver
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(offer.bytes), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        let bytes = received.readableBytesView
        guard let end = bytes.firstRange(of: [13, 10, 13, 10]) else {
            if bytes.count > maxHeadLength { fail(.handshake("head is too long"), context) }
            return
        }
        guard bytes.distance(from: bytes.startIndex, to: end.lowerBound) <= maxHeadLength,
            let head = ResponseHead(bytes[..<end.lowerBound])
        else { return fail(.handshake("no HTTP answer"), context) }
        guard head.status == 101 else { return fail(.http(status: head.status), context) }
        if let flaw = head.flaw(key: offer.key) { return fail(.handshake(flaw), context) }
        let deflate: DeflateTerms?
        do { deflate = try head.deflate(wasOffered: offer.compresses) } catch { return fail(error, context) }
        received.moveReaderIndex(to: end.upperBound)
        becomeWebSocket(deflate, context)
    }

    private func becomeWebSocket(_ deflate: DeflateTerms?, _ context: ChannelHandlerContext) {
        isDone = true
        let handler = takeOver(context.channel, deflate)
        do {
            try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
        } catch {
            outcome.fail(DialError.tcp("connection lost"))
            return context.close(promise: nil)
        }
        outcome.succeed()
        if received.readableBytes > 0 { context.fireChannelRead(NIOAny(received)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(Self.dialError(for: error), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.handshake("connection closed"), context)
        context.fireChannelInactive()
    }

    private func fail(_ error: DialError, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        outcome.fail(error)
        context.close(promise: nil)
    }

    private static func dialError(for error: any Error) -> DialError {
        switch error {
        case let error as DialError: error
        case let error as NIOSSLExtraError: .tls(error.description)
        case let error as NIOSSLError: .tls(String(describing: error))
        case let error as IOError: .tcp(error.description)
        default: .handshake(String(describing: error))
        }
    }
}
