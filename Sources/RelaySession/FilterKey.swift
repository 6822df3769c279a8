// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The field of a filter that it is filed under.
enum FilterKey: Hashable, Sendable {
    case ids
    case authors
    /// One of its tag conditions, by number.
    case tag(Int)
    case kinds
    /// The longest word that it searches for: the rarest, more or less.
    case word
    /// It has no list at all: whatever its values, every event must be tested.
    case everything

    /// How many values the field has.
    func count(in filter: Filter) -> Int {
        switch self {
        case .ids: filter.ids?.count ?? 0
        case .authors: filter.authors?.count ?? 0
        case .tag(let number): filter.tags[number].values.count
        case .kinds: filter.kinds?.count ?? 0
        case .word: filter.longestWord == nil ? 0 : 1
        case .everything: 0
        }
    }

    /// The hash of the field's value of this number.
    func value(_ number: Int, of filter: Filter) -> ValueHash? {
        switch self {
        case .ids: filter.ids.map { ValueHash($0[number]) }
        case .authors: filter.authors.map { ValueHash($0[number]) }
        case .tag(let condition): filter.tags[condition].hash(number)
        case .kinds: filter.kinds.map { ValueHash($0[number]) }
        case .word: filter.longestWord.map { ValueHash($0) }
        case .everything: nil
        }
    }
}

extension Filter.TagCondition {
    func hash(_ number: Int) -> ValueHash {
        let bytes = values[number].bytes
        return ValueHash(letter: letter, value: bytes.span)
    }
}

extension Filter {
    /// How many values all of its lists have.
    var valueCount: Int {
        (ids?.count ?? 0) + (authors?.count ?? 0) + (kinds?.count ?? 0)
            + tags.reduce(0) { $0 + $1.values.count }
    }
}

extension Filter {
    /// Of the words that are searched for; the first of equals.
    var longestWord: SearchWord? {
        guard let words = search?.words else { return nil }
        return words.max { $0.count < $1.count }
    }
}
