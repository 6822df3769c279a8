// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RelayServer
import TestSupport
import Testing

/// Plain conversations of one client with a relay.
@Suite struct ServingTests {
    private let events = (0..<5).map { Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)") }

    @Test func `what was published is found, newest first`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            for event in events {
                #expect(try await client.publish(event) == .ok(event.id, accepted: true, message: ""))
            }
            #expect(try await client.request("a", "{}") == events.reversed())
        }
    }

    @Test func `EVENT, REQ, COUNT and CLOSE in one segment are answered in order`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            for (number, event) in events.enumerated() {
                let filter = "{\"ids\":[\"\(event.id)\"]}"
                let name = SubscriptionID(TagValue("s\(number)"))
                try await client.sayTogether([
                    event.publication, "[\"REQ\",\"\(name)\",\(filter)]", "[\"COUNT\",\"c\",\(filter)]",
                    "[\"CLOSE\",\"\(name)\"]",
                ])
                #expect(
                    try await client.hear(4) == [
                        .ok(event.id, accepted: true, message: ""), .event(name, event),
                        .endOfStoredEvents(name, .finish), .count("c", 1),
                    ])
            }
            try await client.expectSilence()
            #expect(relay.server.statistics.subscriptions <= 1)
        }
    }

    @Test func `many events in one segment are answered one by one, in order`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            var forged = events[1].json
            forged[forged.count - 3] = forged[forged.count - 3] == 0x30 ? 0x31 : 0x30
            let messages = [
                events[0].publication, "[\"EVENT\",\(String(decoding: forged, as: UTF8.self))]",
                #"["EVENT",{"id":"x"}]"#,
                events[0].publication, events[2].publication,
            ]
            try await client.sayTogether(messages)
            let answers = try await client.hear(5)
            #expect(answers[0] == .ok(events[0].id, accepted: true, message: ""))
            #expect(answers[1] == .ok(events[1].id, accepted: false, message: "invalid: bad signature"))
            if case .ok("x", false, let reason) = answers[2] {
                #expect(reason.hasPrefix("invalid: "))
            } else {
                Issue.record("\(answers[2])")
            }
            #expect(answers[3] == .ok(events[0].id, accepted: true, message: "duplicate: have this event"))
            #expect(answers[4] == .ok(events[2].id, accepted: true, message: ""))
        }
    }

    @Test func `equal times are ordered by the lowest id, within a limit as well`() async throws {
        try await TestRelay.run { relay in
            let ties = (0..<3).map { Event.fixture(at: 9, content: "\($0)") }.sorted { $0.id < $1.id }
            await relay.store(ties.shuffled())
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.request("a", #"{"limit":3}"#) == ties)
            #expect(try await client.request("a", #"{"limit":2}"#) == Array(ties.prefix(2)))
        }
    }

    @Test func `overlapping filters send each event once, newest first over the whole request`() async throws
    {
        try await TestRelay.run { relay in
            let mixed = (0..<20).map {
                Event.fixture(
                    kind: Kind(UInt16($0 % 3)), at: Int64($0 * 7 % 20), content: "\($0)", by: $0 % 2)
            }
            await relay.store(mixed)
            let client = try await NostrClient.connect(to: relay)
            let expected = try relay.store.events(
                matching: [Filter(kinds: [1, 2]), Filter(authors: [TestKey.publicKey(1)])], now: Timestamp(50)
            )
            let found = try await client.request(
                "a", #"{"kinds":[1,2]}"#, "{\"authors\":[\"\(TestKey.publicKey(1))\"]}")
            #expect(found == expected)
            #expect(Set(found.map(\.id)).count == found.count)
            #expect(found.sorted(by: Event.newestFirst) == found)
        }
    }

    @Test func `an empty list matches nothing, and the subscription stays open`() async throws {
        try await TestRelay.run { relay in
            await relay.store(events)
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.request("a", #"{"kinds":[]}"#).isEmpty)
            #expect(
                try await client.request("b", #"{"kinds":[]}"#, #"{"kinds":[1],"limit":1}"#) == [events[4]])
            #expect(try await client.request("c", #"{"since":5,"until":4}"#).isEmpty)
            #expect(relay.server.statistics.subscriptions == 3)
        }
    }

    @Test func `limit 0 sends nothing stored, and live events`() async throws {
        try await TestRelay.run { relay in
            await relay.store([events[0]])
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.request("a", #"{"limit":0}"#).isEmpty)
            await relay.store([events[1]])
            #expect(try await client.hear() == .event("a", events[1]))
        }
    }

    @Test func `an open id is replaced, closed, and used again`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.request("a", #"{"kinds":[1]}"#)
            try await client.request("a", #"{"kinds":[2]}"#)
            await relay.store([events[0]])
            try await client.expectSilence()
            try await client.say(#"["CLOSE","a"]"#)
            try await client.say(#"["CLOSE","nobody"]"#)
            try await client.expectSilence()
            #expect(try await client.request("a", #"{"kinds":[1]}"#) == [events[0]])
        }
    }

    @Test func `a subscription id of any characters is echoed exactly`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            for name in [String(repeating: "🐦", count: 64), #"say \"hi\" \\ ok"#, #"ü\n\t"#] {
                try await client.say("[\"REQ\",\"\(name)\",{\"limit\":0}]")
                #expect(try await client.socket.receiveText() == "[\"EOSE\",\"\(name)\"]")
                await relay.store([Event.fixture(at: 5, content: name)])
                #expect(try await client.socket.receiveText().hasPrefix("[\"EVENT\",\"\(name)\",{"))
                try await client.say("[\"CLOSE\",\"\(name)\"]")
            }
        }
    }
}
