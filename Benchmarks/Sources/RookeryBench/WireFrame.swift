// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// As much of RFC 6455 §5.2 as a floor needs.
enum WireFrame {
    /// The header of a server's text frame around so many **bytes**.
    static func header(_ count: Int) -> [UInt8] {
        if count < 126 { return [0x81, UInt8(count)] }
        if count < 65_536 { return [0x81, 126, UInt8(count >> 8), UInt8(count & 255)] }
        return [0x81, 127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
    }

    /// The first whole frame of a client at `from`; its mask is taken for zero, as the load generator's is.
    static func clientFrame(
        in bytes: UnsafeRawBufferPointer, from: Int
    ) -> (payload: Range<Int>, end: Int)? {
        guard bytes.count - from >= 2 else { return nil }
        var (at, length) = (from + 2, Int(bytes[from + 1] & 0x7F))
        let width = length == 126 ? 2 : length == 127 ? 8 : 0
        guard bytes.count - at >= width else { return nil }
        if width > 0 { length = bytes[at..<at + width].reduce(0) { $0 << 8 | Int($1) } }
        at += width + 4
        return bytes.count - at >= length ? (at..<at + length, at + length) : nil
    }
}
