// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

/// A whole conversation over a real socket, with a client that shares no code with the transport.
@Suite struct ConversationTests {
    @Test func `messages come back`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let long = String(repeating: "long ", count: 30_000)
            for text in ["a", "", "Grüße 🪶", String(repeating: "x", count: 126), long] {
                try await client.send(text)
                #expect(try await client.receiveText() == text)
            }
            await client.close()
            #expect(try await server.log().end() == .closedByPeer(.normal, reason: ""))
            #expect(try await server.log().entries.opened == 1)
        }
    }

    @Test func `a message in pieces is one message, and pings in between are answered`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            var first = WebSocketFrame.text("one ")
            first.isFinal = false
            var last = WebSocketFrame(opcode: 0, payload: Array("two".utf8))
            last.mask = 7
            try await client.send(first)
            try await client.send(.ping([1, 2, 3]))
            #expect(try await client.receive() == .pong([1, 2, 3]))
            try await client.send(last)
            #expect(try await client.receive() == .text("one two"))
        }
    }

    @Test func `many messages of one read are one burst`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let frames = (0..<100).flatMap { WebSocketFrame.text("\($0)").encoded }
            try await client.send(bytes: frames)
            for number in 0..<100 { #expect(try await client.receiveText() == "\(number)") }
            let entries = try await server.log().entries
            #expect(entries.messages == (0..<100).map(String.init))
            #expect(entries.bursts <= 3)
        }
    }

    @Test func `frames sent together with the upgrade request are not lost`() async throws {
        try await TestServer.run { server in
            let connection = try await RawConnection.open(to: server.port)
            let request = """
                GET / HTTP/1.1\r
                Host: x\r
                Upgrade: WebSocket\r
                Connection: keep-alive, Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r

                """
            let frames = ["early", "bird"].flatMap { WebSocketFrame.text($0).encoded }
            try await connection.send(bytes: Array(request.utf8) + frames)
            let log = try await server.log()
            try await eventually("both messages") { log.entries.messages == ["early", "bird"] }
            try await eventually("the end of the burst") { log.entries.bursts > 0 }
            var answer: [UInt8] = []
            while !answer.ends(with: "bird") { answer += try await connection.receive() }
            #expect(String(decoding: answer.prefix(12), as: UTF8.self) == "HTTP/1.1 101")
        }
    }

    @Test func `a paused peer gets nothing until it resumes, and then all in order`() async throws {
        let pausing: RecordingPeer.Answer = { connection, _ in connection.pauseReading() }
        try await TestServer.run(answer: pausing) { server in
            let client = try await RawWebSocket.connect(to: server.port)
            try await client.send(bytes: (0..<3).flatMap { WebSocketFrame.text("\($0)").encoded })
            let log = try await server.log()
            for count in 1...3 {
                try await eventually("message \(count)") { log.entries.messages.count == count }
                // A turn of the loop later there is still only one more message.
                try await log.withConnection { _ in }
                #expect(log.entries.messages == (0..<count).map(String.init))
                try await log.withConnection { $0.resumeReading() }
            }
        }
    }

    @Test func `a shared body reaches every reader whole, long or short`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let log = try await server.log()
            for length in [0, 10, 200, 16_384, 70_000] {
                let body = ByteBuffer(repeating: UInt8(ascii: "b"), count: length)
                try await log.withConnection { connection in
                    let (header, trailer) = (Array("[header,".utf8), Array("]".utf8))
                    connection.sendShared(header: header.span, body: body, trailer: trailer.span)
                    connection.flush()
                }
                let text = try await client.receiveText()
                #expect(text == "[header," + String(repeating: "b", count: length) + "]")
            }
        }
    }

    @Test func `a frame may be written straight into the buffer, whatever its length`() async throws {
        try await TestServer.run { server in
            let client = try await RawWebSocket.connect(to: server.port)
            let log = try await server.log()
            for length in [0, 125, 126, 65_535, 65_536, 200_000] {
                let text = String(repeating: "z", count: length)
                try await log.withConnection { connection in
                    connection.withFrame { $0.writeString("first") }
                    connection.withFrame { $0.writeString(text) }
                    connection.withFrame { $0.writeString("last") }
                    connection.flush()
                }
                #expect(try await client.receiveText() == "first")
                #expect(try await client.receiveText() == text)
                #expect(try await client.receiveText() == "last")
            }
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
