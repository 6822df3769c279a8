// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayServer
import RelayTransport
import TestSupport
import Testing

@Suite struct FurtherRouteTests {
    private static let hooks: RelayServerHooks = {
        var hooks = RelayServerHooks()
        hooks.routes = [
            HTTPRoute(
                methods: { path in path.hasPrefix("/blob") ? [.GET, .PUT] : path == "/" ? [.PUT] : nil },
                headers: ["Access-Control-Allow-Methods": "GET, PUT, OPTIONS", "X-Route": "1"],
                body: { request in
                    if request.path == "/blob/no" { return .refused(HTTPResponse(status: .unauthorized)) }
                    return .streamed(upTo: 1_000_000) { _, body in
                        var count = 0
                        while let piece = try? await body.next() { count += piece.readableBytes }
                        return HTTPResponse(contentType: "text/plain", text: "\(count)")
                    }
                },
                answer: { request in
                    .now(HTTPResponse(contentType: "text/plain", text: "blob \(request.path)"))
                })
        ]
        return hooks
    }()

    @Test func `a route answers for its paths, by its methods`() async throws {
        try await TestRelay.run(hooks: Self.hooks) { relay async throws in
            let answer = try await HTTPAnswer.get("/blob/1?x", from: relay.port)
            #expect(answer.status == 200 && answer.text == "blob /blob/1" && answer.headers["x-route"] == "1")
            #expect(answer.headers["access-control-allow-origin"] == "*")
            let refused = try await HTTPAnswer.get("/blob/1", from: relay.port, method: "DELETE")
            #expect(refused.status == 405 && refused.headers["allow"] == "GET, PUT, OPTIONS")
            #expect(try await HTTPAnswer.get("/other", from: relay.port).status == 404)
        }
    }

    @Test func `the relay's own paths stay its own`() async throws {
        try await TestRelay.run(hooks: Self.hooks) { relay async throws in
            #expect(try await HTTPAnswer.get("/", from: relay.port, method: "PUT").status == 405)
            let long = [UInt8](repeating: 1, count: 70_000)
            #expect(try await HTTPAnswer.get("/", from: relay.port, method: "PUT", body: long).status == 413)
            #expect(try await HTTPAnswer.get("/healthz", from: relay.port).headers["x-route"] == nil)
        }
    }

    @Test func `a preflight says what the route allows, and elsewhere what the relay does`() async throws {
        try await TestRelay.run(hooks: Self.hooks) { relay async throws in
            let route = try await HTTPAnswer.get("/blob/1", from: relay.port, method: "OPTIONS")
            #expect(
                route.status == 204 && route.headers["access-control-allow-methods"] == "GET, PUT, OPTIONS")
            let own = try await HTTPAnswer.get("/", from: relay.port, method: "OPTIONS")
            #expect(own.headers["access-control-allow-methods"] == "GET, POST, HEAD, OPTIONS")
        }
    }

    @Test func `bodies are streamed to a route, or refused by it, and nobody else's grow`() async throws {
        try await TestRelay.run(hooks: Self.hooks) { relay async throws in
            let body = [UInt8](repeating: 1, count: 500_000)
            let taken = try await HTTPAnswer.get("/blob/1", from: relay.port, method: "PUT", body: body)
            #expect(taken.status == 200 && taken.text == "500000" && taken.headers["x-route"] == "1")
            let refused = try await HTTPAnswer.get("/blob/no", from: relay.port, method: "PUT", body: [1])
            #expect(refused.status == 401 && refused.headers["x-route"] == "1")
            #expect(
                try await HTTPAnswer.get("/other", from: relay.port, method: "PUT", body: body).status == 413)
        }
    }

    @Test func `nothing is streamed before the relay is open, or in too much haste`() async throws {
        try await TestRelay.run(hooks: Self.hooks, isOpen: false) { relay async throws in
            #expect(
                try await HTTPAnswer.get("/blob/1", from: relay.port, method: "PUT", body: [1]).status == 503)
        }
    }
}
