// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import RelayTransport
import TestSupport
import Testing

@Suite struct OpenAnswerTests {
    private static let head = HTTPResponse(headers: ["Content-Type": "text/event-stream"])
    private static let request = "GET /open HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Answers that were opened, in their order.
    private final class Opened: Sendable {
        private let answers = NIOLockedValueBox<[OpenAnswer]>([])

        @Sendable func add(_ answer: OpenAnswer) { answers.withLockedValue { $0.append(answer) } }

        func next(_ index: Int = 0) async throws -> OpenAnswer {
            try await eventually("answer \(index)") {
                answers.withLockedValue { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }

    private func serve(
        _ limits: TransportLimits = .patient, _ body: (TestServer, Opened) async throws -> Void
    ) async throws {
        let opened = Opened()
        try await TestServer.run(limits, reply: { _ in .open(Self.head, opened.add) }) {
            try await body($0, opened)
        }
    }

    /// What is read until the connection ends.
    private func rest(of client: RawConnection) async throws -> String {
        var bytes: [UInt8] = []
        while case let next = try await client.receive(), !next.isEmpty { bytes += next }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `what is said arrives as it is said, and the connection ends with it`() async throws {
        try await serve { server, opened in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(Self.request)
            let answer = try await opened.next()
            let head = String(decoding: try await client.receive(), as: UTF8.self)
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.contains("Connection: close\r\n"))
            #expect(!head.contains("Content-Length"))
            answer.send(ByteBuffer(string: "one"))
            #expect(try await client.receive() == Array("one".utf8))
            // What a client still says is nobody's.
            try await client.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n")
            answer.send(ByteBuffer(string: "two"))
            answer.end()
            answer.send(ByteBuffer(string: "three"))
            #expect(try await rest(of: client) == "two")
            #expect(!answer.isOpen)
        }
    }

    @Test func `HEAD is told of it and hears nothing`() async throws {
        try await serve { server, _ in
            let answer = try await HTTPAnswer.get("/open", from: server.port, method: "HEAD")
            #expect(answer.status == 200 && answer.headers["content-length"] == nil && answer.body.isEmpty)
        }
    }

    @Test func `beyond the bound the next is told to come again, until somebody has left`() async throws {
        var limits = TransportLimits.patient
        limits.openAnswers = 1
        try await serve(limits) { server, opened in
            try await comeAndGo(server, opened)
            let answer = try await opened.next()
            try await eventually("it has left") { !answer.isOpen }
            let second = try await RawConnection.open(to: server.port)
            try await second.send(Self.request)
            #expect(try await opened.next(1).isOpen)
        }
    }

    /// Listens, sees that nobody else may, and leaves.
    private func comeAndGo(_ server: TestServer, _ opened: Opened) async throws {
        let client = try await RawConnection.open(to: server.port)
        try await client.send(Self.request)
        _ = try await opened.next()
        let refused = try await HTTPAnswer.get("/open", from: server.port)
        #expect(refused.status == 503 && refused.headers["retry-after"] == "15")
        withExtendedLifetime(client) {}
    }

    @Test func `a client that does not read is cut off`() async throws {
        var limits = TransportLimits.patient
        limits.openAnswerBytes = 100_000
        try await serve(limits) { server, opened in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(Self.request)
            let answer = try await opened.next()
            let piece = ByteBuffer(repeating: 1, count: 50_000)
            try await eventually("it is cut off") {
                answer.send(piece)
                return !answer.isOpen
            }
        }
    }

    @Test func `a client that takes nothing for long is cut off`() async throws {
        var limits = TransportLimits.patient
        limits.openAnswerBytes = .max
        limits.stallTimeout = .milliseconds(50)
        try await serve(limits) { server, opened in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(Self.request)
            let answer = try await opened.next()
            answer.send(ByteBuffer(repeating: 1, count: 50_000_000))
            try await eventually("it is cut off") { !answer.isOpen }
        }
    }

    @Test func `a shutdown ends it`() async throws {
        try await serve { server, opened in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(Self.request)
            let answer = try await opened.next()
            await server.listener.shutdown(deadline: .now() + .seconds(30))
            #expect(!answer.isOpen)
            #expect(try await rest(of: client).hasSuffix("\r\n\r\n"))
        }
    }
}
