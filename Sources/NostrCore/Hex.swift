// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Lower-case hexadecimal, as NIP-01 writes ids, keys and signatures.
public enum Hex {
    /// Reads exactly `2 × count` lower-case digits, or of any case where a NIP lets people write them so.
    ///
    /// - Returns: `nil` for a wrong length or any other byte.
    public static func decode(_ digits: Span<UInt8>, count: Int, anyCase: Bool = false) -> [UInt8]? {
        guard digits.count == 2 * count else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in 0..<count {
            guard let high = value(of: digits[2 * index], anyCase),
                let low = value(of: digits[2 * index + 1], anyCase)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Reads the 64 lower-case digits of an id or a key; `nil` for anything else.
    public static func decode32(_ digits: Span<UInt8>) -> Bytes32? {
        digits.count == 64 ? decode32(digits, at: 0) : nil
    }

    /// Reads the 64 lower-case digits that begin at `start`.
    public static func decode32(_ json: Span<UInt8>, at start: Int) -> Bytes32? {
        guard start >= 0, start + 64 <= json.count else { return nil }
        var valid: UInt64 = .max
        func word(_ at: Int) -> UInt64 {
            let high = decode8(JSONScanner.word(in: json, at: start + at), &valid)
            let low = decode8(JSONScanner.word(in: json, at: start + at + 8), &valid)
            return UInt64(high) << 32 | UInt64(low)
        }
        let words = (word(0), word(16), word(32), word(48))
        return valid == .max ? Bytes32(words: words) : nil
    }

    /// Appends two lower-case digits a byte.
    public static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            output.append(digit(byte >> 4))
            output.append(digit(byte & 15))
        }
    }

    /// Two lower-case digits a byte.
    public static func string(_ bytes: some Sequence<UInt8>) -> String {
        var output: [UInt8] = []
        append(bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Eight digits, the first in the lowest byte; clears bits of `valid` when one of them is none.
    ///
    /// Works on all eight bytes at once. With every top bit clear, adding `0x80 − x` to a byte sets its top
    /// bit exactly when the byte is at least `x`.
    @inline(__always)
    static func decode8(_ word: UInt64, _ valid: inout UInt64) -> UInt32 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let clear = word & (0x7F * ones)
        let digit = (clear &+ 0x50 * ones) & ~(clear &+ 0x46 * ones)
        let letter = (clear &+ 0x1F * ones) & ~(clear &+ 0x19 * ones)
        valid &= (digit | letter) & ~word | ~(0x80 * ones)
        let nibbles = (word & (0x0F * ones)) &+ ((word >> 6) & ones) &* 9
        var pairs = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
        pairs = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
        pairs |= pairs >> 16
        return UInt32(truncatingIfNeeded: pairs).byteSwapped
    }

    /// Four bytes, the first in the lowest byte, as their eight digits, likewise.
    @inlinable
    public static func digits(of bytes: UInt32) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var pairs = UInt64(bytes)
        pairs = (pairs | pairs << 16) & 0x0000_FFFF_0000_FFFF
        pairs = (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF
        let nibbles = (pairs >> 4 | pairs << 8) & (0x0F * ones)
        let letters = ((nibbles &+ 6 * ones) >> 4) & ones
        return nibbles &+ 0x30 * ones &+ letters &* 0x27
    }

    private static func value(of digit: UInt8, _ anyCase: Bool) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        case 0x41...0x46 where anyCase: digit - 0x37
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
