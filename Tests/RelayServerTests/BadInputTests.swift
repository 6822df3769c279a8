// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RelaySession
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
        try await TestRelay.run { relay in
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
                    == .negentropyError("n", message: "unsupported: negentropy is not offered here"))
        }
    }
}
