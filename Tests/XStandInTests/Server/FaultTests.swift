// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct FaultTests {
    private let path = "/2/users/by/username/ada"

    private func withFault(_ fault: XFault, _ body: (XServer) async throws -> Void) async throws {
        try await withServer { server in
            try server.withWorld { world in
                try world.addUser("ada")
                try world.add(fault)
            }
            try await body(server)
            let (head, answer) = try await exchange(server.port, "GET", path)
            #expect(head.contains("200 OK"), "the next request is fine")
            #expect(JSON(answer)?["data"]?["username"] == "ada")
        }
    }

    @Test func `a body that is cut off is shorter than its length`() async throws {
        try await withFault(XFault(.truncate(to: 10))) { server in
            let (head, body) = try await exchange(server.port, "GET", path)
            #expect(head.contains("200 OK"))
            #expect(body.count == 10)
            #expect(!head.contains("content-length: 10\r\n"))
        }
    }

    @Test func `a connection is reset in the middle of a body`() async throws {
        try await withFault(XFault(.reset(after: 10))) { server in
            let (head, body) = try await exchange(server.port, "GET", path)
            #expect(head.contains("200 OK"))
            #expect(String(decoding: body, as: UTF8.self).hasSuffix("<reset>"))
        }
    }

    @Test func `a connection is refused after it was made`() async throws {
        try await withFault(XFault(.refuse)) { server in
            let (_, body) = try await exchange(server.port, "GET", path)
            #expect(JSON(body) == nil)
        }
    }

    @Test func `JSON ends in the middle, and is nothing, and is a page`() async throws {
        for (effect, type) in [
            (XFault.Effect.invalidJSON, "application/json"), (.empty, "application/json"),
            (.html(200), "text/html"),
        ] {
            try await withFault(XFault(effect)) { server in
                let (head, body) = try await exchange(server.port, "GET", path)
                #expect(head.contains("200 OK"))
                #expect(head.contains("content-type: \(type)"))
                #expect(head.contains("content-length: \(body.count)"))
                #expect(JSON(body) == nil)
            }
        }
    }

    @Test func `gzip is gzip, or only says so`() async throws {
        try await withFault(XFault(.gzip)) { server in
            let (head, body) = try await exchange(server.port, "GET", path)
            #expect(head.contains("content-encoding: gzip"))
            #expect(body.prefix(3) == [0x1F, 0x8B, 8])
            // Stored blocks: what is within is to be read as it stands.
            #expect(firstRange(of: #""username":"ada""#, in: String(decoding: body, as: UTF8.self)) != nil)
        }
        try await withFault(XFault(.brokenGzip)) { server in
            let (head, body) = try await exchange(server.port, "GET", path)
            #expect(head.contains("content-encoding: gzip"))
            #expect(JSON(body) != nil)
        }
    }

    @Test(arguments: [500, 502, 503, 504])
    func `errors come as problems, as text and as pages`(status: Int) async throws {
        for (effect, type) in [
            (XFault.Effect.status(status), "application/problem+json"),
            (.plain(status, "over capacity"), "text/plain"),
            (.html(status), "text/html"),
        ] {
            try await withFault(XFault(effect)) { server in
                let (head, _) = try await exchange(server.port, "GET", path)
                #expect(head.hasPrefix("HTTP/1.1 \(status) "))
                #expect(head.contains("content-type: \(type)"))
                #expect(server.withWorld { $0.spend.total } == 0)
            }
        }
    }

    @Test func `an answer can be late, and others are not`() async throws {
        try await withServer { server in
            try server.withWorld { world in
                try world.addUser("ada")
                try world.add(XFault(.none, path: path, delay: .milliseconds(300)))
            }
            let clock = ContinuousClock()
            let start = clock.now
            async let late = exchange(server.port, "GET", path)
            while server.withWorld({ $0.requests.all.isEmpty }) { await Task.yield() }
            _ = try await exchange(server.port, "GET", path)
            #expect(try await late.head.contains("200 OK"))
            #expect(clock.now - start >= .milliseconds(300))
        }
    }

    @Test func `another JSON, another address, and a body that comes a byte at a time`() async throws {
        try await withFault(XFault(.json("{\"data\":7}"))) { server in
            let (head, body) = try await exchange(server.port, "GET", path)
            #expect(head.contains("200 OK") && head.contains("application/json"))
            #expect(JSON(body)?["data"] == 7)
        }
        try await withFault(XFault(.redirect("http://elsewhere.test/"))) { server in
            let (head, _) = try await exchange(server.port, "GET", path)
            #expect(head.contains("302 Found") && head.contains("location: http://elsewhere.test/"))
        }
        try await withFault(XFault(.drip(every: .microseconds(10)))) { server in
            let (_, body) = try await exchange(server.port, "GET", path)
            #expect(JSON(body)?["data"]?["username"] == "ada")
        }
    }

    @Test func `no answer comes at all, and the connection stays`() async throws {
        try await withFault(XFault(.hang)) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send("GET \(path) HTTP/1.1\r\nhost: x\r\n\r\n")
            while server.withWorld({ $0.requests.all.isEmpty }) { await Task.yield() }
            #expect(server.withWorld { $0.requests.all.first?.status } == 0)
            #expect(server.connections == 1)
            client.close()
        }
    }

    @Test func `limits, caps and credits can be met out of order`() throws {
        var (world, ada) = try XWorld.withAda()
        for (effect, status, title) in [
            (XFault.Effect.rateLimited, 429, "Too Many Requests"), (.usageCapped, 429, "UsageCapExceeded"),
            (.creditsDepleted, 402, "CreditsDepleted"),
            (.clientForbidden("client-not-enrolled"), 403, "Client Forbidden"),
        ] {
            try world.add(XFault(effect))
            let reply = world.get("/2/users/\(ada)")
            #expect(reply.status == status)
            #expect(reply.json?["title"] == .text(title))
            #expect(world.get("/2/users/\(ada)").status == 200)
        }
    }

    @Test func `a fault waits for its request, happens so often, and by chance`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.add(XFault(.status(500), path: "/2/users/", method: "GET", skipping: 1, times: 2))
        #expect(world.get("/2/tweets/1").status == 200)
        #expect((0..<5).map { _ in world.get("/2/users/\(ada)").status } == [200, 500, 500, 200, 200])
        #expect(world.faults.happened == 2)
        #expect(world.requests.counts["GET /2/users/:id"] == 5)
        try world.add(XFault(.status(503), times: nil, chance: 0.25))
        let statuses = (0..<400).map { _ in world.get("/2/tweets?ids=1").status }
        #expect((60...140).contains(statuses.count { $0 == 503 }))
        world.clearFaults()
        #expect(world.get("/2/tweets?ids=1").status == 200)
        #expect(world.get("/admin/state").status == 200)
    }

    @Test func `what is damaged on its way is billed, what fails is not`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.add(XFault(.status(503)))
        _ = world.get("/2/users/\(ada)")
        #expect(world.spend.total == 0)
        try world.add(XFault(.invalidJSON))
        _ = world.get("/2/users/\(ada)")
        #expect(world.spend.total == 10_000)
    }
}
