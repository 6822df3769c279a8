// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// A TCP or TLS server that answers the first request head with whatever its closure makes of it.
final class ScriptedServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let receivedBox: NIOLockedValueBox<[UInt8]>

    /// Everything received, over all connections.
    var received: [UInt8] { receivedBox.withLockedValue { $0 } }

    /// - Parameter answer: gets the request's head; its result is sent as it is.
    init(tls: NIOSSLContext? = nil, answer: @escaping @Sendable (String) -> [UInt8]) async throws {
        let received = NIOLockedValueBox<[UInt8]>([])
        receivedBox = received
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(Script(received: received, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func close() async throws { try await channel.close().get() }

    private final class Script: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let received: NIOLockedValueBox<[UInt8]>
        private let answer: @Sendable (String) -> [UInt8]
        private var head = ""
        private var hasAnswered = false

        init(received: NIOLockedValueBox<[UInt8]>, answer: @escaping @Sendable (String) -> [UInt8]) {
            self.received = received
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            received.withLockedValue { $0 += bytes.readableBytesView }
            guard !hasAnswered else { return }
            head += String(buffer: bytes)
            guard head.contains("\r\n\r\n") else { return }
            hasAnswered = true
            let bytesToSend = answer(head)
            if !bytesToSend.isEmpty {
                context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytesToSend)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
