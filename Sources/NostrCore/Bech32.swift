// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Bech32 (BIP-173) without its limit of 90 characters, as NIP-19 uses it; not bech32m.
enum Bech32 {
    /// - Returns: `nil` for mixed case, unknown characters, a wrong checksum, wrong padding or more than
    ///   ``CodecLimits/maxBech32Length`` characters.
    static func decode(_ text: String) -> (prefix: String, data: [UInt8])? {
        let bytes = Array(text.utf8)
        guard bytes.count <= CodecLimits.maxBech32Length, bytes.allSatisfy({ (33...126).contains($0) }) else {
            return nil
        }
        let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let hasLower = bytes.contains { (0x61...0x7A).contains($0) }
        guard lower == bytes || !hasLower, let separator = lower.lastIndex(of: UInt8(ascii: "1")),
            separator > 0, lower.count - separator > 6
        else { return nil }
        let values = lower[(separator + 1)...].map { value(of: $0) }
        guard !values.contains(.max) else { return nil }
        let prefix = lower[..<separator]
        guard polymod(expanded(prefix) + values) == 1, let data = bytes8(values.dropLast(6)) else {
            return nil
        }
        return (String(decoding: prefix, as: UTF8.self), data)
    }

    /// Lower case.
    static func encode(prefix: String, _ data: [UInt8]) -> String {
        let values = groups5(data)
        let check = polymod(expanded(Array(prefix.utf8)[...]) + values + [0, 0, 0, 0, 0, 0]) ^ 1
        let checksum = (0..<6).map { UInt8(check >> UInt32(5 * (5 - $0)) & 31) }
        return prefix + "1" + String(decoding: (values + checksum).map { alphabet[Int($0)] }, as: UTF8.self)
    }

    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    private static func value(of character: UInt8) -> UInt8 {
        alphabet.firstIndex(of: character).map(UInt8.init) ?? .max
    }

    private static func expanded(_ prefix: ArraySlice<UInt8>) -> [UInt8] {
        prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        var check: UInt32 = 1
        for value in values {
            let top = check >> 25
            check = (check & 0x1FF_FFFF) << 5 ^ UInt32(value)
            for bit in 0..<5 where top >> UInt32(bit) & 1 == 1 { check ^= generator[bit] }
        }
        return check
    }

    /// From groups of five bits to bytes; what is left over must be fewer than five zero bits.
    private static func bytes8(_ groups: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var held: UInt32 = 0
        var count = 0
        for group in groups {
            held = (held << 5 | UInt32(group)) & 0xFFF
            count += 5
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: held >> UInt32(count)))
            }
        }
        return count < 5 && held & ((1 << UInt32(count)) - 1) == 0 ? output : nil
    }

    private static func groups5(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var held: UInt32 = 0
        var count = 0
        for byte in bytes {
            held = (held << 8 | UInt32(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                output.append(UInt8(held >> UInt32(count) & 31))
            }
        }
        if count > 0 { output.append(UInt8(held << UInt32(5 - count) & 31)) }
        return output
    }
}
