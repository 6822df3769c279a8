// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// Streams between real processes, as an operator sets them up.
@Suite(.timeLimit(.minutes(5))) struct MirroringTests {
    private static func events(_ owner: String, _ count: Int) -> [Event] {
        (0..<count).map {
            .fixture(at: 1_740_000_000 + Int64($0 % 7), content: "\(owner) \($0)", by: $0 % 2)
        }
    }

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("mirror") }

    @Test func `two relays that mirror each other hold the same, whoever was down meanwhile`() async throws {
        var (a, b) = (try MirroringRookery("a", in: directory), try MirroringRookery("b", in: directory))
        let (early, later, alone, back) = (
            Self.events("early", 40), Self.events("later", 20), Self.events("alone", 30),
            Self.events("back", 20)
        )
        try await a.start(mirroring: [b.url])
        try await a.publish(early)
        try await b.start(mirroring: [a.url])
        try await b.holds(early)
        try await a.reaches("live")
        try await b.reaches("live")
        try await a.publish(Array(later.prefix(10)))
        try await b.publish(Array(later.suffix(10)))
        try await a.holds(early + later)
        try await b.holds(early + later)
        // One is gone without a word, and both go on.
        try await b.process?.kill()
        try await a.publish(alone)
        try await b.start(mirroring: [])
        try await b.publish(back)
        try await b.process?.stop()
        try await b.start(mirroring: [a.url])
        let all = early + later + alone + back
        try await a.holds(all)
        try await b.holds(all)
        try await a.reaches("live")
        let metrics = try #require(try await a.process?.metrics())
        #expect(metrics[#"rookery_stream_relays{stream="mirror",state="live"}"#] == 1)
        #expect(metrics[#"rookery_stream_events_received_total{stream="mirror",result="refused"}"#] ?? 0 == 0)
        #expect(metrics.keys.contains { $0.hasPrefix("rookery_stream_bytes_total") })
    }

    @Test func `a ring of three comes to rest, and nothing goes the same way twice`() async throws {
        var ring = try ["a", "b", "c"].map { try MirroringRookery($0, in: directory) }
        // a → b → c → a, each through a wire that hears.
        let wires = try [1, 2, 0].map { try ListeningProxy(to: ring[$0].port) }
        for index in ring.indices {
            try await ring[index].start(mirroring: ["ws://127.0.0.1:\(wires[index].port)"])
        }
        for relay in ring { try await relay.reaches("live") }
        let events = ["a", "b", "c"].map { Self.events($0, 30) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (relay, events) in zip(ring, events) { group.addTask { try await relay.publish(events) } }
            try await group.waitForAll()
        }
        for relay in ring { try await relay.holds(events.flatMap(\.self)) }
        // What is still on its way comes to an end.
        let carried: @Sendable () -> Int = {
            wires.reduce(0) { $0 + $1.fromClient.count + $1.fromServer.count }
        }
        var before = -1
        try await eventually("rest", within: .seconds(30)) {
            let isAtRest = try await ring.asyncAllSatisfy { relay in
                try await relay.streams().allSatisfy { $0["waiting"] as? Int == 0 }
            }
            defer { before = carried() }
            return isAtRest && before == carried()
        }
        for (index, wire) in wires.enumerated() {
            let (up, down) = (Self.eventIDs(wire.fromClient), Self.eventIDs(wire.fromServer))
            #expect(Set(up).count == up.count, "wire \(index): an event was sent twice")
            #expect(Set(down).count == down.count, "wire \(index): an event was given twice")
            #expect(Set(up).union(down).count == 90, "wire \(index)")
        }
    }

    /// Of `EVENT` messages of either side.
    private static func eventIDs(_ messages: [String]) -> [String] {
        messages.compactMap { text in
            guard text.hasPrefix("[\"EVENT\""),
                let parts = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any],
                let event = parts.last as? [String: Any]
            else { return nil }
            return event["id"] as? String
        }
    }

    @Test func `nostr-sdk's relay is mirrored: what it held, what it misses, and what is new`() async throws {
        let upstream = try RustNostrRelay()
        let (held, fresh, ours) = (
            Self.events("held", 50), Event.fixture(at: 1_750_000_000, content: "new"), Self.events("ours", 5)
        )
        try await upstream.start(holding: held)
        var rookery = try MirroringRookery("a", in: directory)
        try await rookery.start(mirroring: [upstream.url], "down")
        try await rookery.holds(held)
        try await rookery.reaches("live")
        #expect(try await Peer.publish([fresh], to: upstream.url).isEmpty)
        try await rookery.holds(held + [fresh])
        try await rookery.publish(ours)
        #expect(try await Peer.read(upstream.url) == Set((held + [fresh]).map(\.id)), "nothing goes up")
        try await upstream.kill()
        let streams = try await rookery.streams()
        #expect((streams.first?["received"] as? [String: Int])?["stored"] == 51, "\(streams)")
    }

    @Test func `a stream is changed without a restart, and the others go on`() async throws {
        let relays = [
            try await ScriptedRelay(holding: Self.events("one", 5)),
            try await ScriptedRelay(holding: Self.events("two", 5)),
        ]
        var rookery = try MirroringRookery("a", in: directory)
        try await rookery.start(mirroring: [relays[0].url], "down")
        try await rookery.holds(Self.events("one", 5))
        let config = MirroringRookery.quick + MirroringRookery.stream(relays.map(\.url), "down", filter: "{}")
        try config.write(toFile: directory.file("a") + ".toml", atomically: true, encoding: .utf8)
        let (exit, output, _) = try await RookeryProcess.run(
            ["reload", "--data-dir", directory.file("a")])
        #expect(exit == .code(0) && output.contains("stream is now"), "\(output)")
        try await rookery.holds(Self.events("one", 5) + Self.events("two", 5))
        #expect(relays[0].record.conversations == 1, "it was not touched")
        try MirroringRookery.quick.write(
            toFile: directory.file("a") + ".toml", atomically: true, encoding: .utf8)
        _ = try await RookeryProcess.run(["reload", "--data-dir", directory.file("a")])
        try await eventually("the end of both") { relays.allSatisfy { $0.record.openConversations == 0 } }
        #expect(try await rookery.streams().isEmpty)
    }
}

extension Sequence {
    fileprivate func asyncAllSatisfy(_ holds: (Element) async throws -> Bool) async rethrows -> Bool {
        for element in self where try await !holds(element) { return false }
        return true
    }
}
