// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Finds in a text what the TOML library must not be given: it ends the process there, or leaves something out without a word.
/// Whatever else is wrong it refuses by itself.
///
/// - A NUL, written or escaped: the library takes a text to end there.
/// - An element of an array that begins with `}`, or with a line end that only Unicode knows: the library asserts that there is none.
struct TOMLDefects {
    private let bytes: [UInt8]
    private var at = 0
    private var hasNUL: Bool

    /// What is wrong; `nil` for nothing of these.
    static func first(in text: String) -> String? {
        var defects = TOMLDefects(bytes: Array(text.utf8))
        let hasBadElement = defects.findsBadElement()
        if defects.hasNUL { return "a NUL means nothing here" }
        return hasBadElement ? "an array has no value where one belongs" : nil
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        hasNUL = bytes.contains(0)
    }

    private mutating func findsBadElement() -> Bool {
        // Whether an array, for all that is known, goes on with a value.
        var expectsValue = false
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "["), UInt8(ascii: ","): expectsValue = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): break
            case UInt8(ascii: "#"): skip { $0 != UInt8(ascii: "\n") }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString()
                expectsValue = false
            case UInt8(ascii: "}") where expectsValue: return true
            case 0x80... where expectsValue && Self.lineEnds.contains { bytes[at...].starts(with: $0) }:
                return true
            default: expectsValue = false
            }
            at += 1
        }
        return false
    }

    /// U+0085, U+2028 and U+2029.
    private static let lineEnds: [[UInt8]] = [[0xC2, 0x85], [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xA9]]

    /// What stands behind the backslash.
    private static let escapedNULs = [Array("u0000".utf8), Array("U00000000".utf8)]

    /// Moves to the last byte of a run.
    private mutating func skip(_ belongs: (UInt8) -> Bool) {
        while at + 1 < bytes.count, belongs(bytes[at + 1]) { at += 1 }
    }

    /// Moves to the last byte of a string; one of several lines may end with up to two quotes of its own.
    private mutating func skipString() {
        let quote = bytes[at]
        let fence = [quote, quote, quote]
        let isLong = bytes[at...].starts(with: fence)
        at += isLong ? 3 : 1
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                at += 1
                if Self.escapedNULs.contains(where: { bytes[at...].starts(with: $0) }) { hasNUL = true }
            } else if isLong ? bytes[at...].starts(with: fence) : bytes[at] == quote {
                if isLong { skip { $0 == quote } }
                return
            } else if !isLong, bytes[at] == UInt8(ascii: "\n") {
                return
            }
            at += 1
        }
    }
}
