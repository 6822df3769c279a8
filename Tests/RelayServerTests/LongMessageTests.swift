// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// Messages that are read away from the event loop are served as all others are.
@Suite struct LongMessageTests {
    private static let long = Event.fixture(content: String(repeating: "x", count: 100_000))

    @Test func `what comes after a long message waits for it`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            let short = Event.fixture(content: "short")
            try await client.sayTogether([
                "[\"EVENT\",\(short.text)]", "[\"EVENT\",\(Self.long.text)]",
                #"["REQ","a",{"kinds":[1]}]"#, #"["COUNT","c",{}]"#,
            ])
            #expect(try await client.hear() == .ok(short.id, accepted: true, message: ""))
            #expect(try await client.hear() == .ok(Self.long.id, accepted: true, message: ""))
            #expect(try await Set(client.stored("a").map(\.id)) == [short.id, Self.long.id])
            #expect(try await client.hear() == .count("c", 2))
        }
    }

    @Test func `a long request is served, live too, and what is wrong in one is said`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            let event = Event.fixture(content: "wanted")
            func filters(_ last: String) -> String {
                let keys = (0..<1_500).map { "\"\(EventID(SHA256.digest(Array("\($0)".utf8).span)).hex)\"" }
                return #"{"ids":[\#((keys + [last]).joined(separator: ","))]}"#
            }
            #expect(try await client.request("a", filters("\"\(event.id.hex)\"")).isEmpty)
            try await client.say(#"["REQ","b",\#(filters("1"))]"#)
            #expect(try await client.hearClosed("b").hasPrefix("invalid:"))
            let publisher = try await NostrClient.connect(to: relay)
            _ = try await publisher.publish(event)
            #expect(try await client.hear() == .event("a", event))
            try await client.say(#"["CLOSE","a"]"#)
            try await client.expectSilence()
        }
    }

    @Test func `what was said right before the end is heard, however long`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.say("[\"EVENT\",\(Self.long.text)]")
            await client.close()
            let other = try await NostrClient.connect(to: relay)
            try await eventually("the event") {
                try await other.request("a", #"{"kinds":[1]}"#) == [Self.long]
            }
        }
    }
}
