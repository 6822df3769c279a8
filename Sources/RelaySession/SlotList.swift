// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Values under small numbers that stay the same while a value is there, and are used again afterwards.
struct SlotList<Value: Sendable>: Sendable {
    private var values: [Value] = []
    /// Whether a value is there.
    private var isTaken: [Bool] = []
    private var free: [Int] = []
    /// What lies where no value is.
    private let nothing: Value

    /// - Parameter nothing: takes no room of its own.
    init(nothing: Value) { self.nothing = nothing }

    var count: Int { values.count - free.count }

    /// A value that is there, read and changed where it lies; asking for another is a bug, and traps.
    subscript(slot: Int) -> Value {
        _read {
            precondition(isTaken[slot], "the slot is empty")
            yield values[slot]
        }
        _modify {
            precondition(isTaken[slot], "the slot is empty")
            yield &values[slot]
        }
    }

    mutating func insert(_ value: Value) -> Int {
        if let slot = free.popLast() {
            values[slot] = value
            isTaken[slot] = true
            return slot
        }
        values.append(value)
        isTaken.append(true)
        return values.count - 1
    }

    mutating func remove(_ slot: Int) {
        precondition(isTaken[slot], "a slot is emptied once")
        values[slot] = nothing
        isTaken[slot] = false
        free.append(slot)
    }
}
