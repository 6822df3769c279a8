// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import RelayServer
import RelaySession
import TestSupport
import Testing

@Suite struct LiveTests {
    @Test func `a live event reaches every subscriber that wants it, once`() async throws {
        try await TestRelay.run { relay in
            let publisher = try await NostrClient.connect(to: relay)
            var subscribers: [NostrClient] = []
            for _ in 0..<6 {
                let client = try await NostrClient.connect(to: relay)
                try await client.request("a", #"{"kinds":[1]}"#, ##"{"#t":["x"]}"##)
                subscribers.append(client)
            }
            let wanted = Event.fixture(at: 7, tags: [.of("t", "x")])
            let other = Event.fixture(kind: 2, at: 8)
            _ = try await publisher.publish(other)
            _ = try await publisher.publish(wanted)
            for client in subscribers {
                #expect(try await client.hear() == .event("a", wanted))
                try await client.expectSilence()
            }
        }
    }

    @Test func `the same event from two sockets at once is stored once and delivered once`() async throws {
        try await TestRelay.run { relay in
            let listener = try await NostrClient.connect(to: relay)
            try await listener.request("a", "{}")
            let clients = try await [NostrClient.connect(to: relay), NostrClient.connect(to: relay)]
            for number in 0..<20 {
                let event = Event.fixture(at: 100, content: "\(number)")
                async let first = clients[0].publish(event)
                async let second = clients[1].publish(event)
                let answers = try await [first, second]
                #expect(answers.contains(.ok(event.id, accepted: true, message: "")))
                #expect(
                    answers.contains(.ok(event.id, accepted: true, message: "duplicate: have this event")))
                #expect(try await listener.hear() == .event("a", event))
            }
            try await listener.expectSilence()
        }
    }

    @Test func `an ephemeral event is delivered and never stored`() async throws {
        try await TestRelay.run { relay in
            let listener = try await NostrClient.connect(to: relay)
            try await listener.request("a", #"{"kinds":[25000]}"#)
            let publisher = try await NostrClient.connect(to: relay)
            let event = Event.fixture(kind: 25_000)
            #expect(try await publisher.publish(event) == .ok(event.id, accepted: true, message: ""))
            #expect(try await listener.hear() == .event("a", event))
            #expect(try await publisher.request("b", #"{"kinds":[25000]}"#).isEmpty)
        }
    }

    @Test func `an event that expires is served until then, and neither stored nor live after it`()
        async throws
    {
        let clock = VirtualClock(startingAt: Timestamp(1_000))
        try await TestRelay.run(now: { clock.wallTime }) { relay in
            let client = try await NostrClient.connect(to: relay)
            let soon = Event.fixture(at: 1_000, tags: [.of("expiration", "1002")])
            _ = try await client.publish(soon)
            #expect(try await client.request("a", "{}") == [soon])
            clock.advance(by: .seconds(3))
            #expect(try await client.request("a", "{}").isEmpty)
            try await client.say(#"["COUNT","c",{}]"#)
            #expect(try await client.hear() == .count("c", 0))
            let late = Event.fixture(at: 999, tags: [.of("expiration", "1001")])
            guard case .ok(_, false, let message) = try await client.publish(late) else {
                Issue.record("an expired event was accepted")
                return
            }
            #expect(message.hasPrefix("invalid: "))
        }
    }

    @Test func `a request opened 100 times beside a steady writer misses nothing and gets nothing twice`()
        async throws
    {
        try await TestRelay.run { relay in
            let events = (0..<1_500).map { Event.fixture(at: Int64($0), content: "\($0)") }
            let writer = Task {
                for start in stride(from: 0, to: events.count, by: 5) {
                    let part = events[start..<start + 5].map { ParsedEvent(event: $0) }
                    _ = await relay.ingest.submit(part, from: .client(authenticated: []))
                    try? await Task.sleep(for: .milliseconds(10))
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        let client = try await NostrClient.connect(to: relay)
                        for round in 0..<25 { try await watchBriefly(client, "s\(worker)-\(round)") }
                    }
                }
                try await group.waitForAll()
            }
            await writer.value
        }
    }

    /// Opens a subscription, reads a while, and checks that what came is a run without gap or duplicate.
    private func watchBriefly(_ client: NostrClient, _ name: String) async throws {
        let stored = try await client.request(name, "{}")
        var seen = Set(stored.map { $0.createdAt.seconds })
        #expect(seen.count == stored.count)
        #expect(
            seen.count == Int((stored.first?.createdAt.seconds ?? -1) + 1), "the stored part is a run from 0")
        var count = stored.count
        try await client.say("[\"COUNT\",\"\(name)\",{}]")
        while true {
            switch try await client.hear() {
            case .event(_, let parsed):
                seen.insert(parsed.event.createdAt.seconds)
                count += 1
            case .count(_, let answer):
                let total = answer.count
                // Whatever was committed before the count was either stored or has come live, or comes right after.
                while seen.count < total, case .event(_, let parsed) = try await client.hear() {
                    seen.insert(parsed.event.createdAt.seconds)
                    count += 1
                }
                try await client.say("[\"CLOSE\",\"\(name)\"]")
                #expect(seen.count == count, "none twice")
                #expect(seen.max() == Int64(seen.count) - 1 || seen.isEmpty, "none missing")
                return try await drain(client)
            case let other: throw NostrClient.Unexpected(message: other)
            }
        }
    }

    /// Reads past live events that were on their way when the subscription was closed.
    private func drain(_ client: NostrClient) async throws {
        try await client.say(#"["REQ","end",{"kinds":[]}]"#)
        while try await client.hear() != .endOfStoredEvents("end", .finish) {}
        try await client.say(#"["CLOSE","end"]"#)
    }

    @Test func `an ephemeral event does not expire`() async throws {
        try await TestRelay.run(now: { Timestamp(1_000) }) { relay in
            let listener = try await NostrClient.connect(to: relay)
            try await listener.request("a", #"{"kinds":[25000]}"#)
            let publisher = try await NostrClient.connect(to: relay)
            let event = Event.fixture(kind: 25_000, at: 1_000, tags: [.of("expiration", "999")])
            #expect(try await publisher.publish(event) == .ok(event.id, accepted: true, message: ""))
            #expect(try await listener.hear() == .event("a", event))
        }
    }

    @Test func `an event that comes in one write with the end of its conversation is stored`() async throws {
        try await TestRelay.run { relay in
            let ends = [WebSocketFrame.close(1000), WebSocketFrame.binary([1])]
            let events = ends.indices.map { Event.fixture(at: Int64($0)) }
            for (end, event) in zip(ends, events) {
                let client = try await NostrClient.connect(to: relay)
                try await client.socket.send(
                    bytes: WebSocketFrame.text(event.publication).encoded + end.encoded)
                try await eventually("the event") { try relay.store.contains(event.id) }
            }
        }
    }
}
