// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import RelayTransport
import TestSupport
import Testing

@Suite struct HTTPTests {
    /// Says back what it was asked.
    private static let mirror: @Sendable (HTTPRequest) -> HTTPResponse = { request in
        HTTPResponse(
            contentType: "text/plain", headers: ["X-Mirror": "yes"],
            text: "\(request.method.rawValue) \(request.path) \(String(buffer: request.body))"
        )
    }

    /// Sends text and reads until the other side closes.
    private func exchange(_ text: String, with server: TestServer) async throws -> String {
        let connection = try await RawConnection.open(to: server.port)
        try await connection.send(text)
        var answer: [UInt8] = []
        while case let bytes = try await connection.receive(), !bytes.isEmpty { answer += bytes }
        return String(decoding: answer, as: UTF8.self)
    }

    @Test(arguments: ["GET", "OPTIONS", "POST"]) func `methods reach the closure`(method: String) async throws
    {
        try await TestServer.run(http: Self.mirror) { server in
            let answer = try await HTTPAnswer.get("/a%20b?c=d?e", from: server.port, method: method)
            #expect(answer.status == 200)
            #expect(answer.text == "\(method) /a%20b ")
            #expect(answer.headers["x-mirror"] == "yes")
        }
    }

    @Test func `HEAD announces the body and keeps it`() async throws {
        try await TestServer.run(http: Self.mirror) { server in
            let answer = try await HTTPAnswer.get("/x", from: server.port, method: "HEAD")
            #expect(answer.headers["content-length"] == "8")
            #expect(answer.body.isEmpty)
        }
    }

    @Test func `bodies arrive whole, also in chunks and after a 100`() async throws {
        try await TestServer.run(http: Self.mirror) { server in
            let sized = try await exchange(
                "POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
                with: server)
            #expect(sized.hasSuffix("POST /p hello"))
            let chunked = try await exchange(
                "POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", with: server)
            #expect(chunked.hasSuffix("POST /p abcde"))
            let expecting = try await exchange(
                "POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n!",
                with: server)
            #expect(expecting.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a connection is kept for further requests, pipelined ones too`() async throws {
        try await TestServer.run(http: Self.mirror) { server in
            let answers = try await exchange(
                "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\nHost: x\r\n\r\n",
                with: server)
            #expect(answers.components(of: "HTTP/1.1 200 OK") == 3)
            #expect(answers.contains("GET /2 ") && answers.hasSuffix("GET /3 "))
        }
    }

    @Test func `HTTP 1.0 ends after one answer`() async throws {
        try await TestServer.run(http: Self.mirror) { server in
            let answer = try await exchange("GET /old HTTP/1.0\r\n\r\n", with: server)
            #expect(answer.hasSuffix("GET /old "))
        }
    }

    @Test(arguments: [
        ("CONNECT a.test:1 HTTP/1.1\r\nHost: x\r\n\r\n", 501),
        ("nonsense\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        ("GET /\(String(repeating: "a", count: 2_000)) HTTP/1.1\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 2_000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\n" + (0..<150).map { "A\($0): b\r\n" }.joined() + "\r\n", 431),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", 413),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n\(String(repeating: "b", count: 101))\r\n",
            413
        ),
        ("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ]) func `a bad request gets its status and the end`(request: String, status: Int) async throws {
        var limits = TransportLimits.patient
        limits.maxHeadLength = 1_500
        limits.maxBodyLength = 100
        try await TestServer.run(limits) { server in
            let answer = try await exchange(request, with: server)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("Connection: close\r\n"))
        }
    }

    @Test func `a request that trickles in is ended`() async throws {
        var limits = TransportLimits.patient
        limits.requestTimeout = .milliseconds(50)
        try await TestServer.run(limits) { server in
            for start in [
                "", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc",
            ] {
                let answer = try await exchange(start, with: server)
                #expect(answer.hasPrefix("HTTP/1.1 408 "))
            }
        }
    }

    @Test func `a connection that rests between requests is ended in silence`() async throws {
        var limits = TransportLimits.patient
        limits.keepAliveTimeout = .milliseconds(50)
        try await TestServer.run(limits) { server in
            let answer = try await exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n", with: server)
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("\r\n\r\nhi"))
        }
    }

    @Test func `an answer that takes long keeps its place, and the event loop serves others meanwhile`()
        async throws
    {
        let gate = ConditionLock(value: 0)
        try await TestServer.run(reply: { request in
            if request.path == "/now" { return .now(HTTPResponse(contentType: "text/plain", text: "now")) }
            return .later {
                gate.lock(whenValue: 1)
                gate.unlock()
                return HTTPResponse(contentType: "text/plain", text: "later \(request.path)")
            }
        }) { server in
            let client = try await RawConnection.open(to: server.port)
            let paths = ["/a", "/now", "/b"]
            try await client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            // As many as there are event loops may be busy with others.
            for _ in 0..<16 { #expect(try await HTTPAnswer.get("/now", from: server.port).text == "now") }
            gate.lock()
            gate.unlock(withValue: 1)
            var text = ""
            while !text.contains("later /b") {
                text += String(decoding: try await client.receive(), as: UTF8.self)
            }
            let bodies = text.split(separator: "\r\n\r\n").dropFirst().compactMap {
                $0.components(separatedBy: "HTTP/1.1").first
            }
            #expect(bodies == ["later /a", "now", "later /b"])
        }
    }
}

extension String {
    /// How often `part` is in it.
    fileprivate func components(of part: String) -> Int {
        ranges(of: part).count
    }
}
