// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Pictures of one colour.
enum Picture {
    /// A PNG file with three bytes a pixel, not compressed.
    ///
    /// - Parameters:
    ///   - width: pixels, 1 to 256 of them are drawn: more would only cost memory.
    ///   - colour: the lower 24 bits are red, green and blue.
    static func png(width: Int64, height: Int64, colour: UInt32) -> [UInt8] {
        let (width, height) = (Int(min(max(1, width), 256)), Int(min(max(1, height), 256)))
        let pixel = [
            UInt8(truncatingIfNeeded: colour >> 16), UInt8(truncatingIfNeeded: colour >> 8),
            UInt8(truncatingIfNeeded: colour),
        ]
        let row: [UInt8] = [0] + Array(repeating: pixel, count: width).joined()
        let pixels = Array(Array(repeating: row, count: height).joined())
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        append("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 2, 0, 0, 0], to: &file)
        append("IDAT", [0x78, 0x01] + Stored.deflate(pixels) + bigEndian(Stored.adler32(pixels)), to: &file)
        append("IEND", [], to: &file)
        return file
    }

    private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        let body = Array(type.utf8) + data
        file += bigEndian(UInt32(data.count)) + body + bigEndian(Stored.crc32(body))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
