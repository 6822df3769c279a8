// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import RelayTransport
import TestSupport
import Testing

@Suite struct StreamedBodyTests {
    /// Says how many bytes came, or why no more did.
    private static let counting: @Sendable (HTTPRequest, BodyStream) async -> HTTPResponse = { _, body in
        var count = 0
        do throws(BodyError) {
            while let piece = try await body.next() { count += piece.readableBytes }
            return HTTPResponse(contentType: "text/plain", text: "\(count)")
        } catch {
            return HTTPResponse(status: .badRequest, contentType: "text/plain", text: "\(error) \(count)")
        }
    }

    private static let put = "PUT /up HTTP/1.1\r\nHost: x\r\n"

    private func plan(
        upTo limit: Int = 1 << 30,
        _ answer: @escaping @Sendable (HTTPRequest, BodyStream) async -> HTTPResponse = counting
    ) -> @Sendable (HTTPRequest) -> BodyPlan {
        { request in request.path == "/up" ? .streamed(upTo: limit, answer) : .collected }
    }

    private func rest(of client: RawConnection) async throws -> String {
        var answer: [UInt8] = []
        while case let bytes = try await client.receive(), !bytes.isEmpty { answer += bytes }
        return String(decoding: answer, as: UTF8.self)
    }

    @Test func `a body longer than others may be is read to its end, and the connection goes on`()
        async throws
    {
        var limits = TransportLimits.patient
        limits.maxBodyLength = 100
        try await TestServer.run(limits, bodies: plan()) { server in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(Self.put + "Content-Length: 3000000\r\n\r\n")
            try await client.send(bytes: [UInt8](repeating: 7, count: 3_000_000))
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answer = try await rest(of: client)
            #expect(answer.contains("\r\n\r\n3000000HTTP/1.1 200"), "\(answer)")
        }
    }

    @Test func `a body in chunks is streamed as well`() async throws {
        try await TestServer.run(bodies: plan()) { server in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(
                Self.put
                    + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            )
            #expect(try await rest(of: client).hasSuffix("\r\n\r\n5"))
        }
    }

