// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RelaySession
import RelayTransport
import TestSupport
import Testing

@Suite struct BadInputTests {
    @Test(arguments: [
        (#"{"foo":1}"#, "unsupported: "), (#"{"ids":["ABCDEF"]}"#, "invalid: "),
        (#"{"authors":["abc"]}"#, "invalid: "),
        (#"{"kinds":["1"]}"#, "invalid: "), (#"{"since":-1}"#, "invalid: "), (#"{"limit":-1}"#, "invalid: "),
        ("5", "invalid: "),
    ])
    func `a bad filter ends its own subscription only`(filter: String, prefix: String) async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.request("good", "{}")
            for verb in ["REQ", "COUNT"] {
                try await client.say("[\"\(verb)\",\"bad\",\(filter)]")
                let message = try await client.hearClosed("bad")
                #expect(message.hasPrefix(prefix), "\(message)")
            }
            let event = Event.fixture()
            await relay.store([event])
            #expect(try await client.hear() == .event("good", event))
        }
    }

    @Test(arguments: [
        "", "x", "{}", "[]", "[1]", "[\"WHAT\"]", "[\"REQ\"]", "[\"EVENT\"]", "[\"EVENT\",{}]", "[\"CLOSE\"]",
    ])
    func `garbage is answered by NOTICE and costs nobody anything`(text: String) async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.say(text)
            let message = try await client.hearNotice()
            #expect(message.hasPrefix("invalid: "))
            try await client.expectSilence()
        }
    }

    @Test(arguments: ["65536", "-1", "1.5", #""1""#])
    func `a kind out of range is refused with the event's id`(kind: String) async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            let event = Event.fixture()
            let text = event.text.replacing("\"kind\":1", with: "\"kind\":\(kind)")
            try await client.say("[\"EVENT\",\(text)]")
            let message = try await client.hearRefusal(of: TagValue(event.id.hex))
            #expect(message.hasPrefix("invalid: "))
        }
    }

    @Test func `an event spelt otherwise is acknowledged and served canonically`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            let event = Event.fixture(
                kind: 65_535, at: (1 << 53) + 1, tags: [[]], content: "\u{2028}\u{E000}")
            let body = event.text.dropFirst().dropLast()
            try await client.say(
                "[ \"EVENT\" ,\n{ \"extra\": [1, {\"a\": null}], \(body) , \"seen_on\":\"x\" } ]")
            #expect(try await client.hear() == .ok(event.id, accepted: true, message: ""))
            #expect(try await client.request("a", "{\"ids\":[\"\(event.id)\"]}") == [event])
        }
    }

    @Test func `frames that are no text messages close their own connection with the right code`()
        async throws
    {
        try await TestRelay.run(configure: { $0.limits.maxMessageLength = 10_000 }) { relay in
            let bystander = try await NostrClient.connect(to: relay)
            try await bystander.request("a", "{}")
            var bare = WebSocketFrame.text("[]")
            bare.mask = nil
            let cases: [(WebSocketFrame, UInt16)] = [
                (.binary([1, 2, 3]), 1003), (WebSocketFrame(opcode: 1, payload: [0x22, 0xC0, 0xAF]), 1007),
                (.text(String(repeating: " ", count: 10_001)), 1009),
                (bare, 1002),
            ]
            for (frame, code) in cases {
                let client = try await NostrClient.connect(to: relay)
                try await client.socket.send(frame)
                #expect(try await client.socket.closeCode() == code)
            }
            let longest = try await NostrClient.connect(to: relay)
            try await longest.say(#"["CLOSE","x"]"# + String(repeating: " ", count: 10_000 - 13))
            try await longest.expectSilence()
            try await bystander.expectSilence()
        }
    }

    @Test func `AUTH and negentropy are answered, each in its own way`() async throws {
        try await TestRelay.run(configure: { $0.features.negentropy = false }) { relay in
            let client = try await NostrClient.connect(to: relay)
            let event = Event.fixture(kind: .clientAuthentication)
            try await client.say("[\"AUTH\",\(event.text)]")
            #expect(
                try await client.hear()
                    == .ok(event.id, accepted: false, message: "error: no authentication was asked for"))
            try await client.say("[\"EVENT\",\(event.text)]")
            let message = try await client.hearRefusal(of: TagValue(event.id.hex))
            #expect(message.hasPrefix("invalid: "))
            try await client.say(#"["NEG-OPEN","n",{},"6100000200"]"#)
            #expect(
                try await client.hear()
                    == .negentropyError("n", message: "blocked: negentropy is not offered here"))
        }
    }

    @Test func `a stream of garbage is answered for a while, then ended, and its sender refused for a while`()
        async throws
    {
        try await TestRelay.run(configure: {
            $0.sessionLimits.mistakes = 20
            $0.transportLimits.barsLocalAddresses = true
        }) { relay in
            let bystander = try await NostrClient.connect(to: relay)
            let client = try await NostrClient.connect(to: relay)
            let garbage = Array(repeating: WebSocketFrame.text("garbage").encoded, count: 10_000).joined()
            // The server stops reading somewhere in the middle.
            try? await client.socket.send(bytes: Array(garbage))
            var notices = 0
            let end = await #expect(throws: RawWebSocket.Ended.self) {
                while true {
                    _ = try await client.hearNotice()
                    notices += 1
                }
            }
            #expect(end?.code == 1008)
            #expect(notices == 21)
            let refusal = await #expect(throws: RawWebSocket.Refused.self) {
                _ = try await NostrClient.connect(to: relay)
            }
            #expect(refusal?.answer.status == 429)
            #expect(refusal?.answer.headers["retry-after"] == "10")
            #expect(relay.meter.counts.closed == [.closedHere(.policyViolation)])
            try await bystander.expectSilence()
        }
    }

    @Test func `a proxy's address is not refused for what one of its clients did`() async throws {
        try await TestRelay.run(configure: { $0.sessionLimits.mistakes = 1 }) { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.sayTogether(["x", "x"])
            #expect(try await client.socket.closeCode() == 1008)
            try await NostrClient.connect(to: relay).expectSilence()
        }
    }
}
