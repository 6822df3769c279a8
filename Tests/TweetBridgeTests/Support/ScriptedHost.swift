// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A host that answers each request with whatever bytes its script makes of the head, and ends the connection then.
final class ScriptedHost: Sendable {
    /// What to send; `nil` for nothing, and the connection stays.
    typealias Script = @Sendable (_ head: String) -> [UInt8]?

    let port: Int
    var url: String { "http://127.0.0.1:\(port)" }
    private let channel: any Channel
    private let asked: NIOLockedValueBox<[String]>

    /// The heads that came.
    var heads: [String] { asked.withLockedValue { $0 } }

    init(_ script: @escaping Script) async throws {
        let asked = NIOLockedValueBox<[String]>([])
        self.asked = asked
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Performer(asked, script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    static func run<Value>(_ script: @escaping Script, _ body: (ScriptedHost) async throws -> Value)
        async throws
        -> Value
    {
        let host = try await ScriptedHost(script)
        do {
            let value = try await body(host)
            try await host.channel.close().get()
            return value
        } catch {
            try await host.channel.close().get()
            throw error
        }
    }

    /// An answer of HTTP/1.1.
    static func answer(
        _ status: Int = 200, _ headers: [String: String] = [:], body: [UInt8] = [], length: Int? = nil
    ) -> [UInt8] {
        var fields = ["Content-Length": "\(length ?? body.count)", "Connection": "close"]
        fields.merge(headers) { $1 }
        let lines = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) X\r\n\(lines)\r\n".utf8) + body
    }

    private final class Performer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let asked: NIOLockedValueBox<[String]>
        private let script: Script
        private var head = ""
        private var isDone = false

        init(_ asked: NIOLockedValueBox<[String]>, _ script: @escaping Script) {
            self.asked = asked
            self.script = script
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !isDone else { return }
            head += String(buffer: unwrapInboundIn(data))
            guard head.contains("\r\n\r\n") else { return }
            isDone = true
            asked.withLockedValue { $0.append(head) }
            guard let bytes = script(head) else { return }
            let channel = context.channel
            context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes))).whenComplete { _ in
                channel.close(promise: nil)
            }
        }
    }
}
