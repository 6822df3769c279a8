// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Finds in a text what the TOML library must not be given: it ends the process there, or leaves something out without a word.
/// Whatever else is wrong it refuses by itself.
///
/// - A NUL, written or escaped: the library takes a text to end there.
/// - An element of an array that begins with `}`, or with a line end that only Unicode knows: the library asserts that there is none.
/// - The header of a table that begins with anything but a name: likewise.
struct TOMLDefects {
    private let bytes: [UInt8]
    private var at = 0
    private var hasNUL: Bool
    /// Arrays that are open here.
    private var depth = 0
    /// Whether nothing but blanks came before on this line. Outside of strings and comments, whatever is not ASCII is refused by
    /// the library or blank to it.
    private var isLineStart = true
    private var isHeader = false

    /// What is wrong; `nil` for nothing of these.
    static func first(in text: String) -> String? {
        var defects = TOMLDefects(bytes: Array(text.utf8))
        let problem = defects.findProblem()
        return defects.hasNUL ? "a NUL means nothing here" : problem
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        hasNUL = bytes.contains(0)
    }

    private mutating func findProblem() -> String? {
        // Whether an array, for all that is known, goes on with a value.
        var expectsValue = false
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "[") where depth == 0 && isLineStart:
                guard hasName else { return "a table has no name where one belongs" }
                (isHeader, expectsValue) = (true, false)
            case UInt8(ascii: "["), UInt8(ascii: ","):
                if byte == UInt8(ascii: "["), !isHeader { depth += 1 }
                expectsValue = true
            case UInt8(ascii: "]"):
                if !isHeader { depth = max(0, depth - 1) }
                expectsValue = false
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            case UInt8(ascii: "\n")...UInt8(ascii: "\r"): isHeader = false
            case UInt8(ascii: "#"): skip { $0 != UInt8(ascii: "\n") }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString()
                expectsValue = false
            case UInt8(ascii: "}") where expectsValue: return Self.badElement
            case 0x80... where expectsValue && Self.lineEnds.contains { bytes[at...].starts(with: $0) }:
                return Self.badElement
            default: expectsValue = false
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            case UInt8(ascii: "\n")...UInt8(ascii: "\r"), 0x80...: isLineStart = true
            default: isLineStart = false
            }
            at += 1
        }
        return nil
    }

    private static let badElement = "an array has no value where one belongs"

    /// Whether the header that begins here goes on with what may begin a name, or is refused by the library itself.
    private var hasName: Bool {
        var next = at + 1
        let isArray = next < bytes.count && bytes[next] == UInt8(ascii: "[")
        if isArray { next += 1 }
        let start = next
        while next < bytes.count, bytes[next] == UInt8(ascii: " ") || bytes[next] == UInt8(ascii: "\t") {
            next += 1
        }
        guard next < bytes.count else { return true }
        return switch bytes[next] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "]"):
            true
        case UInt8(ascii: "["): !isArray && next > start
        default: false
        }
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
