// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Ingest
import NostrCore
import RelayServer
import RelaySession
import TestSupport
import Testing

@Suite struct HTTPTests {
    private static let document = ["Accept": "application/nostr+json"]

    @Test func `NIP-11 tells every limit as it is enforced`() async throws {
        try await TestRelay.run(configure: { configuration in
            configuration.information.name = "Test \"relay\""
            configuration.information.pubkey = TestKey.publicKey(0).hex
            configuration.limits.createdAtLowerLimit = 1_000_000
            configuration.limits.createdAtUpperLimit = 60
        }) { relay in
            let answer = try await HTTPAnswer.get("/", from: relay.port, headers: Self.document)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/nostr+json")
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
            #expect(json["name"] as? String == "Test \"relay\"")
            #expect(json["pubkey"] as? String == TestKey.publicKey(0).hex)
            #expect(
                json["supported_nips"] as? [Int] == [1, 9, 11, 17, 34, 40, 42, 45, 59, 62, 65, 67, 70, 77])
            #expect(json["supported_grasps"] == nil)
            let limitation = try #require(json["limitation"] as? [String: Any])
            let expected: [String: Int] = [
                "max_message_length": 2_097_152, "max_subscriptions": 200, "max_filters": 100,
                "max_limit": 5_000,
                "default_limit": 5_000, "max_subid_length": 64, "max_event_tags": 5_000,
                "max_event_bytes": 524_288,
                "max_content_length": 131_072, "min_pow_difficulty": 0, "created_at_lower_limit": 1_000_000,
                "created_at_upper_limit": 60,
            ]
            for (name, value) in expected { #expect(limitation[name] as? Int == value, "\(name)") }
            let wider = try #require((json["kind_limits"] as? [[String: Any]])?.first)
            #expect(wider["kinds"] as? [Int] == [1617, 1618, 1619, 30_617, 30_618])
            #expect(
                wider["max_event_bytes"] as? Int == 2_097_152 && wider["max_event_tags"] as? Int == 20_000)
            for name in ["auth_required", "payment_required", "restricted_writes"] {
                #expect(limitation[name] as? Bool == false, "\(name)")
            }
        }
    }

    @Test(arguments: [
        ("GET", "/", 200), ("HEAD", "/", 200), ("OPTIONS", "/", 204), ("OPTIONS", "/any/where", 204),
        ("POST", "/", 405),
        ("GET", "/nowhere", 404), ("GET", "/metrics", 404), ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("GET", "/healthz/sync", 404), ("DELETE", "/healthz", 405),
    ])
    func `every answer carries CORS headers`(method: String, path: String, status: Int) async throws {
        try await TestRelay.run { relay in
            let answer = try await HTTPAnswer.get(path, from: relay.port, method: method)
            #expect(answer.status == status)
            #expect(answer.headers["access-control-allow-origin"] == "*")
            #expect(answer.headers["access-control-allow-methods"]?.contains("GET") == true)
            #expect(answer.headers["access-control-allow-methods"]?.contains("POST") == true)
            #expect(answer.headers["access-control-allow-headers"]?.contains("Content-Type") == true)
            if method == "HEAD" || method == "OPTIONS" { #expect(answer.body.isEmpty) }
        }
    }

    @Test(arguments: ["/", "/healthz"])
    func `what a resource allows is what it does`(path: String) async throws {
        try await TestRelay.run { relay in
            for method in ["PUT", "POST", "PATCH", "OPTIONS"] {
                let answer = try await HTTPAnswer.get(path, from: relay.port, method: method)
                #expect(answer.status == (method == "OPTIONS" ? 204 : 405))
                #expect(answer.headers["allow"] == "GET, HEAD, OPTIONS", "\(method)")
            }
            let moderation = Moderation(ModerationLists(), ingest: relay.ingest)
            relay.server.beManaged(by: [TestKey.publicKey(1)], through: moderation) { _ in }
            let managed = try await HTTPAnswer.get(path, from: relay.port, method: "PUT")
            #expect(managed.headers["allow"] == "GET, HEAD, OPTIONS" + (path == "/" ? ", POST" : ""))
            #expect(managed.status == 405)
        }
    }

    @Test func `a browser sees a page that escapes what the operator wrote`() async throws {
        try await TestRelay.run(configure: { $0.information.name = "<b>&" }) { relay in
            let answer = try await HTTPAnswer.get("/", from: relay.port, headers: ["Accept": "text/html"])
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
            #expect(answer.text.contains("<h1>&lt;b&gt;&amp;</h1>"))
        }
    }

    @Test func `metrics and health come from the program around the server`() async throws {
        var hooks = RelayServerHooks()
        hooks.metrics = { "rookery_up 1\n" }
        hooks.health = {
            HealthReport(isHealthy: false, status: "failed", facts: [.init("reason", "disk \"full\"")])
        }
        hooks.syncHealth = { HealthReport(isHealthy: true, status: "ok") }
        try await TestRelay.run(hooks: hooks) { relay in
            #expect(try await HTTPAnswer.get("/metrics", from: relay.port).text == "rookery_up 1\n")
            let health = try await HTTPAnswer.get("/healthz", from: relay.port)
            #expect(health.status == 503)
            #expect(health.text == #"{"status":"failed","reason":"disk \"full\""}"#)
            #expect(try await HTTPAnswer.get("/healthz/sync", from: relay.port).status == 200)
        }
    }

    @Test func `metrics on a port of their own are nowhere else, and beside them is health`() async throws {
        var hooks = RelayServerHooks()
        hooks.metrics = { "rookery_up 1\n" }
        try await TestRelay.run(
            hooks: hooks,
            configure: { configuration in
                configuration.metricsListen = ListenAddress(host: "127.0.0.1", port: 0)
            }
        ) { relay in
            let port = try #require(relay.server.metricsPort)
            #expect(try await HTTPAnswer.get("/metrics", from: port).text == "rookery_up 1\n")
            #expect(try await HTTPAnswer.get("/healthz", from: port).status == 200)
            for path in ["/", "/healthz/sync"] {
                #expect(try await HTTPAnswer.get(path, from: port).status == 404)
            }
            #expect(try await HTTPAnswer.get("/metrics", from: relay.port).status == 404)
            await #expect(throws: RawWebSocket.Refused.self) { _ = try await RawWebSocket.connect(to: port) }
        }
    }

    @Test func `requests over HTTP cost what a REQ costs`() async throws {
        try await TestRelay.run(
            uptime: { .zero },
            configure: {
                $0.rates.exempt = []
                $0.rates.requests = Rate(perSecond: 0.1, burst: 2)
            }
        ) { relay in
            for _ in 0..<2 { #expect(try await HTTPAnswer.get("/", from: relay.port).status == 200) }
            let answer = try await HTTPAnswer.get("/", from: relay.port)
            #expect(answer.status == 429 && answer.headers["retry-after"] == "11")
        }
    }

    @Test func `nobody is served before the server is opened`() async throws {
        try await TestRelay.run(isOpen: false) { relay in
            #expect(try await HTTPAnswer.get("/", from: relay.port).status == 503)
            #expect(try await HTTPAnswer.get("/healthz", from: relay.port).text == #"{"status":"starting"}"#)
            let refused = await #expect(throws: RawWebSocket.Refused.self) {
                try await RawWebSocket.connect(to: relay.port)
            }
            #expect(refused?.answer.status == 503)
            relay.server.open()
            _ = try await RawWebSocket.connect(to: relay.port)
        }
    }

    @Test func `WebSocket is spoken at the root only`() async throws {
        try await TestRelay.run { relay in
            await #expect(throws: RawWebSocket.Refused.self) {
                _ = try await RawWebSocket.connect(to: relay.port, path: "/elsewhere")
            }
        }
    }
}
