// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A `Sec-WebSocket-Extensions` header, read an extension at a time (RFC 6455 §9.1).
///
/// ```
/// list      = extension *( "," extension )
/// extension = token *( ";" token [ "=" ( token | quoted token ) ] )
/// ```
struct ExtensionList {
    struct Parameter: Hashable {
        var name: String
        var value: String?
    }

    private let text: [UInt8]
    private var at = 0

    init(_ text: String) { self.text = Array(text.utf8) }

    /// The next extension; `nil` at the end, and from the first thing on that does not belong there.
    mutating func next() -> (name: String, parameters: [Parameter])? {
        // Empty elements of a list count for nothing (RFC 9110 §5.6.1).
        repeat { skipSpace() } while take(",")
        guard let name = token() else { return end() }
        var parameters: [Parameter] = []
        while take(";") {
            guard let name = token() else { return end() }
            var parameter = Parameter(name: name)
            if take("=") {
                guard let value = quotedToken() ?? token() else { return end() }
                parameter.value = value
            }
            parameters.append(parameter)
        }
        guard at == text.count || text[at] == UInt8(ascii: ",") else { return end() }
        return (name, parameters)
    }

    private mutating func end() -> (name: String, parameters: [Parameter])? {
        at = text.count
        return nil
    }

    private mutating func skipSpace() {
        while at < text.count, text[at] == 0x20 || text[at] == 0x09 { at += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard at < text.count, text[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    /// Names and values are told apart by their case.
    private mutating func token() -> String? {
        skipSpace()
        let start = at
        while at < text.count, Self.isToken(text[at]) { at += 1 }
        defer { skipSpace() }
        return at == start ? nil : String(decoding: text[start..<at], as: UTF8.self)
    }

    /// What the quotes hold must be a token as well.
    private mutating func quotedToken() -> String? {
        skipSpace()
        guard at < text.count, text[at] == UInt8(ascii: "\"") else { return nil }
        var (next, value) = (at + 1, [UInt8]())
        while next < text.count, text[next] != UInt8(ascii: "\"") {
            if text[next] == UInt8(ascii: "\\") { next += 1 }
            guard next < text.count, Self.isToken(text[next]) else { return nil }
            value.append(text[next])
            next += 1
        }
        guard next < text.count, !value.isEmpty else { return nil }
        at = next + 1
        skipSpace()
        return String(decoding: value, as: UTF8.self)
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
