// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How often the values of events pass by, roughly: what decides where a filter is filed.
///
/// Counts live in a small table under a hash of the value, so two values may share a count (both then look
/// as frequent as they are together); all are halved now and then, so that old habits fade.
struct FieldFrequencies: Sendable {
    private var counts = [UInt16](repeating: 0, count: 4_096)
    private var additions = 0

    /// After this many counted values all counts are halved.
    private static let halving = 65_536

    mutating func note(author: PublicKey, kind: Kind) {
        add(Self.hash(author))
        add(Self.hash(kind))
    }

    mutating func note(letter: UInt8, value: Span<UInt8>) { add(Self.hash(letter, value)) }

    /// The field of a filter whose values together passed by least often.
    ///
    /// Where nothing has been seen, an id is rarer than a tag's value, that rarer than an author, and that
    /// rarer than a kind.
    func rarestKey(of filter: Filter) -> FilterKey {
        if filter.ids != nil { return .ids }
        var best: (key: FilterKey, cost: Int)?
        func offer(_ key: FilterKey, _ cost: Int) {
            if cost < best?.cost ?? .max { best = (key, cost) }
        }
        for (index, tag) in filter.tags.enumerated() {
            offer(.tag(index), tag.values.reduce(0) { $0 + 1 + count(Self.hash(tag.letter, $1.bytes.span)) })
        }
        if let authors = filter.authors {
            offer(.authors, authors.reduce(0) { $0 + 2 + count(Self.hash($1)) })
        }
        if let kinds = filter.kinds {
            offer(.kinds, kinds.reduce(0) { $0 + 1_000 + count(Self.hash($1)) })
        }
        return best?.key ?? .everything
    }

    private func count(_ hash: UInt64) -> Int { Int(counts[Int(hash >> 52)]) }

    private mutating func add(_ hash: UInt64) {
        let index = Int(hash >> 52)
        if counts[index] < .max { counts[index] += 1 }
        additions += 1
        guard additions >= Self.halving else { return }
        additions = 0
        for index in counts.indices { counts[index] /= 2 }
    }

    private static func hash(_ author: PublicKey) -> UInt64 { author.bytes.words.0 &* 0x9E37_79B9_7F4A_7C15 }

    private static func hash(_ kind: Kind) -> UInt64 {
        (UInt64(kind.rawValue) &+ 0x5A5A) &* 0x9E37_79B9_7F4A_7C15
    }

    /// FNV-1a, then spread to the upper bits.
    private static func hash(_ letter: UInt8, _ value: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = (0xCBF2_9CE4_8422_2325 ^ UInt64(letter)) &* 0x100_0000_01B3
        for index in value.indices { hash = (hash ^ UInt64(value[index])) &* 0x100_0000_01B3 }
        return hash &* 0x9E37_79B9_7F4A_7C15
    }
}
