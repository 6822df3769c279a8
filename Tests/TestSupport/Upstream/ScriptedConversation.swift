// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CCrypto
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NostrCore

/// One connection to a ``ScriptedRelay``: HTTP first, then perhaps WebSocket.
final class ScriptedConversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    let state: NIOLockedValueBox<ScriptedRelay.State>
    private var context: ChannelHandlerContext?
    private(set) var number = 0
    private var received: [UInt8] = []
    private var start = 0
    private var fragments: [UInt8] = []
    private var phase = Phase.http
    /// Bytes that wait for the next drop of a drip.
    private var waiting: [UInt8] = []
    private var isDripping = false
    var subscriptions: [SubscriptionID: [Filter]] = [:]
    var isAuthenticated = false

    private enum Phase { case http, webSocket, over }

    init(_ state: NIOLockedValueBox<ScriptedRelay.State>) { self.state = state }

    var script: UpstreamScript { state.withLockedValue { $0.script } }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        number = state.withLockedValue { state in
            state.record.connections += 1
            state.record.connectedAt.append(.now)
            state.connectionsSeen += 1
            state.conversations[state.connectionsSeen] = bound
            return state.connectionsSeen
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let (number, wasOpen, count) = (number, phase == .webSocket, subscriptions.count)
        state.withLockedValue { state in
            state.conversations[number] = nil
            if wasOpen { state.record.openConversations -= 1 }
            state.record.openSubscriptions -= count
        }
        phase = .over
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += Array(unwrapInboundIn(data).readableBytesView)
        switch phase {
        case .http: readHead()
        case .webSocket: readFrames()
        case .over: break
        }
    }

    func hangUp() { context?.close(promise: nil) }

    // MARK: HTTP

    private func readHead() {
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received.removeFirst(end.upperBound)
        let fields = head.split(separator: "\r\n").dropFirst().reduce(into: [String: String]()) {
            fields, line in
            guard let colon = line.firstIndex(of: ":") else { return }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
        if fields["upgrade"]?.lowercased() == "websocket" {
            takeHandshake(key: fields["sec-websocket-key"] ?? "")
        } else {
            state.withLockedValue { $0.record.informationRequests.append(head) }
            answerInformation()
        }
    }

    private func answerInformation() {
        switch script.information {
        case .notFound: writeLast("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        case .document(let body):
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/nostr+json\r\n"
            writeLast("\(head)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        case .raw(let bytes): writeLast(bytes)
        case .redirect(let place):
            writeLast("HTTP/1.1 302 Found\r\nLocation: \(place)\r\nContent-Length: 0\r\n\r\n")
        case .silence: break
        }
    }

    private func takeHandshake(key: String) {
        switch script.handshake {
        case .refuse(let status): writeLast("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n")
        case .silence: break
        case .garbage(let bytes): writeLast(bytes)
        case .accept:
            let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            write(Array("\(head)Sec-WebSocket-Accept: \(Self.accept(key))\r\n\r\n".utf8))
            phase = .webSocket
            state.withLockedValue { state in
                state.record.conversations += 1
                state.record.openConversations += 1
            }
            opened()
            readFrames()
        }
    }

    private static func accept(_ key: String) -> String {
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        SHA1(text, text.count, &digest)
        return Data(digest).base64EncodedString()
    }

    // MARK: Frames

    private func readFrames() {
        while phase == .webSocket, let frame = WebSocketFrame.decode(received, from: &start) {
            switch frame.opcode {
            case 0, 1:
                fragments += frame.payload
                guard frame.isFinal else { continue }
                let message = fragments
                fragments = []
                state.withLockedValue { $0.record.bytesReceived += message.count }
                heard(message)
            case 8: return hangUp()
            case 9:
                var pong = WebSocketFrame(opcode: 10, payload: frame.payload)
                pong.mask = nil
                write(pong.encoded)
            default: break
            }
        }
        received.removeFirst(start)
        start = 0
    }

    /// Sends a text message.
    func say(_ text: String) {
        state.withLockedValue { $0.record.bytesSent += text.utf8.count }
        write(WebSocketFrame.fromServer(text))
    }

    /// Closes with 1009 (RFC 6455 §7.4.1).
    func sayTooLong() {
        var close = WebSocketFrame(opcode: 8, payload: [0x03, 0xF1])
        close.mask = nil
        writeLast(close.encoded)
    }

    private func writeLast(_ text: String) { writeLast(Array(text.utf8)) }

    private func writeLast(_ bytes: [UInt8]) {
        phase = .over
        guard let context else { return }
        if drip != nil { return write(bytes) }
        let channel = context.channel
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes))).assumeIsolated().whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
    }

    /// Sends bytes, all at once or as the drip says.
    func write(_ bytes: [UInt8]) {
        guard drip != nil || isDripping else {
            context?.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
            return
        }
        waiting += bytes
        if !isDripping { sendDrop() }
    }

    /// How slowly it speaks now.
    private var drip: UpstreamScript.Drip? {
        script.drip.flatMap { $0.sparesHandshake && phase != .webSocket ? nil : $0 }
    }

    private func sendDrop() {
        guard let context, !waiting.isEmpty else { return isDripping = false }
        isDripping = true
        let drip = drip ?? UpstreamScript.Drip(bytes: waiting.count, every: .milliseconds(1))
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: waiting.prefix(drip.bytes))), promise: nil)
        waiting.removeFirst(min(drip.bytes, waiting.count))
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(drip.pause)) { self.sendDrop() }
    }

    func after(_ pause: Duration, _ body: @escaping () -> Void) {
        guard pause > .zero, let context else { return body() }
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause), body)
    }
}
