// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RelaySession
import TestSupport
import Testing

/// Every advertised limit is enforced at exactly its value.
@Suite struct LimitTests {
    @Test func `one subscription more than advertised is refused alone`() async throws {
        try await TestRelay.run(configure: { $0.limits.maxSubscriptions = 3 }) { relay in
            let client = try await NostrClient.connect(to: relay)
            for name in ["a", "b", "c"] { try await client.request(name, "{}") }
            try await client.say(#"["REQ","d",{}]"#)
            #expect(try await client.hearClosed("d").hasPrefix("error: "))
            let event = Event.fixture()
            await relay.store([event])
            let names = try await client.hear(3).compactMap { message -> String? in
                if case .event(let id, _) = message { "\(id)" } else { nil }
            }
            #expect(names.sorted() == ["a", "b", "c"])
            try await client.say(#"["CLOSE","a"]"#)
            #expect(try await client.request("d", "{}") == [event])
        }
    }

    @Test func `filters, limits and sub ids are bounded as advertised`() async throws {
        try await TestRelay.run(configure: { configuration in
            configuration.limits.maxFilters = 2
            configuration.limits.maxLimit = 4
            configuration.limits.defaultLimit = 3
            configuration.limits.maxSubscriptionIDLength = 5
        }) { relay in
            await relay.store((0..<8).map { Event.fixture(at: Int64($0)) })
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.request("a", "{}").count == 3)
            #expect(try await client.request("a", #"{"limit":4}"#).count == 4)
            #expect(try await client.request("a", #"{"limit":5}"#).count == 4)
            #expect(try await client.request("a", #"{"limit":2}"#, "{}").count == 3)
            try await client.say(#"["REQ","a",{},{},{}]"#)
            #expect(try await client.hearClosed("a").hasPrefix("invalid: "))
            try await client.request("ñññññ", "{}")
            try await client.say(#"["REQ","123456",{}]"#)
            #expect(try await client.hearClosed("123456").hasPrefix("invalid: "))
        }
    }

    @Test(arguments: [(0, true), (1, false)])
    func `tags and content are bounded as advertised`(excess: Int, isAccepted: Bool) async throws {
        try await TestRelay.run(configure: { configuration in
            configuration.limits.maxEventTags = 10
            configuration.limits.maxContentLength = 20
        }) { relay in
            let client = try await NostrClient.connect(to: relay)
            let tags = Array(repeating: Tag.of("t", "x"), count: 10 + excess)
            let tagged = Event.fixture(tags: tags)
            #expect(try await client.isAccepted(tagged) == isAccepted)
            let long = Event.fixture(content: String(repeating: "é", count: 20 + excess))
            #expect(try await client.isAccepted(long) == isAccepted)
        }
    }

    @Test(arguments: [(900, true), (899, false), (1_100, true), (1_101, false)])
    func `created_at is bounded as advertised`(time: Int64, isAccepted: Bool) async throws {
        try await TestRelay.run(
            now: { Timestamp(1_000) },
            configure: { configuration in
                configuration.limits.createdAtLowerLimit = 100
                configuration.limits.createdAtUpperLimit = 100
            }
        ) { relay in
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.isAccepted(Event.fixture(at: time)) == isAccepted)
        }
    }
}

extension NostrClient {
    fileprivate func isAccepted(_ event: Event) async throws -> Bool {
        guard case .ok(_, let accepted, let message) = try await publish(event) else { return false }
        #expect(accepted || message.hasPrefix("invalid: "))
        return accepted
    }
}
