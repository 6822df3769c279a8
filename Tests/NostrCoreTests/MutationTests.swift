// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// Damaged input: no parser may trap, and whatever one accepts must be sound.
@Suite struct MutationTests {
    /// Pieces that a parser may stumble over.
    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "\\u", "\\ud800", "\\ud83e\\udeb6", "[", "]", "{", "}", ",", ":", "[[", "]]", "null",
            "-1", "1e9", "0",
        ]
        .map { Array($0.utf8) } + [
            [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0], [0x1F], [0xC0, 0x80],
        ]

    private static func mutated(_ bytes: [UInt8], with others: [[UInt8]], using rng: inout SplitMix64)
        -> [UInt8]
    {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &rng) {
            guard !bytes.isEmpty else { break }
            let at = Int.random(in: 0..<bytes.count, using: &rng)
            switch Int.random(in: 0..<6, using: &rng) {
            case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &rng)
            case 1: bytes[at] = UInt8.random(in: .min ... .max, using: &rng)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...9, using: &rng)))
            case 3: bytes.insert(contentsOf: pieces.randomElement(using: &rng) ?? [], at: at)
            case 4:
                let other = others.randomElement(using: &rng) ?? []
                bytes = Array(bytes[..<at] + other[min(at, other.count)...])
            default: bytes = Array(bytes[..<at])
            }
        }
        return bytes
    }

    private static func expectSound(_ parsed: ParsedEvent) throws {
        for event in [parsed.event, parsed.asWritten ?? parsed.event] {
            #expect(String(validating: event.json, as: UTF8.self) != nil)
            #expect(Event(canonical: event.json)?.layout == event.layout)
            let again = try Event.parse(event.json)
            #expect(again.asWritten ?? again.event == event)
            // What was read says the same when it is written anew.
            let written = UnsignedEvent(
                pubkey: event.pubkey, createdAt: event.createdAt, kind: event.kind, tags: event.tags,
                content: event.content
            ).withSignature(event.signatureBytes, id: event.id)
            #expect(written.tags == event.tags && written.content == event.content)
            #expect(Filter(kinds: [event.kind]).matches(event))
        }
    }

    @Test(arguments: 0..<12) func `damaged events do not harm`(seed: UInt64) throws {
        var rng = SplitMix64(seed: seed)
        let events =
            (0..<20).map { _ in Samples.event(using: &rng).json }
            + [Samples.json(content: "\\/\\u0041", tags: "[[\"t\",\"\\u00e9\"]]")]
        for _ in 0..<400 {
            let original = events.randomElement(using: &rng) ?? []
            let bytes = Self.mutated(original, with: events, using: &rng)
            if let parsed = try? Event.parse(bytes) { try Self.expectSound(parsed) }
            // The store trusts its bytes, yet must not trap on rotten ones.
            if let event = Event(canonical: bytes) {
                _ = (event.tags, event.content, event.identifier, event.isProtected, event.hasTrueID())
                _ = event.hasTrueSignature(using: Verifier())
                _ = Filter(tags: ["t": ["x"], "e": ["y"]]).matches(event)
            }
        }
    }

    @Test(arguments: 0..<12) func `damaged messages do not harm`(seed: UInt64) throws {
        var rng = SplitMix64(seed: seed)
        var messages: [[UInt8]] = []
        for _ in 0..<20 {
            let event = Samples.event(using: &rng)
            let client: [ClientMessage] = [
                .event(ParsedEvent(event: event)), .request("s", [Samples.filter(using: &rng)]),
                .negentropyOpen("n", Samples.filter(using: &rng), "61"), .close("s"),
            ]
            let relay: [RelayMessage] = [
                .event("s", event), .ok(event.id, accepted: true, message: "x"), .count("s", 3), .notice("é"),
            ]
            for message in client {
                messages.append([])
                message.appendJSON(to: &messages[messages.count - 1])
            }
            for message in relay {
                messages.append([])
                message.appendJSON(to: &messages[messages.count - 1])
            }
        }
        for _ in 0..<400 {
            let bytes = Self.mutated(messages.randomElement(using: &rng) ?? [], with: messages, using: &rng)
            if let message = try? ClientMessage.parse(bytes) {
                var output: [UInt8] = []
                message.appendJSON(to: &output)
                #expect(String(validating: output, as: UTF8.self) != nil)
                _ = try ClientMessage.parse(output)
            }
            if let message = try? RelayMessage.parse(bytes) {
                var output: [UInt8] = []
                message.appendJSON(to: &output)
                #expect(String(validating: output, as: UTF8.self) != nil)
                _ = try RelayMessage.parse(output)
            }
        }
    }

    @Test(arguments: 0..<8) func `damaged addresses and names do not harm`(seed: UInt64) throws {
        var rng = SplitMix64(seed: seed)
        let texts = [
            "wss://Relay.example.com:8443/a/%7eb/../c?x=%zz#f", "ws://[2001:db8::1]:80",
            "https://bücher.example/é",
            "wss://127.0.0.1", "ws://[::ffff:1.2.3.4]/", "wss://ｒ。例子.test.",
            NIP19Entity.npub(Samples.key.publicKey).bech32 ?? "",
            NIP19Entity.nprofile(Samples.key.publicKey, relays: ["wss://a.test"]).bech32 ?? "",
        ].map { Array($0.utf8) }
        for _ in 0..<1_500 {
            let bytes = Self.mutated(texts.randomElement(using: &rng) ?? [], with: texts, using: &rng)
            let text = String(decoding: bytes, as: UTF8.self)
            if let url = try? RelayURL(text) {
                #expect(try RelayURL(url.text) == url)
                #expect(url.text.utf8.allSatisfy { (0x21...0x7E).contains($0) })
                #expect(url.text.hasPrefix("ws") && !url.host.isEmpty && url.path.hasPrefix("/"))
            }
            _ = NIP19Entity(bech32: text)
            _ = EventAddress(TagValue(bytes: bytes))
        }
    }
}
