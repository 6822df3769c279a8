// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on loopback that answers as a test says.
final class ScriptedX: Sendable {
    struct Request: Sendable {
        var method: String
        var uri: String
        var headers: [String: String]
        var body: String

        var path: String { String(uri.prefix { $0 != "?" }) }
        var token: String? { headers["authorization"].map { String($0.drop { $0 != " " }.dropFirst()) } }
    }

    enum Answer: Sendable {
        case reply(Int, String, headers: [String: String] = [:])
        case bytes(Int, [UInt8], headers: [String: String])
        /// Promises so many bytes more than it sends, and closes.
        case cut(Int, String)
        case close
        case hang
        /// Head and nothing else; lines come by ``ScriptedX/tell(_:)``.
        case stream
    }

    let port: Int
    var baseURL: String { "http://127.0.0.1:\(port)" }
    private let listener: any Channel
    private let state: NIOLockedValueBox<State>

    private struct State {
        var requests: [Request] = []
        var streams: [ObjectIdentifier: any Channel] = [:]
        var connections: [ObjectIdentifier: any Channel] = [:]
    }

    /// - Parameter answer: what is answered to a request; the number counts those before it.
    init(_ answer: @escaping @Sendable (Request, Int) async -> Answer) async throws {
        let state = NIOLockedValueBox(State())
        self.state = state
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    state.withLockedValue { $0.connections[ObjectIdentifier(channel)] = channel }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Conversation(answer) { request in
                            state.withLockedValue {
                                $0.requests.append(request)
                                return $0.requests.count - 1
                            }
                        } opened: { channel in
                            state.withLockedValue { $0.streams[ObjectIdentifier(channel)] = channel }
                        } closed: { channel in
                            state.withLockedValue {
                                $0.streams[ObjectIdentifier(channel)] = nil
                                $0.connections[ObjectIdentifier(channel)] = nil
                            }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    var requests: [Request] { state.withLockedValue { $0.requests } }
    var streams: Int { state.withLockedValue { $0.streams.count } }

    /// Writes text to every open stream.
    func tell(_ text: String) {
        for channel in state.withLockedValue({ Array($0.streams.values) }) {
            channel.writeAndFlush(
                HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
        }
    }

    func endStreams() {
        for channel in state.withLockedValue({ Array($0.streams.values) }) { channel.close(promise: nil) }
    }

    func stop() async {
        try? await listener.close()
        for channel in state.withLockedValue({ Array($0.connections.values) }) { try? await channel.close() }
    }
}

/// One connection: requests one after the other.
private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (ScriptedX.Request, Int) async -> ScriptedX.Answer
    private let note: @Sendable (ScriptedX.Request) -> Int
    private let opened: @Sendable (any Channel) -> Void
    private let closed: @Sendable (any Channel) -> Void
    private var request = ScriptedX.Request(method: "", uri: "", headers: [:], body: "")

    init(
        _ answer: @escaping @Sendable (ScriptedX.Request, Int) async -> ScriptedX.Answer,
        note: @escaping @Sendable (ScriptedX.Request) -> Int,
        opened: @escaping @Sendable (any Channel) -> Void,
        closed: @escaping @Sendable (any Channel) -> Void
    ) {
        self.answer = answer
        self.note = note
        self.opened = opened
        self.closed = closed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in
                first
            }
            request = ScriptedX.Request(
                method: head.method.rawValue, uri: head.uri, headers: headers, body: "")
        case .body(let bytes): request.body += String(buffer: bytes)
        case .end:
            let (request, channel) = (request, context.channel)
            let number = note(request)
            let (answer, opened) = (answer, opened)
            Task {
                let answered = await answer(request, number)
                Sending.send(answered, on: channel, opened)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { closed(context.channel) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

private enum Sending {
    static func send(
        _ answer: ScriptedX.Answer, on channel: any Channel, _ opened: @Sendable (any Channel) -> Void
    ) {
        func head(_ status: Int, _ headers: [String: String], length: Int?) {
            var all = HTTPHeaders(headers.map { ($0.key, $0.value) })
            if all["content-type"].isEmpty {
                all.add(name: "content-type", value: "application/json; charset=utf-8")
            }
            if let length { all.add(name: "content-length", value: String(length)) }
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: all)
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
        }
        func body(_ bytes: [UInt8]) {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
        }
        switch answer {
        case .reply(let status, let text, let headers):
            head(status, headers, length: text.utf8.count)
            body(Array(text.utf8))
            channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        case .bytes(let status, let bytes, let headers):
            head(status, headers, length: bytes.count)
            body(bytes)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        case .cut(let status, let text):
            head(status, [:], length: text.utf8.count + 100)
            channel.writeAndFlush(
                HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text)))
            ).whenComplete { _ in channel.close(promise: nil) }
        case .close: channel.close(promise: nil)
        case .hang: break
        case .stream:
            head(200, [:], length: nil)
            channel.flush()
            opened(channel)
        }
    }
}
