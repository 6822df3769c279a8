// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Values under small numbers that stay the same while a value is there, and are used again afterwards.
struct SlotList<Value: Sendable>: Sendable {
    private var values: [Value?] = []
    private var free: [Int] = []

    var count: Int { values.count - free.count }

    /// A value that is there; asking for another is a bug, and traps.
    subscript(slot: Int) -> Value {
        get {
            guard let value = values[slot] else { preconditionFailure("slot \(slot) is empty") }
            return value
        }
        _modify {
            guard var value = values[slot] else { preconditionFailure("slot \(slot) is empty") }
            values[slot] = nil
            defer { values[slot] = value }
            yield &value
        }
    }

    mutating func insert(_ value: Value) -> Int {
        if let slot = free.popLast() {
            values[slot] = value
            return slot
        }
        values.append(value)
        return values.count - 1
    }

    mutating func remove(_ slot: Int) {
        precondition(values[slot] != nil, "a slot is emptied once")
        values[slot] = nil
        free.append(slot)
    }
}
