// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Numbers in base 128, most significant digit first; every byte but the last has its high bit set.
enum Varint {
    /// **Bytes** of the longest: 64 bits.
    static let longest = 10

    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        let digits = max(1, (64 - value.leadingZeroBitCount + 6) / 7)
        for digit in stride(from: digits - 1, through: 0, by: -1) {
            let bits = UInt8(truncatingIfNeeded: value >> UInt64(7 * digit)) & 0x7F
            bytes.append(digit == 0 ? bits : bits | 0x80)
        }
    }
}
