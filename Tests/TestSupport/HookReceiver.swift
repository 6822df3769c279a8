// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOConcurrencyHelpers
import NIOCore
public import NIOHTTP1
import NIOPosix

/// An HTTP server that writes down what it is sent and answers as it is told.
public final class HookReceiver: Sendable {
    public struct Message: Sendable {
        public var headers: HTTPHeaders
        public var body: [UInt8]

        public func header(_ name: String) -> String? { headers.first(name: name) }
    }

    public let port: Int
    public let messages: NIOLockedValueBox<[Message]>
    public let answers: NIOLockedValueBox<[(HTTPResponseStatus, HTTPHeaders)]>
    private let channel: any Channel

    public init() async throws {
        let messages = NIOLockedValueBox<[Message]>([])
        let answers = NIOLockedValueBox<[(HTTPResponseStatus, HTTPHeaders)]>([])
        (self.messages, self.answers) = (messages, answers)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Handler(messages, answers))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// What came until now.
    public var received: [Message] { messages.withLockedValue { $0 } }

    /// Answers the next message so.
    public func answerNext(_ status: Int) {
        answers.withLockedValue { $0.append((HTTPResponseStatus(statusCode: status), [:])) }
    }

    public func stop() async throws { try await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let messages: NIOLockedValueBox<[Message]>
        private let answers: NIOLockedValueBox<[(HTTPResponseStatus, HTTPHeaders)]>
        private var message = Message(headers: [:], body: [])

        init(
            _ messages: NIOLockedValueBox<[Message]>,
            _ answers: NIOLockedValueBox<[(HTTPResponseStatus, HTTPHeaders)]>
        ) {
            self.messages = messages
            self.answers = answers
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): message = Message(headers: head.headers, body: [])
            case .body(let bytes): message.body += bytes.readableBytesView
            case .end:
                messages.withLockedValue { $0.append(message) }
                let (status, headers) = answers.withLockedValue { $0.isEmpty ? (.ok, [:]) : $0.removeFirst() }
                var head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
                head.headers.replaceOrAdd(name: "Content-Length", value: "0")
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
