// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NostrCore
import RelayTransport
import TestSupport
import Testing

@testable import RelayServer

/// The status page over a socket: what is told, to how many, and for how long.
@Suite struct StatusFeedTests {
    private static let request = "GET /status/events HTTP/1.1\r\nHost: x\r\n\r\n"

    /// How often it was asked how things stand.
    private final class Counted: Sendable {
        private let count = NIOLockedValueBox(0)

        @Sendable func report() -> StatusReport {
            let count = count.withLockedValue { count in
                count += 1
                return count
            }
            var report = StatusReport()
            report.figures = [.init("looks", "Looks", .count(count))]
            return report
        }

        var looks: Int { count.withLockedValue { $0 } }
    }

    private func run(
        rounds: Int = 1_000_000, listeners: Int = 64, _ body: (TestRelay, Counted) async throws -> Void
    ) async throws {
        let counted = Counted()
        try await TestRelay.run(configure: {
            $0.serverLimits.status.roundMilliseconds = 10
            $0.serverLimits.status.freshMilliseconds = 0
            $0.serverLimits.status.rounds = rounds
            $0.transportLimits.openAnswers = listeners
        }) { relay in
            relay.server.adopt(status: counted.report)
            try await body(relay, counted)
        }
    }

    private func listen(_ relay: TestRelay) async throws -> RawConnection {
        let client = try await RawConnection.open(to: relay.port)
        try await client.send(Self.request)
        return client
    }

    /// Reads until some text has come.
    ///
    /// - Returns: all that came by then: what is heard of later may be in it.
    @discardableResult
    private func hear(_ text: String, from client: RawConnection) async throws -> String {
        var heard = ""
        while !heard.contains(text) {
            let bytes = try await client.receive()
            try #require(!bytes.isEmpty, "it ended: \(heard)")
            heard += String(decoding: bytes, as: UTF8.self)
        }
        return heard
    }

    @Test func `what changes is told, and nothing is looked at when nobody listens`() async throws {
        try await run { relay, counted in
            #expect(counted.looks == 0)
            try await watchALittle(relay)
            try await eventually("nobody looks any more") {
                let looks = counted.looks
                try await Task.sleep(for: .milliseconds(100))
                return counted.looks == looks
            }
        }
    }

    private func watchALittle(_ relay: TestRelay) async throws {
        let client = try await listen(relay)
        let heard = try await hear("<dd id=\"now-looks\">5</dd>", from: client)
        #expect(heard.contains("event: figures\ndata: <dl"))
    }

    @Test func `so many listen and no more`() async throws {
        try await run(listeners: 2) { relay, _ in
            let clients = [try await listen(relay), try await listen(relay)]
            for client in clients { try await hear("retry: 5000", from: client) }
            let refused = try await HTTPAnswer.get("/status/events", from: relay.port)
            #expect(refused.status == 503 && refused.headers["retry-after"] == "15")
            withExtendedLifetime(clients) {}
        }
    }

    @Test func `after so many rounds a listener has to come again, and is let in`() async throws {
        try await run(rounds: 3, listeners: 1) { relay, _ in
            let answer = try await HTTPAnswer.get("/status/events", from: relay.port)
            #expect(answer.text.components(separatedBy: "event: figures").count - 1 == 4)
            try await eventually("there is room again") {
                try await HTTPAnswer.get("/status/events", from: relay.port).status == 200
            }
        }
    }

    @Test func `stopping ends it at once`() async throws {
        let relay = try await TestRelay.start()
        let client = try await listen(relay)
        try await hear("event: figures", from: client)
        await relay.stop()
        while case let bytes = try await client.receive(), !bytes.isEmpty {}
    }

    @Test func `those who ask at about the same time are told the same`() async throws {
        let counted = Counted()
        try await TestRelay.run(uptime: { .zero }) { relay in
            relay.server.adopt(status: counted.report)
            let page = try await HTTPAnswer.get("/", from: relay.port)
            #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(page.headers["vary"] == "Accept")
            let json = try await HTTPAnswer.get("/status.json", from: relay.port)
            #expect(json.headers["access-control-allow-origin"] == "*")
            #expect(counted.looks == 1 && json.text.contains(#""now":{"looks":1}"#))
        }
    }

    @Test func `what belongs to the page is kept for ever, under a name of its content`() async throws {
        try await TestRelay.run { relay in
            for resource in [StatusResource.style, .script, .icon] {
                let answer = try await HTTPAnswer.get(resource.path, from: relay.port)
                #expect(answer.text == resource.text && answer.headers["content-type"] == resource.type)
                #expect(answer.headers["cache-control"]?.contains("immutable") == true)
            }
            #expect(try await HTTPAnswer.get("/status/other", from: relay.port).status == 404)
        }
    }

    @Test(arguments: ["/status.json", "/status/events"])
    func `where it is off there is nothing but the page`(path: String) async throws {
        try await TestRelay.run(configure: { $0.showsStatus = false }) { relay in
            #expect(try await HTTPAnswer.get(path, from: relay.port).status == 404)
            let page = try await HTTPAnswer.get("/", from: relay.port).text
            #expect(page.contains("<code>ws://127.0.0.1:\(relay.port)</code>") && !page.contains("data-live"))
        }
    }
}
