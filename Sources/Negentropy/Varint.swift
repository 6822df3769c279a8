// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Numbers in base 128, most significant digit first; every byte but the last has its high bit set.
enum Varint {
    /// **Bytes** of the longest: 64 bits.
    static let longest = 10

    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        let length = length(of: value)
        for index in 0..<length { bytes.append(byte(index, of: value, length)) }
    }

    /// **Bytes** of a number.
    static func length(of value: UInt64) -> Int { max(1, (64 - value.leadingZeroBitCount + 6) / 7) }

    /// One byte of a number that has so many.
    static func byte(_ index: Int, of value: UInt64, _ length: Int) -> UInt8 {
        let digit = length - 1 - index
        let bits = UInt8(truncatingIfNeeded: value >> UInt64(7 * digit)) & 0x7F
        return digit == 0 ? bits : bits | 0x80
    }
}