    @Test func `who waits for the word gets it when the body is asked for, and not when it is refused`()
        async throws
    {
        let plan = plan { request, body in
            if request.headers.contains(name: "X-No") { return HTTPResponse(status: .forbidden) }
            return await Self.counting(request, body)
        }
        try await TestServer.run(bodies: plan) { server in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(
                Self.put + "Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
            #expect(
                String(decoding: try await client.receive(), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n"
            )
            try await client.send("ab")
            #expect(try await rest(of: client).hasSuffix("\r\n\r\n2"))
            let refused = try await RawConnection.open(to: server.port)
            try await refused.send(Self.put + "X-No: 1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await rest(of: refused).hasPrefix("HTTP/1.1 403 "))
        }
    }

    @Test func `a plan may refuse, and its bound is kept whether the length is announced or not`()
        async throws
    {
        let plan = plan(upTo: 10)
        try await TestServer.run(bodies: { request in
            if request.path == "/no" { return .refused(HTTPResponse(status: .unauthorized)) }
            if request.path == "/short" { return .collectedUpTo(3) }
            return plan(request)
        }) { server in
            for (head, start) in [
                ("PUT /no HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 401 "),
                ("PUT /short HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n", "HTTP/1.1 413 "),
                (Self.put + "Content-Length: 11\r\n\r\n", "HTTP/1.1 413 "),
                (
                    Self.put
                        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nb\r\nabcdefghijk\r\n0\r\n\r\n",
                    "HTTP/1.1 400 "
                ),
            ] {
                let client = try await RawConnection.open(to: server.port)
                try await client.send(head)
                let answer = try await rest(of: client)
                #expect(answer.hasPrefix(start), "\(answer)")
            }
            let client = try await RawConnection.open(to: server.port)
            try await client.send(
                "PUT /short HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")
            #expect(try await rest(of: client).hasSuffix("hi"))
        }
    }

    @Test func `an answer before the end of the body is the last of its connection`() async throws {
        let plan = plan { _, body in
            _ = try? await body.next()
            return HTTPResponse(status: .unsupportedMediaType, contentType: "text/plain", text: "no")
        }
        try await TestServer.run(bodies: plan) { server in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(Self.put + "Content-Length: 100000\r\n\r\nbegin")
            let answer = try await rest(of: client)
            #expect(answer.hasPrefix("HTTP/1.1 415 ") && answer.contains("Connection: close\r\n"))
        }
    }

    @Test func `while nobody takes the body, little of it is read`() async throws {
        let (gate, most) = (AsyncGate(), NIOLockedValueBox(0))
        let plan = plan { request, body in
            await gate.wait()
            return await Self.counting(request, body)
        }
        try await TestServer.run(bodies: plan) { server in
            let client = try await RawConnection.open(to: server.port)
            try await client.send(Self.put + "Content-Length: 32000000\r\nConnection: close\r\n\r\n")
            let sent = Task {
                for _ in 0..<500 {
                    try await client.send(bytes: [UInt8](repeating: 1, count: 64_000))
                    most.withLockedValue { $0 += 64_000 }
                }
            }
            // As much as the kernel takes on both sides, and no more.
            var last = -1
            try await eventually("the sender stands still") {
                try await Task.sleep(for: .milliseconds(200))
                let now = most.withLockedValue { $0 }
                defer { last = now }
                return now == last && now > 0
            }
            #expect(most.withLockedValue { $0 } < 20_000_000)
            await gate.open()
            try await sent.value
            #expect(try await rest(of: client).hasSuffix("\r\n\r\n32000000"))
        }
    }

    @Test func `a body that trickles or stops is given up`() async throws {
        var limits = TransportLimits.patient
        limits.bodyPatience = .milliseconds(100)
        limits.slowestBody = 1_000_000
        try await TestServer.run(limits, bodies: plan()) { server in
            let stopped = try await RawConnection.open(to: server.port)
            try await stopped.send(Self.put + "Content-Length: 1000\r\n\r\nab")
            #expect(try await rest(of: stopped).contains("tooSlow"))
            let trickling = try await RawConnection.open(to: server.port)
            try await trickling.send(Self.put + "Content-Length: 1000000\r\n\r\n")
            let sender = Task {
                for _ in 0..<1_000 {
                    try await trickling.send("a")
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            #expect(try await rest(of: trickling).contains("tooSlow"))
            sender.cancel()
        }
    }

    @Test func `a connection that is lost ends the body`() async throws {
        let end = NIOLockedValueBox<String?>(nil)
        let plan = plan { request, body in
            let response = await Self.counting(request, body)
            end.withLockedValue { $0 = String(buffer: response.body) }
            return response
        }
        try await TestServer.run(bodies: plan) { server in
            var client: RawConnection? = try await RawConnection.open(to: server.port)
            try await client?.send(Self.put + "Content-Length: 1000\r\n\r\nab")
            client = nil
            try await eventually("the reader hears of it") {
                end.withLockedValue { $0 }?.hasPrefix("lost") == true
            }
        }
    }

    @Test func `so many bodies are streamed at once, and no more`() async throws {
        var limits = TransportLimits.patient
        limits.streamedBodies = 1
        let (gate, begun) = (AsyncGate(), NIOLockedValueBox(false))
        let plan = plan { request, body in
            begun.withLockedValue { $0 = true }
            await gate.wait()
            return await Self.counting(request, body)
        }
        try await TestServer.run(limits, bodies: plan) { server in
            let first = try await RawConnection.open(to: server.port)
            try await first.send(Self.put + "Content-Length: 2\r\nConnection: close\r\n\r\n")
            try await eventually("the first has its place") { begun.withLockedValue { $0 } }
            try await eventually("the next is refused") {
                let next = try await RawConnection.open(to: server.port)
                try await next.send(Self.put + "Content-Length: 2\r\nConnection: close\r\n\r\nab")
                return try await rest(of: next).hasPrefix("HTTP/1.1 503 ")
            }
            await gate.open()
            try await first.send("ab")
            #expect(try await rest(of: first).hasSuffix("\r\n\r\n2"))
            try await eventually("there is a place again") {
                let next = try await RawConnection.open(to: server.port)
                try await next.send(Self.put + "Content-Length: 2\r\nConnection: close\r\n\r\nab")
                return try await rest(of: next).hasSuffix("\r\n\r\n2")
            }
        }
    }
}

/// Lets nobody by until it is opened.
actor AsyncGate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for waiter in waiting { waiter.resume() }
        waiting = []
    }
}
