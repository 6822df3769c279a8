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

    mutating func note(_ value: ValueHash) {
        let place = Self.place(of: value)
        if counts[place] < .max { counts[place] += 1 }
        additions += 1
        guard additions >= Self.halving else { return }
        additions = 0
        for place in counts.indices { counts[place] /= 2 }
    }

    /// The field of a filter whose values together passed by least often.
    ///
    /// Where nothing has been seen, an id is rarer than a tag's value, that rarer than an author, and that
    /// rarer than a kind.
    func rarestKey(of filter: Filter) -> FilterKey {
        if let ids = filter.ids { return .ids(ids.map { ValueHash($0) }) }
        var best: (key: FilterKey, cost: Int)?
        func offer(_ values: [ValueHash], each: Int, _ key: ([ValueHash]) -> FilterKey) {
            let cost = values.reduce(0) { $0 + each + Int(counts[Self.place(of: $1)]) }
            if cost < best?.cost ?? .max { best = (key(values), cost) }
        }
        for tag in filter.tags {
            offer(tag.values.map { ValueHash(letter: tag.letter, value: $0.bytes.span) }, each: 1) {
                .tag(tag.letter, $0)
            }
        }
        if let authors = filter.authors {
            offer(authors.map { ValueHash($0) }, each: 2) { .authors($0) }
        }
        if let kinds = filter.kinds { offer(kinds.map { ValueHash($0) }, each: 1_000) { .kinds($0) } }
        return best?.key ?? .everything
    }

    private static func place(of value: ValueHash) -> Int { Int(value.rawValue >> 52) }
}
