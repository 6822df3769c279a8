// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOCore
import NostrCore
import RelayServer
import RelaySession
import RelayTransport
import TestSupport
import Testing

/// Clients that read slowly, or not at all, cost themselves.
@Suite(.serialized) struct SlowReaderTests {
    /// 20 MB of events, each so long that few fill a socket.
    private static let long = (0..<200).map { number in
        Event.fixture(at: Int64(number), content: String(repeating: "x", count: 100_000))
    }

    @Test func `scans wait for a reader that does not read, and others feel nothing`() async throws {
        try await TestRelay.run { relay in
            await relay.store(Self.long)
            let slow = try await NostrClient.connect(to: relay, receiveBuffer: 4_096)
            for name in ["a", "b", "c"] { try await slow.say("[\"REQ\",\"\(name)\",{}]") }
            let quick = try await NostrClient.connect(to: relay)
            for _ in 0..<50 {
                // While the other has not read a byte.
                #expect(try await quick.request("q", #"{"limit":1}"#).count == 1)
                #expect(relay.server.statistics.transport.queuedBytes < 2_000_000)
            }
            var events: [SubscriptionID: Int] = [:]
            var ended: Set<SubscriptionID> = []
            while ended.count < 3 {
                switch try await slow.hear() {
                case .event(let id, _): events[id, default: 0] += 1
                case .endOfStoredEvents(let id, _): ended.insert(id)
                case let other: throw NostrClient.Unexpected(message: other)
                }
            }
            #expect(events == ["a": 200, "b": 200, "c": 200])
        }
    }

    @Test func `a subscriber that reads too slowly falls behind and catches up without gap or duplicate`()
        async throws
    {
        try await TestRelay.run { relay in
            let slow = try await NostrClient.connect(to: relay, receiveBuffer: 4_096)
            try await slow.request("a", "{}")
            let quick = try await NostrClient.connect(to: relay)
            try await quick.request("a", "{}")
            async let received = quick.hear(Self.long.count)
            for event in Self.long { await relay.store([event]) }
            #expect(try await received == Self.long.map { .event("a", $0) })
            try await eventually("the slow one falls behind") { relay.meter.counts.fellBehind > 0 }
            #expect(relay.server.statistics.transport.queuedBytes < 2_000_000)
            #expect(try await slow.hear(Self.long.count) == Self.long.map { .event("a", $0) })
            let last = Event.fixture(at: 1_000_000)
            await relay.store([last])
            #expect(try await slow.hear() == .event("a", last))
        }
    }

    @Test func `CLOSE during a long scan stops it soon`() async throws {
        try await TestRelay.run { relay in
            await relay.store(Self.long)
            let client = try await NostrClient.connect(to: relay, receiveBuffer: 4_096)
            try await client.say(#"["REQ","a",{}]"#)
            _ = try await client.hear(5)
            try await client.sayTogether([#"["CLOSE","a"]"#, #"["REQ","b",{"kinds":[]}]"#])
            var more = 0
            while try await client.hear() != .endOfStoredEvents("b", .finish) { more += 1 }
            #expect(more < 100, "\(more) events came after CLOSE")
            #expect(relay.server.statistics.subscriptions == 1)
        }
    }

    @Test func `a publisher that reads no answers is not read either, and gets every answer in order later`()
        async throws
    {
        try await TestRelay.run { relay in
            let events = (0..<2).map { Event.fixture(at: Int64($0)) }
            await relay.store(events)
            let client = try await NostrClient.connect(to: relay, receiveBuffer: 4_096)
            let count = 20_000
            let frames = (0..<count).flatMap { WebSocketFrame.text(events[$0 % 2].publication).encoded }
            async let sent: Void = client.socket.send(bytes: frames, within: .seconds(60))
            let quick = try await NostrClient.connect(to: relay)
            for _ in 0..<20 {
                #expect(try await quick.request("q", #"{"limit":1}"#).count == 1)
                #expect(relay.server.statistics.transport.queuedBytes < 2_000_000)
            }
            for number in 0..<count {
                let expected = RelayMessage.ok(
                    events[number % 2].id, accepted: true, message: "duplicate: have this event")
                guard try await client.hear() == expected else {
                    throw TimedOut("answer \(number)", after: .zero)
                }
            }
            try await sent
        }
    }

    @Test func `a hopeless reader is closed with a reason`() async throws {
        try await TestRelay.run(configure: { $0.transportLimits.stallTimeout = .milliseconds(300) }) {
            relay in
            await relay.store(Self.long)
            let slow = try await NostrClient.connect(to: relay, receiveBuffer: 4_096)
            try await slow.say(#"["REQ","a",{}]"#)
            try await eventually("the reader is given up") { relay.meter.counts.closed == [.tooSlow] }
            #expect(relay.server.statistics.subscriptions == 0)
        }
    }

    @Test func `a commit larger than any queue reaches a slow reader whole, and nobody is closed for it`()
        async throws
    {
        try await TestRelay.run { relay in
            let slow = try await NostrClient.connect(to: relay, receiveBuffer: 4_096)
            try await slow.request("a", "{}")
            let quick = try await NostrClient.connect(to: relay)
            try await quick.request("a", "{}")
            async let received = quick.hear(Self.long.count)
            // One submission is one commit, here of 20 MB.
            await relay.store(Self.long)
            #expect(try await received == Self.long.map { .event("a", $0) })
            #expect(relay.store.latest.rawValue == 1)
            #expect(relay.meter.counts.fellBehind > 0)
            #expect(relay.server.statistics.transport.queuedBytes < 2_000_000)
            #expect(try await slow.hear(Self.long.count) == Self.long.map { .event("a", $0) })
            let last = Event.fixture(at: 1_000_000)
            await relay.store([last])
            #expect(try await slow.hear() == .event("a", last))
            #expect(relay.meter.counts.closed.isEmpty)
        }
    }
}
