// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A set of items: one bit each, sixty-four to a word, and only words that hold any.
///
/// A relay that is asked for everything needs a fifth of a byte an item, one that is asked for little no more
/// than twelve bytes an item; the plan's differences and unions go word by word.
struct ItemSet: Hashable, Sendable {
    /// `number / 64` of each word, ascending.
    private var places: [UInt32] = []
    private var words: [UInt64] = []

    init() {}

    init(_ items: some Sequence<ItemNumber>) {
        for item in items { insert(item) }
    }

    var isEmpty: Bool { words.isEmpty }
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// How many there are of one family.
    func count(of family: SyncItem.Family) -> Int {
        words[range(of: family)].reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// Those of one family.
    func only(_ family: SyncItem.Family) -> ItemSet {
        let range = range(of: family)
        return ItemSet(places: Array(places[range]), words: Array(words[range]))
    }

    /// Those that are followed live and have cursors: all but references.
    var lasting: ItemSet {
        let range = range(of: .reference)
        guard !range.isEmpty else { return self }
        return ItemSet(
            places: Array(places[..<range.lowerBound] + places[range.upperBound...]),
            words: Array(words[..<range.lowerBound] + words[range.upperBound...]))
    }

    func contains(_ item: ItemNumber) -> Bool {
        let at = index(of: item.place)
        return at < places.count && places[at] == item.place && words[at] & item.bit != 0
    }

    /// - Returns: whether it is new, and whether it is the first of its word.
    @discardableResult mutating func insert(_ item: ItemNumber) -> (isNew: Bool, isNewWord: Bool) {
        unite(item.bit, at: item.place)
    }

    /// - Returns: whether it was in.
    @discardableResult mutating func remove(_ item: ItemNumber) -> Bool {
        let at = index(of: item.place)
        guard at < places.count, places[at] == item.place, words[at] & item.bit != 0 else { return false }
        words[at] &= ~item.bit
        if words[at] == 0 {
            places.remove(at: at)
            words.remove(at: at)
        }
        return true
    }

    mutating func formUnion(_ other: ItemSet) {
        // Few into many: each to its place.
        guard other.places.count * 8 > places.count else {
            for (place, word) in zip(other.places, other.words) { unite(word, at: place) }
            return
        }
        self = merged(with: other) { $0 | $1 }
    }

    mutating func subtract(_ other: ItemSet) { self = subtracting(other) }
    mutating func formIntersection(_ other: ItemSet) { self = intersection(other) }
    func union(_ other: ItemSet) -> ItemSet { other.isEmpty ? self : merged(with: other) { $0 | $1 } }
    func intersection(_ other: ItemSet) -> ItemSet { merged(with: other) { $0 & $1 } }
    func subtracting(_ other: ItemSet) -> ItemSet { other.isEmpty ? self : merged(with: other) { $0 & ~$1 } }
    func isSubset(of other: ItemSet) -> Bool { subtracting(other).isEmpty }
    func isDisjoint(with other: ItemSet) -> Bool { intersection(other).isEmpty }

    // MARK: Words

    /// Where an item is, or would be: its word, and how many of that word are before it.
    func position(of item: ItemNumber) -> (word: Int, rank: Int, isFilled: Bool) {
        let at = index(of: item.place)
        guard at < places.count, places[at] == item.place else { return (at, 0, false) }
        let before = words[at] & (item.bit - 1)
        return (at, before.nonzeroBitCount, words[at] & item.bit != 0)
    }

    private init(places: [UInt32], words: [UInt64]) {
        self.places = places
        self.words = words
    }

    /// The first word whose place is not below `place`.
    private func index(of place: UInt32) -> Int {
        // Most often the newest number of all.
        if let last = places.last, last < place { return places.count }
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func range(of family: SyncItem.Family) -> Range<Int> {
        let first = ItemNumber(family, 0).place
        return index(of: first)..<index(of: first + 1 << (ItemNumber.indexBits - 6))
    }

    @discardableResult
    private mutating func unite(_ word: UInt64, at place: UInt32) -> (isNew: Bool, isNewWord: Bool) {
        let at = index(of: place)
        if at < places.count, places[at] == place {
            defer { words[at] |= word }
            return (word & ~words[at] != 0, false)
        }
        places.insert(place, at: at)
        words.insert(word, at: at)
        return (true, true)
    }

    private func merged(with other: ItemSet, by combine: (UInt64, UInt64) -> UInt64) -> ItemSet {
        var result = ItemSet()
        result.places.reserveCapacity(Swift.max(places.count, other.places.count))
        result.words.reserveCapacity(Swift.max(places.count, other.places.count))
        var (mine, theirs) = (0, 0)
        while mine < places.count || theirs < other.places.count {
            let place = Swift.min(
                mine < places.count ? places[mine] : .max,
                theirs < other.places.count ? other.places[theirs] : .max)
            var (a, b) = (UInt64(0), UInt64(0))
            if mine < places.count, places[mine] == place {
                a = words[mine]
                mine += 1
            }
            if theirs < other.places.count, other.places[theirs] == place {
                b = other.words[theirs]
                theirs += 1
            }
            let word = combine(a, b)
            guard word != 0 else { continue }
            result.places.append(place)
            result.words.append(word)
        }
        return result
    }
}

/// Ascending: by family, then in the order in which they were first met.
extension ItemSet: Sequence {
    struct Iterator: IteratorProtocol {
        fileprivate let set: ItemSet
        private var at = 0
        private var rest: UInt64 = 0

        fileprivate init(_ set: ItemSet) {
            self.set = set
            rest = set.words.first ?? 0
        }

        mutating func next() -> ItemNumber? {
            while rest == 0 {
                at += 1
                guard at < set.words.count else { return nil }
                rest = set.words[at]
            }
            let bit = rest.trailingZeroBitCount
            rest &= rest - 1
            return ItemNumber(rawValue: set.places[at] << 6 | UInt32(bit))
        }
    }

    func makeIterator() -> Iterator { Iterator(self) }
    var underestimatedCount: Int { count }
}

extension ItemSet: ExpressibleByArrayLiteral {
    init(arrayLiteral items: ItemNumber...) { self.init(items) }
}

extension ItemNumber {
    fileprivate var place: UInt32 { rawValue >> 6 }
    fileprivate var bit: UInt64 { 1 << UInt64(rawValue & 63) }
}
