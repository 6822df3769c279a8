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
    /// Where nothing has been seen, an id is rarer than a tag's value, that rarer than an author, that rarer than a word that
    /// is searched for, and that rarer than a kind.
    func rarestKey(of filter: Filter) -> FilterKey {
        if filter.ids != nil { return .ids }
        var best: (key: FilterKey, cost: Int)?
        func offer(_ key: FilterKey, _ count: Int, each: Int, _ value: (Int) -> ValueHash) {
            let most = best?.cost ?? .max
            var cost = 0
            for number in 0..<count {
                cost += each + Int(counts[Self.place(of: value(number))])
                if cost >= most { return }
            }
            best = (key, cost)
        }
        for (number, condition) in filter.tags.enumerated() {
            offer(.tag(number), condition.values.count, each: 1) { condition.hash($0) }
        }
        if let authors = filter.authors {
            offer(.authors, authors.count, each: 2) { ValueHash(authors[$0]) }
        }
        if let kinds = filter.kinds { offer(.kinds, kinds.count, each: 1_000) { ValueHash(kinds[$0]) } }
        // Words that pass by are not counted.
        if let word = filter.longestWord { offer(.word, 1, each: 50) { _ in ValueHash(word) } }
        return best?.key ?? .everything
    }

    private static func place(of value: ValueHash) -> Int { Int(value.rawValue >> 52) }
}
