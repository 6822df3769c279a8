// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct XServerTests {
    @Test func `requests are answered on one connection, one after the other`() async throws {
        try await withServer { server in
            let ada = try server.withWorld { try $0.addUser("ada") }
            let client = try await RawClient.connect(server.port)
            for _ in 0..<3 {
                try await client.send(
                    "GET /2/users/\(ada) HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(XWorld.appToken)\r\n\r\n"
                )
                let answer = await client.read(until: "}}")
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(answer.contains("x-rate-limit-remaining: "))
                #expect(answer.contains("content-length: "))
                #expect(answer.contains("\"username\":\"ada\""))
            }
            client.close()
            #expect(server.withWorld { $0.requests.all.count } == 3)
        }
    }

    @Test func `a post goes from a person with curl to a reader`() async throws {
        try await withServer { server in
            _ = try await exchange(
                server.port, "POST", "/admin/users", body: #"{"username":"ada"}"#, token: nil)
            let posted = try await exchange(
                server.port, "POST", "/admin/posts", body: #"{"user":"ada","text":"Hello"}"#, token: nil)
            let id = try #require(JSON(posted.body)?["id"]?.id)
            let read = try await exchange(server.port, "GET", "/2/tweets/\(id)?tweet.fields=created_at")
            #expect(read.head.contains("200 OK"))
            #expect(JSON(read.body)?["data"]?["text"] == "Hello")
        }
    }

    @Test func `HEAD gives the length and no body`() async throws {
        try await withServer { server in
            try server.withWorld {
                try $0.add(XFile(contentType: "image/jpeg", bytes: [1, 2, 3]), at: "a.jpg")
            }
            let (head, body) = try await exchange(server.port, "HEAD", "/media/a.jpg", token: nil)
            #expect(head.contains("content-length: 3"))
            #expect(body.isEmpty)
            let part = try await exchange(
                server.port, "GET", "/media/a.jpg", headers: ["range: bytes=1-"], token: nil)
            #expect(part.head.hasPrefix("HTTP/1.1 206 "))
            #expect(part.body == [2, 3])
        }
    }

    @Test func `the real clock is the machine's, and what is advanced comes on top`() async throws {
        try await withServer(XServerOptions(clock: .real)) { server in
            let before = server.withWorld { $0.now }
            server.withWorld { $0.advance(by: .seconds(3_600)) }
            let after = server.withWorld { $0.now }
            #expect(after >= before + .seconds(3_600))
            #expect(after < before + .seconds(3_700))
            let id = try server.withWorld { try $0.post("x", by: $0.addUser("ada")) }
            #expect(Snowflake.instant(of: id) >= after)
        }
    }

    @Test func `virtual time stands still`() async throws {
        try await withServer { server in
            _ = try await exchange(server.port, "GET", "/2/users/1")
            #expect(server.withWorld { $0.now } == XWorld.virtualStart)
            #expect(server.withWorld { $0.address } == server.baseURL)
        }
    }

    @Test func `a body that is too long and a connection too many are turned away`() async throws {
        var options = XServerOptions()
        options.limits.requestBytes = 100
        options.limits.connections = 1
        try await withServer(options) { server in
            let (head, _) = try await exchange(
                server.port, "POST", "/admin/posts", body: String(repeating: "x", count: 101))
            #expect(head.hasPrefix("HTTP/1.1 413 "))
            let first = try await RawClient.connect(server.port)
            try await first.send("GET /admin/state HTTP/1.1\r\nhost: x\r\n\r\n")
            #expect(await first.read(until: "}").contains("200 OK"))
            let second = try await RawClient.connect(server.port)
            #expect(await second.readAll().isEmpty)
        }
    }

    @Test func `a port that is taken is told of`() async throws {
        try await withServer { server in
            await #expect(throws: (any Error).self) { try await XServer.start(port: server.port) }
        }
    }

    @Test func `running tells how to use it and ends when it is cancelled`() async throws {
        let (lines, told) = AsyncStream<String>.makeStream()
        let running = Task { try await XServer.run(port: 0, options: XServerOptions()) { told.yield($0) } }
        var port: Int?
        var text: [String] = []
        for await line in lines {
            text.append(line)
            if let found = line.split(separator: ":").last, line.hasPrefix("A stand-in") { port = Int(found) }
            if line.hasPrefix("Everything else") { break }
        }
        #expect(text.contains { $0.contains(XWorld.appToken) })
        #expect(text.contains { $0.contains("/admin/posts") })
        let answer = try await exchange(try #require(port), "GET", "/admin/state", token: nil)
        #expect(answer.head.contains("200 OK"))
        running.cancel()
        try await running.value
    }
}
