// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// Events and texts that the tests of the codec share.
enum Samples {
    static let key = SecretKey(
        hex: "0000000000000000000000000000000000000000000000000000000000000003")!
    static let falseSignature = [UInt8](repeating: 0x5A, count: 64)

    static func unsigned(
        kind: Kind = 1, at seconds: Int64 = 1_700_000_000, tags: [Tag] = [], content: String = ""
    ) -> UnsignedEvent {
        UnsignedEvent(
            pubkey: key.publicKey, createdAt: Timestamp(seconds), kind: kind, tags: tags, content: content
        )
    }

    static func signed(
        kind: Kind = 1, at seconds: Int64 = 1_700_000_000, tags: [Tag] = [], content: String = ""
    ) -> Event {
        unsigned(kind: kind, at: seconds, tags: tags, content: content).signed(by: key)
    }

    /// The JSON of an event as another program might write it: the strings as given, `id` the hash of
    /// `image`, or of the strings themselves.
    static func json(content: String, tags: String = "[]", hashing image: String? = nil) -> [UInt8] {
        let hashed = "[0,\"\(key.publicKey.hex)\",1700000000,1,\(tags),\"\(image ?? content)\"]"
        let id = EventID(SHA256.digest(Array(hashed.utf8)))
        return Array(
            """
            {"id":"\(id)","pubkey":"\(key.publicKey.hex)","created_at":1700000000,"kind":1,"tags":\(tags),\
            "content":"\(content)","sig":"\(Hex.string(falseSignature))"}
            """.utf8)
    }

    /// Text of all sorts: ASCII, other languages, emoji, control characters, quotes and backslashes.
    static func text(maxLength: Int, using rng: inout SplitMix64) -> String {
        let pool: [UInt32] = [
            0, 1, 7, 8, 9, 0x0A, 0x0B, 0x0C, 0x0D, 0x1F, 0x20, 0x22, 0x2F, 0x5C, 0x5C, 0x75, 0x7F, 0x80,
            0xE9,
            0x7FF, 0x800, 0x2028, 0x2029, 0xD7FF, 0xE000, 0xFDD1, 0xFFFD, 0xFFFF, 0x1_0000, 0x1F_AB6,
            0x10_FFFF,
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...maxLength, using: &rng) {
            let value =
                Bool.random(using: &rng)
                ? UInt32.random(in: 0x20...0x7E, using: &rng) : pool.randomElement(using: &rng) ?? 0
            text.unicodeScalars.append(Unicode.Scalar(value) ?? "x")
        }
        return text
    }

    static func tags(using rng: inout SplitMix64) -> [Tag] {
        (0..<Int.random(in: 0...6, using: &rng)).map { _ in
            let name = ["e", "p", "t", "d", "E", "-", "alt", "", "é"].randomElement(using: &rng) ?? "e"
            let count = Int.random(in: 0...4, using: &rng)
            guard count > 0 else { return Tag([TagValue]()) }
            let values = (1..<count).map { _ in TagValue(text(maxLength: 12, using: &rng)) }
            return Tag([TagValue(name)] + values)
        }
    }

    /// A well formed event with a true id and a false signature.
    static func event(using rng: inout SplitMix64) -> Event {
        let event = UnsignedEvent(
            pubkey: key.publicKey, createdAt: Timestamp(Int64.random(in: 0...Int64.max, using: &rng)),
            kind: Kind(UInt16.random(in: .min ... .max, using: &rng)), tags: tags(using: &rng),
            content: text(maxLength: 80, using: &rng))
        return event.withSignature(falseSignature)
    }
}

extension Samples {
    /// Any filter at all.
    static func filter(using rng: inout SplitMix64) -> Filter {
        let events = (0..<3).map { _ in event(using: &rng) }
        return filter(near: events, using: &rng)
    }

    /// A filter whose values are partly taken from `events`, so that it has a chance to match.
    static func filter(near events: [Event], using rng: inout SplitMix64) -> Filter {
        func some<Value>(_ make: (inout SplitMix64) -> Value?) -> [Value]? {
            guard Int.random(in: 0..<4, using: &rng) == 0 else { return nil }
            return (0..<Int.random(in: 0...12, using: &rng)).compactMap { _ in make(&rng) }
        }
        var tags: [Character: [TagValue]] = [:]
        for letter in "eptdEZ" where Int.random(in: 0..<4, using: &rng) == 0 {
            tags[letter] = (0..<Int.random(in: 1...8, using: &rng)).map { _ in
                let values = (events.randomElement(using: &rng)?.tags ?? []).compactMap(\.value)
                return values.randomElement(using: &rng) ?? TagValue(text(maxLength: 3, using: &rng))
            }
        }
        // Of one event, so that they have a chance to be there together.
        let held = (events.randomElement(using: &rng)?.tags ?? []).filter { $0.name == "t" }.compactMap(
            \.value)
        let all: [Character: [TagValue]] =
            Int.random(in: 0..<6, using: &rng) == 0 && !held.isEmpty ? ["t": Array(held.prefix(3))] : [:]
        func moment() -> Timestamp? {
            Int.random(in: 0..<4, using: &rng) == 0 ? events.randomElement(using: &rng)?.createdAt : nil
        }
        return Filter(
            ids: some { events.randomElement(using: &$0)?.id },
            authors: some { _ in key.publicKey },
            kinds: some { Bool.random(using: &$0) ? events.randomElement(using: &$0)?.kind : 1 },
            tags: tags, allTags: all, since: moment(), until: moment(),
            limit: Bool.random(using: &rng) ? Int.random(in: 0...5_000, using: &rng) : nil,
            search: Int.random(in: 0..<6, using: &rng) == 0
                ? try? SearchQuery(TagValue(text(maxLength: 20, using: &rng))) : nil)
    }
}
