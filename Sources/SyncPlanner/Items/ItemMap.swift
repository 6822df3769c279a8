// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Something known of each of some items: beside each word of an ``ItemSet`` the values of its bits, in order.
struct ItemMap<Value: Hashable & Sendable>: Hashable, Sendable {
    private(set) var items = ItemSet()
    private var chunks: [[Value]] = []

    var isEmpty: Bool { chunks.isEmpty }
    var count: Int { items.count }
    /// In the order of ``items``.
    var values: FlattenSequence<[[Value]]> { chunks.joined() }

    subscript(item: ItemNumber) -> Value? {
        get {
            let place = items.position(of: item)
            return place.isFilled ? chunks[place.word][place.rank] : nil
        }
        set {
            let place = items.position(of: item)
            switch (newValue, place.isFilled) {
            case (let value?, true): chunks[place.word][place.rank] = value
            case (let value?, false):
                if items.insert(item).isNewWord {
                    chunks.insert([value], at: place.word)
                } else {
                    chunks[place.word].insert(value, at: place.rank)
                }
            case (nil, true):
                items.remove(item)
                chunks[place.word].remove(at: place.rank)
                if chunks[place.word].isEmpty { chunks.remove(at: place.word) }
            case (nil, false): break
            }
        }
    }

    /// Forgets what is known of all but these.
    mutating func formIntersection(_ kept: ItemSet) {
        for item in items.subtracting(kept) { self[item] = nil }
    }
}
