// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// SplitMix64: the same seed gives the same data on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

    /// A size with a long tail: log-normal around `median`, kept within `range`.
    mutating func size(_ median: Double, spread: Double, in range: ClosedRange<Int>) -> Int {
        let normal = (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
        return min(range.upperBound, max(range.lowerBound, Int(median * exp(spread * normal))))
    }

    /// 0 ..< `count`, low numbers far more often: a few busy authors and a long tail.
    mutating func busy(_ count: Int) -> Int { min(count - 1, Int(Double(count) * pow(unit(), 2.2))) }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int(next() % UInt64(values.count))] }
}
