// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Something known of each of some items.
struct ItemMap<Value: Hashable & Sendable>: Hashable, Sendable {
    private(set) var items = ItemSet()
    private(set) var values: [ItemNumber: Value] = [:]

    var isEmpty: Bool { values.isEmpty }
    var count: Int { values.count }

    subscript(item: ItemNumber) -> Value? {
        get { values[item] }
        set {
            values[item] = newValue
            if newValue == nil { items.remove(item) } else { items.insert(item) }
        }
    }

    /// Forgets what is known of all but these.
    mutating func formIntersection(_ kept: ItemSet) {
        for item in items.subtracting(kept) { values[item] = nil }
        items.formIntersection(kept)
    }
}
