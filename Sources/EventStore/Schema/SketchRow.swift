// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Whose events count for one target of one ``CountedQuery``.
///
///     query 1 ‖ first half of the target's 32 bytes 16 ‖ offset 1 → (register 1 ‖ value 1) … in order, or all 256 registers
struct SketchRow {
    private(set) var sketch = HyperLogLog()

    /// More pairs than these are as long as the registers.
    static let pairsMax = 127

    init() {}

    init(_ row: Span<UInt8>) throws(StoreError) {
        if row.count == HyperLogLog.registerCount {
            guard let whole = HyperLogLog(registers: row.withUnsafeBufferPointer { Array($0) }) else {
                return
            }
            sketch = whole
            return
        }
        guard row.count % 2 == 0, row.count <= 2 * Self.pairsMax else {
            throw .corrupt("a sketch of \(row.count) bytes")
        }
        for place in stride(from: 0, to: row.count, by: 2) { sketch.raise(row[place], to: row[place + 1]) }
    }

    mutating func raise(_ index: UInt8, to value: UInt8) { sketch.raise(index, to: value) }

    var row: [UInt8] {
        let registers = sketch.registers
        let used = registers.count { $0 > 0 }
        if used > Self.pairsMax { return registers }
        var pairs: [UInt8] = []
        pairs.reserveCapacity(2 * used)
        for (index, value) in registers.enumerated() where value > 0 { pairs += [UInt8(index), value] }
        return pairs
    }

    static func key(_ query: CountedQuery, _ target: CountedTarget) -> Key {
        var key = Key()
        key.append(UInt16(query.rawValue) << 8 | UInt16(truncatingIfNeeded: target.offset))
        key.append(target.name.high)
        key.append(target.name.low)
        return key
    }
}

/// What one tag of one event adds to a ``SketchRow``.
struct SketchEntry: Comparable, Sendable {
    var place: UInt16
    var high: UInt64
    var low: UInt64
    var index: UInt8
    var value: UInt8

    init(_ query: CountedQuery, _ target: CountedTarget, _ register: (index: UInt8, value: UInt8)) {
        place = UInt16(query.rawValue) << 8 | UInt16(truncatingIfNeeded: target.offset)
        (high, low) = target.name
        (index, value) = register
    }

    @inline(__always)
    func isBeside(_ other: SketchEntry) -> Bool {
        low == other.low && high == other.high && place == other.place
    }

    @inline(__always)
    static func < (a: SketchEntry, b: SketchEntry) -> Bool {
        if a.place != b.place { return a.place < b.place }
        if a.high != b.high { return a.high < b.high }
        return a.low < b.low
    }

    var key: Key {
        var key = Key()
        key.append(place)
        key.append(high)
        key.append(low)
        return key
    }
}
