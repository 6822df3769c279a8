// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Text as X sends it has `&`, `<` and `>` escaped as in HTML.
enum HTMLText {
    /// Decodes named references that texts may have, and numeric ones; once, so that `&amp;lt;` becomes `&lt;`.
    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "&"), let (scalar, length) = reference(in: bytes, at: at) {
                output += Array(String(scalar).utf8)
                at += length
            } else {
                output.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The longest is `&#1114111;`.
    private static let longest = 10

    private static func reference(in bytes: [UInt8], at start: Int) -> (Unicode.Scalar, length: Int)? {
        let window = bytes[start..<min(bytes.count, start + longest)]
        guard let end = window.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
        guard let scalar = named[name] ?? numbered(name) else { return nil }
        return (scalar, end + 1 - start)
    }

    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    ]

    private static func numbered(_ name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number =
            digits.first == "x" || digits.first == "X"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
        // A control character would have no business in a text; what stands there is left as it is.
        guard let number, number >= 0x20 else { return nil }
        return Unicode.Scalar(number)
    }
}
