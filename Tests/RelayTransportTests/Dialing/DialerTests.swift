// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import RelayTransport

@Suite struct DialerTests {
    @Test func `both sides of the transport understand each other`() async throws {
        try await TestServer.run { server in
            try await Dialer.run { dialer in
                let log = try await dialer.conversation(with: .local(server.port))
                #expect(log.entries.opened == 1)
                let texts = [
                    "", "hello", String(repeating: "é", count: 300), String(repeating: "x", count: 200_000),
                ]
                try await log.withConnection { connection in
                    for text in texts { connection.send(Array(text.utf8).span) }
                    let (header, trailer) = (Array("<".utf8), Array(">".utf8))
                    connection.sendShared(
                        header: header.span, body: ByteBuffer(string: "shared"), trailer: trailer.span)
                    connection.flush()
                }
                try await eventually("all echoes") { log.entries.messages == texts + ["<shared>"] }
                try await log.withConnection { $0.close(.normal, reason: "done") }
                #expect(try await log.end() == .closedHere(.normal))
                #expect(try await server.log().end() == .closedByPeer(.normal, reason: "done"))
                try await eventually("both ends are closed") {
                    server.listener.statistics.openConnections == 0
                }
            }
        }
    }

    @Test func `a server that closes is answered, and heard`() async throws {
        try await TestServer.run { server in
            try await Dialer.run { dialer in
                let log = try await dialer.conversation(with: .local(server.port))
                try await server.log().withConnection { $0.close(.serviceRestart, reason: "back soon") }
                #expect(try await log.end() == .closedByPeer(.serviceRestart, reason: "back soon"))
                try await eventually("both ends are closed") {
                    server.listener.statistics.openConnections == 0
                }
            }
        }
    }

    @Test func `path, authority and further headers are sent`() async throws {
        let server = try await ScriptedServer { _ in Array("HTTP/1.1 404 Not Found\r\n\r\n".utf8) }
        try await Dialer.run({ $0.headers = ["User-Agent": "Test/1", "Host": "evil"] }) { dialer in
            var target = DialTarget.local(server.port, path: "/inbox?x=1")
            target.authority = "relay.test:7777"
            await #expect(throws: DialError.http(status: 404)) { try await dialer.conversation(with: target) }
            let request = String(decoding: server.received, as: UTF8.self)
            #expect(request.hasPrefix("GET /inbox?x=1 HTTP/1.1\r\nHost: relay.test:7777\r\n"))
            #expect(request.contains("\r\nUser-Agent: Test/1\r\n"))
            #expect(!request.contains("evil"))
        }
        try await server.close()
    }

    @Test func `frames that come with the answer are not lost`() async throws {
        let server = try await ScriptedServer { head in
            Array(ResponseHeadTests.acceptance(of: head).utf8) + WebSocketFrame.text("at once").bare.encoded
        }
        try await Dialer.run { dialer in
            let log = try await dialer.conversation(with: .local(server.port))
            try await eventually("the message") { log.entries.messages == ["at once"] }
        }
        try await server.close()
    }

    @Test func `a server that masks its frames is told so`() async throws {
        let server = try await ScriptedServer { head in
            Array(ResponseHeadTests.acceptance(of: head).utf8) + WebSocketFrame.text("masked").encoded
        }
        try await Dialer.run { dialer in
            let log = try await dialer.conversation(with: .local(server.port))
            #expect(try await log.end() == .violation(.masked))
            try await eventually("the close frame") {
                var start = server.received.count - 8 - ProtocolViolation.masked.text.utf8.count
                guard start > 0, let frame = WebSocketFrame.decode(server.received, from: &start) else {
                    return false
                }
                return frame.opcode == 8 && frame.payload.prefix(2) == [3, 0xEA]
            }
        }
        try await server.close()
    }

    @Test(arguments: [
        ("HTTP/1.1 301 Moved\r\nLocation: ws://127.0.0.1/\r\n\r\n", DialError.http(status: 301)),
        ("HTTP/1.1 503 Busy\r\n\r\n", .http(status: 503)),
        ("SSH-2.0-OpenSSH\r\n\r\n", .handshake("no HTTP answer")),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .handshake("no upgrade to websocket")),
        (
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
            .handshake("wrong accept key")
        ),
        (String(repeating: "x", count: 20_000), .handshake("head is too long")),
    ]) func `a bad answer has its error`(answer: String, error: DialError) async throws {
        let server = try await ScriptedServer { _ in Array(answer.utf8) }
        try await Dialer.run { dialer in
            await #expect(throws: error) { try await dialer.conversation(with: .local(server.port)) }
        }
        try await server.close()
    }
}
