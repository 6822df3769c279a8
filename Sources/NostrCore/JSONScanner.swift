// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Walks JSON bytes from left to right without building anything (RFC 8259).
///
/// Every step either moves past what it names or throws; nothing is read beyond ``end``.
struct JSONScanner {
    /// The next byte to look at.
    var position: Int
    let end: Int

    init(_ json: Span<UInt8>) {
        position = 0
        end = json.count
    }

    init(start: Int, end: Int) {
        position = start
        self.end = end
    }

    /// The next byte, or 0 at the end: no token begins with 0.
    @inline(__always)
    func peek(in json: Span<UInt8>) -> UInt8 { position < end ? json[position] : 0 }

    /// Moves past white space.
    @inline(__always)
    mutating func skipSpace(in json: Span<UInt8>) {
        guard position < end, json[position] <= 0x20 else { return }
        skipSpaces(in: json)
    }

    private mutating func skipSpaces(in json: Span<UInt8>) {
        while position < end {
            switch json[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Moves past `byte` if it comes next.
    @inline(__always)
    mutating func take(_ byte: UInt8, in json: Span<UInt8>) -> Bool {
        guard position < end, json[position] == byte else { return false }
        position += 1
        return true
    }

    /// Moves past these very bytes if they come next.
    mutating func take(_ text: StaticString, in json: Span<UInt8>) -> Bool {
        guard matches(text, at: position, in: json) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    /// Moves past white space, `byte` and white space again.
    mutating func expect(
        _ byte: UInt8, in json: Span<UInt8>, or reason: StaticString
    ) throws(JSONError) {
        skipSpace(in: json)
        guard take(byte, in: json) else { throw JSONError(reason) }
        skipSpace(in: json)
    }

    /// After an element: moves past a comma and says `true`, or past `close` and says `false`.
    mutating func another(before close: UInt8, in json: Span<UInt8>) throws(JSONError) -> Bool {
        skipSpace(in: json)
        if take(UInt8(ascii: ","), in: json) {
            skipSpace(in: json)
            return true
        }
        guard take(close, in: json) else { throw JSONError("a comma or a closing bracket is missing") }
        return false
    }

    /// Nothing but white space may be left.
    mutating func expectEnd(in json: Span<UInt8>) throws(JSONError) {
        skipSpace(in: json)
        guard position == end else { throw JSONError("something follows the JSON") }
    }
}

/// Why bytes are not the JSON that was expected: a short constant reason in lower case.
struct JSONError: Error {
    private let text: StaticString
    /// Well formed, but asks for what this relay does not do.
    let isUnsupported: Bool

    init(_ text: StaticString, isUnsupported: Bool = false) {
        self.text = text
        self.isUnsupported = isUnsupported
    }

    var reason: String { text.description }
}
