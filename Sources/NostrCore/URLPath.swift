// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Normalises the path and query of an address (RFC 3986 §6.2.2).
enum URLPath {
    /// - Parameter bytes: empty, or from the `/` or `?` that follows the authority.
    /// - Returns: `/`, `/path`, `/?query` or `/path?query`.
    static func normalised(_ bytes: ArraySlice<UInt8>) throws(RelayURLError) -> String {
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        let path = try escaped(bytes[..<mark])
        let query = try escaped(bytes[mark...].dropFirst())
        var segments: [ArraySlice<UInt8>] = []
        for segment in path.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual(".".utf8) { continue }
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        var output: [UInt8] = []
        for segment in segments {
            output.append(UInt8(ascii: "/"))
            output.append(contentsOf: segment)
        }
        if output.isEmpty { output.append(UInt8(ascii: "/")) }
        if !query.isEmpty {
            output.append(UInt8(ascii: "?"))
            output.append(contentsOf: query)
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Percent-encodings in upper case, and only where they are needed.
    private static func escaped(_ bytes: ArraySlice<UInt8>) throws(RelayURLError) -> [UInt8] {
        var output: [UInt8] = []
        var at = bytes.startIndex
        while at < bytes.endIndex {
            var byte = bytes[at]
            var wasEscaped = false
            if byte == UInt8(ascii: "%") {
                guard at + 2 < bytes.endIndex, let high = hex(bytes[at + 1]), let low = hex(bytes[at + 2])
                else {
                    throw RelayURLError("a percent sign is not followed by two digits")
                }
                byte = high << 4 | low
                wasEscaped = true
                at += 2
            }
            at += 1
            if isUnreserved(byte) || !wasEscaped && isReserved(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(digit(byte >> 4))
                output.append(digit(byte & 15))
            }
        }
        return output
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    /// Characters that may stand in a path or a query and mean themselves.
    private static func isReserved(_ byte: UInt8) -> Bool { "!$&'()*+,;=:@/?".utf8.contains(byte) }

    private static func hex(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
