// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import RelayTransport
import TestSupport
import Testing

@Suite struct UpgradeTests {
    private let proper = [
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    @Test func `the accept key is the one of the standard`() async throws {
        try await TestServer.run { server in
            let connection = try await RawConnection.open(to: server.port)
            let fields = proper.map { "\($0): \($1)\r\n" }.joined()
            try await connection.send("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
            var answer: [UInt8] = []
            while !answer.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                answer += try await connection.receive()
            }
            let text = String(decoding: answer, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(text.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        }
    }

    @Test(arguments: [
        ("Sec-WebSocket-Version", "8", 426), ("Sec-WebSocket-Key", "short", 400),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ!=", 400), ("Connection", "close", 400),
        ("Content-Length", "3", 400),
    ]) func `an improper upgrade request gets a proper answer`(name: String, value: String, status: Int)
        async throws
    {
        try await TestServer.run { server in
            let headers = proper.merging([name: value]) { $1 }
            let answer = try await HTTPAnswer.get("/", from: server.port, headers: headers)
            #expect(answer.status == status)
            #expect(answer.headers["connection"] == "close")
            if status == 426 { #expect(answer.headers["sec-websocket-version"] == "13") }
        }
    }

    @Test func `the decision sees path and address, and its refusal is sent`() async throws {
        try await TestServer.run(decide: { request, address in
            guard request.path != "/welcome" else { return nil }
            return HTTPResponse(
                status: .forbidden, contentType: "text/plain",
                text: "\(request.target) \(address?.ipAddress ?? "?")")
        }) { server in
            _ = try await RawWebSocket.connect(to: server.port, path: "/welcome?x=1")
            let refusal = await #expect(throws: RawWebSocket.Refused.self) {
                try await RawWebSocket.connect(to: server.port, path: "/elsewhere?y=2")
            }
            #expect(refusal?.answer.status == 403)
            let answer = try await HTTPAnswer.get("/elsewhere", from: server.port, headers: proper)
            #expect(answer.text == "/elsewhere 127.0.0.1")
        }
    }

    @Test func `a wish for another protocol is answered in plain HTTP`() async throws {
        try await TestServer.run { server in
            let answer = try await HTTPAnswer.get(
                "/", from: server.port, headers: ["Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings"])
            #expect(answer.status == 200)
            #expect(answer.text == "hi")
        }
    }

    @Test(arguments: [
        "Upgrade\t", "\tUpgrade", "upgrade,", ",upgrade", "Upgrade , x", "x\t,\tUpgrade", "close, upgrade",
        "keep-alive\r\nConnection: Upgrade", "Upgrade\r\nConnection: close", "Upgrade\r\nUpgrade: websocket",
        "Upgrade\r\nContent-Length: 0", "UPGRADE\r\nHTTP2-Settings: x",
    ])
    func `however a request to upgrade is put, what follows it cannot bring the server down`(
        connection value: String
    ) async throws {
        try await TestServer.run { server in
            let request = """
                GET / HTTP/1.1\r
                Host: x\r
                Upgrade: websocket\r
                Connection: \(value)\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r

                """
            for rest in [
                Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), WebSocketFrame.text("frame").encoded,
            ] {
                for isTogether in [true, false] {
                    let connection = try await RawConnection.open(to: server.port)
                    try await connection.send(bytes: Array(request.utf8) + (isTogether ? rest : []))
                    if !isTogether {
                        _ = try await connection.receive()
                        try await connection.send(bytes: rest)
                    }
                    _ = try await connection.receive()
                }
            }
            let client = try await RawWebSocket.connect(to: server.port)
            try await client.send("still up")
            #expect(try await client.receiveText() == "still up")
        }
    }
}
