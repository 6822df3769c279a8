// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOCore
import NIOPosix
import XStandIn

/// A connection that shows every byte, so that tests see what is really on the wire.
final class RawClient: Sendable {
    private let channel: any Channel
    private let bytes: AsyncStream<[UInt8]>

    private init(channel: any Channel, bytes: AsyncStream<[UInt8]>) {
        self.channel = channel
        self.bytes = bytes
    }

    static func connect(_ port: Int) async throws -> RawClient {
        let (bytes, continuation) = AsyncStream<[UInt8]>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Listener(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, bytes: bytes)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Everything up to a piece of text, or to the end of the connection.
    func read(until piece: String) async -> String {
        var text = ""
        for await part in bytes {
            text += String(decoding: part, as: UTF8.self)
            if text.contains(piece) { break }
        }
        return text
    }

    /// Everything up to the end of the connection.
    func readAll() async -> [UInt8] {
        var all: [UInt8] = []
        for await part in bytes { all += part }
        return all
    }

    /// Leaves what comes in the socket from now on.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func close() { channel.close(promise: nil) }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<[UInt8]>.Continuation

        init(_ continuation: AsyncStream<[UInt8]>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if let error = error as? IOError, error.errnoCode == ECONNRESET {
                continuation.yield(Array("<reset>".utf8))
            }
            context.close(promise: nil)
        }
    }
}

/// One request on a connection of its own: the head and the body of the answer.
func exchange(
    _ server: Int, _ method: String, _ target: String, headers: [String] = [], body: String = "",
    token: String? = "standin-app-token"
) async throws -> (head: String, body: [UInt8]) {
    let client = try await RawClient.connect(server)
    let lines = [
        "\(method) \(target) HTTP/1.1", "host: x.test", "connection: close",
        "content-length: \(body.utf8.count)",
    ]
    let signed = token.map { ["authorization: Bearer \($0)"] } ?? []
    try await client.send((lines + signed + headers).joined(separator: "\r\n") + "\r\n\r\n" + body)
    let all = await client.readAll()
    let end = Array("\r\n\r\n".utf8)
    guard let place = all.indices.first(where: { all[$0...].starts(with: end) }) else {
        return (String(decoding: all, as: UTF8.self), [])
    }
    return (String(decoding: all[..<place], as: UTF8.self), Array(all[(place + 4)...]))
}

/// A server for the time of a test.
func withServer(
    _ options: XServerOptions = XServerOptions(), _ body: (XServer) async throws -> Void
) async throws {
    let server = try await XServer.start(options: options)
    do {
        try await body(server)
    } catch {
        try await server.stop()
        throw error
    }
    try await server.stop()
}
