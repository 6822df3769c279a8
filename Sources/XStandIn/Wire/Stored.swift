// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// DEFLATE that compresses nothing (RFC 1951 §3.2.4): enough for clients that must read it.
enum Stored {
    static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            result.append(rest.isEmpty ? 1 : 0)
            withUnsafeBytes(of: length.littleEndian) { result += $0 }
            withUnsafeBytes(of: (~length).littleEndian) { result += $0 }
            result += block
        } while !rest.isEmpty
        return result
    }

    /// A gzip file (RFC 1952).
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + deflate(bytes)
        withUnsafeBytes(of: crc32(bytes).littleEndian) { file += $0 }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count).littleEndian) { file += $0 }
        return file
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }

    static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private static let table: [UInt32] = (0..<256).map { place in
        (0..<8).reduce(UInt32(place)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}
