// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

internal import DequeModule

/// A dictionary that forgets its oldest entries beyond a bound.
struct Bounded<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var values: [Key: Value] = [:]
    private var order: Deque<Key> = []

    var count: Int { values.count }

    subscript(key: Key) -> Value? { values[key] }

    /// Sets a value; of more than `bound` entries the oldest goes.
    mutating func set(_ key: Key, _ value: Value, bound: Int) {
        if values.updateValue(value, forKey: key) == nil { order.append(key) }
        while order.count > bound, let oldest = order.popFirst() { values[oldest] = nil }
    }

    /// Changes a value that is there, in its place.
    mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
        guard var value = values[key] else { return }
        change(&value)
        values[key] = value
    }

    /// Every entry, in no order.
    var all: [Key: Value] { values }
}
