// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

@testable import EventStore

@Suite struct PackedEventTests {
    private static let hex = String(repeating: "0123456789abcdef", count: 4)

    private func packed(_ event: Event) -> [UInt8]? {
        var output: [UInt8] = []
        return PackedEvent.pack(event, into: &output) ? output : nil
    }

    private func expectSame(_ event: Event, _ comment: Comment? = nil) throws {
        let bytes = try #require(packed(event), comment)
        let json = PackedEvent.unpack(bytes.span, event.layout, count: event.json.count)
        #expect(json == event.json, comment)
    }

    @Test func `digits are packed where a value begins, and after a colon`() throws {
        let event = Event.fixture(
            kind: 1111, tags: [.of("e", Self.hex, "", Self.hex), .of("a", "30617:\(Self.hex):name")])
        try expectSame(event)
        // Three times 64 digits became 33 bytes; the content is two quotes.
        let tags = event.layout.tagsEnd - event.layout.tagsStart
        #expect(packed(event)?.count == PackedEvent.headBytes + tags - 3 * 31 + 2)
    }

    @Test func `what only looks like digits comes out as it was`() throws {
        let odd = [
            Self.hex.uppercased(), Self.hex + Self.hex, Self.hex + "0", String(Self.hex.dropLast()),
            "x" + Self.hex, Self.hex.replacingOccurrences(of: "a", with: "g"), ":" + Self.hex, "\u{1}",
            "\"" + Self.hex, "::" + Self.hex + ":" + Self.hex,
        ]
        for value in odd {
            try expectSame(.fixture(tags: [.of("x", value), .of(value, value)], content: value), "\(value)")
        }
    }

    @Test func `every time and every kind come out as they were`() throws {
        for time in [0, 9, 10, 999_999_999, 1_700_000_000, 10_000_000_000, Int64.max] {
            for kind in [0, 1, 30_617, 65_535] as [UInt16] {
                try expectSame(.fixture(kind: Kind(kind), at: time), "\(time), \(kind)")
            }
        }
    }

    @Test func `any event comes out as it was`() throws {
        var random = SplitMix64(seed: 67)
        let pieces = [
            Self.hex, "\"", "\\", ":", "\n", "\u{7}", "ü", "🐦", "[", "]", ",", "30617:", "a", "", "\u{1}",
            "0",
        ]
        func text() -> String {
            (0..<Int.random(in: 0...5, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
        }
        for number in 0..<300 {
            let tags = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                Tag((0..<Int.random(in: 0...4, using: &random)).map { _ in text() })
            }
            try expectSame(.fixture(at: Int64(number) * 7_000_001, tags: tags, content: text()), "\(number)")
        }
    }

    @Test func `bytes that are no packed event are refused, and never read beyond`() throws {
        let event = Event.fixture(tags: [.of("e", Self.hex), .of("p", Self.hex)], content: "content")
        let whole = try #require(packed(event))
        let count = event.json.count
        for size in 0..<whole.count {
            #expect(PackedEvent.unpack(whole.span.extracting(0..<size), event.layout, count: count) == nil)
        }
        for wrong in [0, count - 1, count + 1, 1 << 40] {
            #expect(PackedEvent.unpack(whole.span, event.layout, count: wrong) == nil)
        }
        var random = SplitMix64(seed: 1)
        for _ in 0..<2_000 {
            var damaged = whole
            damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
                in: 0...255, using: &random)
            let json = PackedEvent.unpack(damaged.span, event.layout, count: count)
            #expect(json == nil || json?.count == count)
        }
    }

    @Test func `an event's packed form is about three quarters of its JSON`() throws {
        let event = Event.fixture(
            kind: 1, tags: [.of("e", Self.hex, "wss://relay.example.com", "root"), .of("p", Self.hex)],
            content: String(repeating: "a few words ", count: 20))
        let bytes = try #require(packed(event))
        #expect(bytes.count * 100 / event.json.count < 65)
    }
}
