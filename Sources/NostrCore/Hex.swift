// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Lower-case hexadecimal, as NIP-01 writes ids, keys and signatures.
public enum Hex {
    /// Reads exactly `2 × count` lower-case digits.
    ///
    /// - Returns: `nil` for a wrong length or any other byte, upper-case digits among them.
    public static func decode(_ digits: Span<UInt8>, count: Int) -> [UInt8]? {
        guard digits.count == 2 * count else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in 0..<count {
            guard let high = value(of: digits[2 * index]), let low = value(of: digits[2 * index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Reads the 64 lower-case digits of an id or a key; `nil` for anything else.
    public static func decode32(_ digits: Span<UInt8>) -> Bytes32? {
        guard digits.count == 64 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        guard word(digits, at: 0, into: &words.0), word(digits, at: 16, into: &words.1),
            word(digits, at: 32, into: &words.2), word(digits, at: 48, into: &words.3)
        else { return nil }
        return Bytes32(words: words)
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

    private static func word(_ digits: Span<UInt8>, at start: Int, into word: inout UInt64) -> Bool {
        var bad: UInt8 = 0
        for index in start..<(start + 16) {
            let value = table[Int(digits[index])]
            bad |= value
            word = word << 4 | UInt64(value & 15)
        }
        return bad < 16
    }

    private static func value(of digit: UInt8) -> UInt8? {
        let value = table[Int(digit)]
        return value < 16 ? value : nil
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    /// The value of each lower-case digit; 255 for every other byte.
    private static let table: [UInt8] = (0..<256).map { byte in
        switch byte {
        case 0x30...0x39: UInt8(byte - 0x30)
        case 0x61...0x66: UInt8(byte - 0x57)
        default: 255
        }
    }
}
