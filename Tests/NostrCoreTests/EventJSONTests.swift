// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@Suite struct EventJSONTests {
    @Test func `an event comes back from its JSON as it was`() throws {
        let event = Samples.signed(
            kind: 30_617, tags: [["d", "a/b"], [], ["x"], ["e", "\"\\\n\u{7}é"]], content: "hi \u{1}\t🪶")
        let parsed = try Event.parse(event.json)
        #expect(parsed.event == event)
        #expect(parsed.event.layout == event.layout)
        #expect(parsed.asWritten == nil)
        #expect(parsed.withTrueID() == event)
        #expect(event.hasTrueSignature(using: Verifier()))
        #expect(Event(canonical: event.json)?.layout == event.layout)
        #expect(event.content == "hi \u{1}\t🪶")
        #expect(event.tags == [["d", "a/b"], [], ["x"], ["e", "\"\\\n\u{7}é"]])
        #expect(event.identifier == "a/b")
    }

    @Test(arguments: 0..<20) func `random events come back as they were`(seed: UInt64) throws {
        var rng = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let event = Samples.event(using: &rng)
            let parsed = try Event.parse(event.json)
            #expect(parsed.event == event)
            #expect(parsed.event.layout == event.layout)
            #expect(parsed.withTrueID() == event)
            #expect(Event(canonical: event.json)?.layout == event.layout)
            let again = UnsignedEvent(
                pubkey: event.pubkey, createdAt: event.createdAt, kind: event.kind, tags: event.tags,
                content: event.content)
            #expect(again.id == event.id)
            #expect(again.withSignature(event.signatureBytes) == event)
        }
    }

    @Test func `order, white space and further fields do not matter`() throws {
        let event = Samples.signed(tags: [["t", "nostr"], []], content: "x y")
        let members = [
            " \"sig\" : \"\(Hex.string(event.signatureBytes))\"", "\t\"content\":\"x y\"",
            "\"tags\":[ [\"t\" ,\r\n\"nostr\"], [ ] ] ", "\"kind\" :1", "\"created_at\": 1700000000",
            "\"p\\u0075bkey\":\"\(event.pubkey)\"", "\"id\":\"\(event.id)\"",
            "\"seen_on\":[\"wss://a\",{\"b\":[null,true,false,-1.5e+3,0,{}]},[]]", "\"\":\"\"",
        ]
        var rng = SplitMix64(seed: 1)
        for _ in 0..<50 {
            let json = " {" + members.shuffled(using: &rng).joined(separator: ",\n") + " }\n"
            let parsed = try Event.parse(Array(json.utf8))
            #expect(parsed.event == event)
            #expect(parsed.event.layout == event.layout)
            #expect(parsed.asWritten == nil)
        }
    }

    private func json(replacing part: String, by other: String) -> [UInt8] {
        let text = String(decoding: Samples.json(content: "c"), as: UTF8.self)
        let parts = text.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
        return Array(parts.joined(separator: other).utf8)
    }

    @Test(arguments: ["0", "65535"]) func `a kind in range is read`(kind: String) throws {
        let parsed = try Event.parse(json(replacing: "\"kind\":1", by: "\"kind\":\(kind)"))
        #expect(parsed.event.kind.description == kind)
    }

    @Test(arguments: [
        "65536", "-1", "-0", "1.5", "1e3", "\"1\"", "01", "+1", "null", "99999999999999999999", "",
    ])
    func `a kind out of range is refused`(kind: String) {
        #expect(throws: EventError.malformed("kind is not an integer from 0 to 65535")) {
            try Event.parse(json(replacing: "\"kind\":1", by: "\"kind\":\(kind)"))
        }
    }

    @Test(arguments: [
        "0", "9007199254740993", "999999999999999999", "1000000000000000000", "9223372036854775807",
    ])
    func `a time in range is read exactly`(time: String) throws {
        let parsed = try Event.parse(json(replacing: "1700000000", by: time))
        #expect(parsed.event.createdAt.description == time)
        #expect(Event(canonical: parsed.event.json)?.layout == parsed.event.layout)
    }

    @Test(arguments: [
        "-200", "1e+10", "1E9", "1.0", "9223372036854775808", "99999999999999999999999", "00", "\"1\"",
    ])
    func `a time out of range is refused`(time: String) {
        #expect(throws: EventError.malformed("created_at is not an integer from 0 to 2^63 - 1")) {
            try Event.parse(json(replacing: "1700000000", by: time))
        }
    }

    @Test(arguments: [
        ("\"tags\":[]", "\"tags\":{}"), ("\"tags\":[]", "\"tags\":[1]"),
        ("\"tags\":[]", "\"tags\":[[1]]"),
        ("\"tags\":[]", "\"tags\":[[null]]"), ("\"tags\":[]", "\"tags\":[[\"a\",[\"b\"]]]"),
        ("\"tags\":[]", "\"tags\":[[\"a\",]]"), ("\"tags\":[]", "\"tags\":[,]"),
        ("\"tags\":[]", "\"tags\":null"),
        ("\"tags\":[]", "\"tags\":[[]"), ("\"content\":\"c\"", "\"content\":null"),
        ("\"content\":\"c\"", "\"content\":\"c\",\"content\":\"c\""),
        ("\"content\":\"c\"", "\"other\":\"c\""),
        ("\"id\":\"", "\"id\":\"A"), ("\"id\":\"", "\"id\":\"0"), ("\"sig\":\"5", "\"sig\":\"F"),
        ("\"sig\":\"5", "\"sig\":\""), ("\"sig\":\"5", "\"sig\":\"55"), ("{\"id\"", "[\"id\""),
        ("{\"id\"", "{id"),
        ("\"}", "\"}}"), ("\"}", "\",}"), ("\"}", "\""), ("{", ""), (",\"kind\"", " \"kind\""),
        (
            "\"tags\":[]",
            "\"tags\":[],\"x\":\(String(repeating: "[", count: 65))\(String(repeating: "]", count: 65))"
        ),
        ("\"tags\":[]", "\"tags\":[],\"x\":01"), ("\"tags\":[]", "\"tags\":[],\"x\":tru"),
        ("\"tags\":[]", "\"tags\":[],\"x\":{\"a\"}"), ("\"tags\":[]", "\"tags\":[],\"x\":[1 2]"),
    ])
    func `what is not an event is refused`(part: String, other: String) {
        #expect(throws: EventError.self) { try Event.parse(json(replacing: part, by: other)) }
    }

    @Test func `upper-case digits are refused`() {
        let text = String(decoding: Samples.json(content: "c"), as: UTF8.self)
        let upper = text.replacing(
            Samples.key.publicKey.hex, with: Samples.key.publicKey.hex.uppercased())
        #expect(throws: EventError.malformed("pubkey is not 64 lower-case hex digits")) {
            try Event.parse(Array(upper.utf8))
        }
    }

    @Test func `further fields may nest to the bound`() throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try Event.parse(json(replacing: "\"tags\":[]", by: "\"tags\":[],\"x\":\(deep)"))
    }

    @Test func `bytes that are not laid out as an event are none`() {
        let json = Samples.signed(content: "c").json
        for end in 0..<json.count { #expect(Event(canonical: Array(json[..<end])) == nil) }
    }
}
