// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct StreamTests {
    private func open(_ server: XServer) async throws -> RawClient {
        let client = try await RawClient.connect(server.port)
        try await client.send(
            "GET /2/activity/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(XWorld.appToken)\r\n\r\n")
        let head = await client.read(until: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200 OK"))
        #expect(head.contains("transfer-encoding: chunked"))
        return client
    }

    @Test func `what is posted is on the stream at once, in its order`() async throws {
        try await withServer { server in
            let ada = try server.withWorld { world in
                let ada = try world.addUser("ada")
                try world.subscribe(to: "post.create", of: ada)
                return ada
            }
            let client = try await open(server)
            for number in 0..<20 {
                if number % 2 == 0 {
                    _ = try server.withWorld { try $0.post("post \(number).", by: ada) }
                } else {
                    _ = try await exchange(
                        server.port, "POST", "/admin/posts",
                        body: #"{"user":"ada","text":"post \#(number)."}"#, token: nil)
                }
            }
            let text = await client.read(until: "post 19.")
            let places = (0..<20).compactMap {
                firstRange(of: "\"text\":\"post \($0).\"", in: text)?.lowerBound
            }
            #expect(places.count == 20)
            #expect(places == places.sorted())
            client.close()
        }
    }

    @Test func `lines that come before a late head wait for it, so many at most`() async throws {
        for (limit, posts) in [(10, 3), (2, 3)] {
            var options = XServerOptions()
            options.limits.waitingEvents = limit
            try await withServer(options) { server in
                let ada = try server.withWorld { world in
                    let ada = try world.addUser("ada")
                    try world.subscribe(to: "post.create", of: ada)
                    try world.add(XFault(.none, path: "/2/activity", delay: .milliseconds(300)))
                    return ada
                }
                let client = try await RawClient.connect(server.port)
                try await client.send(
                    "GET /2/activity/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(XWorld.appToken)\r\n\r\n"
                )
                while server.withWorld({ $0.openStreams == 0 }) { await Task.yield() }
                for number in 0..<posts {
                    _ = try server.withWorld { try $0.post("post \(number).", by: ada) }
                }
                let text = await client.read(until: "post 2.")
                #expect(text.hasPrefix("HTTP/1.1 200 OK") == (limit > posts))
                #expect(text.contains("post 0.") == (limit > posts))
                client.close()
            }
        }
    }

    @Test func `a heartbeat comes while nothing happens`() async throws {
        var options = XServerOptions()
        options.heartbeat = .milliseconds(20)
        try await withServer(options) { server in
            let client = try await open(server)
            #expect(await client.read(until: "2\r\n\r\n\r\n2\r\n\r\n\r\n").contains("2\r\n\r\n\r\n"))
            client.close()
        }
    }

    @Test func `a stream that is dropped ends, and another can be opened`() async throws {
        try await withServer { server in
            let client = try await open(server)
            server.withWorld { $0.dropStreams() }
            _ = await client.readAll()
            #expect(server.withWorld { $0.openStreams } == 0)
            let next = try await open(server)
            #expect(server.withWorld { $0.openStreams } == 1)
            next.close()
            while server.withWorld({ $0.openStreams > 0 }) { await Task.yield() }
        }
    }

    @Test func `a client that does not read is dropped before it costs much memory`() async throws {
        var options = XServerOptions()
        options.limits.waitingStreamBytes = 100_000
        try await withServer(options) { server in
            let ada = try server.withWorld { world in
                let ada = try world.addUser("ada")
                try world.subscribe(to: "post.create", of: ada)
                return ada
            }
            let client = try await open(server)
            try await client.stopReading()
            var posted = 0
            while server.withWorld({ $0.openStreams > 0 }), posted < 20_000 {
                _ = try server.withWorld {
                    try $0.post(String(repeating: "x", count: 20_000) + "\(posted)", by: ada)
                }
                posted += 1
                await Task.yield()
            }
            #expect(server.withWorld { $0.openStreams } == 0)
            client.close()
        }
    }
}
