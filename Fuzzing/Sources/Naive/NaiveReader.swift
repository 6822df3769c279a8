// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Reads ``NaiveJSON`` by recursive descent.
struct NaiveReader {
    /// Deeper than anything that is to be accepted.
    static let depthMax = 80

    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether nothing but white space is left.
    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return at == bytes.count
        }
    }

    mutating func value(depth: Int) -> NaiveJSON? {
        skipSpace()
        guard at < bytes.count, depth <= Self.depthMax else { return nil }
        switch bytes[at] {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return take("true") ? .flag(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .flag(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object(_ depth: Int) -> NaiveJSON? {
        at += 1
        var members: [(name: [UInt8], value: NaiveJSON)] = []
        skipSpace()
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            guard let name = string() else { return nil }
            skipSpace()
            guard take(":"), let value = value(depth: depth + 1) else { return nil }
            members.append((name.meant, value))
            skipSpace()
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func array(_ depth: Int) -> NaiveJSON? {
        at += 1
        var elements: [NaiveJSON] = []
        skipSpace()
        if take("]") { return .array([]) }
        repeat {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
            skipSpace()
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    private mutating func number() -> NaiveJSON? {
        let start = at
        _ = take("-")
        if !take("0") { guard skipDigits() else { return nil } }
        if take(".") { guard skipDigits() else { return nil } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard skipDigits() else { return nil }
        }
        return .number(Array(bytes[start..<at]))
    }

    private mutating func skipDigits() -> Bool {
        let start = at
        while at < bytes.count, (48...57).contains(bytes[at]) { at += 1 }
        return at > start
    }

    private mutating func string() -> NaiveJSON.Text? {
        guard take("\"") else { return nil }
        let start = at
        var units: [UInt8] = []
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            guard bytes[at] >= 0x20 else { return nil }
            if bytes[at] == UInt8(ascii: "\\") {
                at += 1
                guard escape(&units) else { return nil }
            } else {
                units.append(bytes[at])
                at += 1
            }
        }
        let spelt = Array(bytes[start..<at])
        guard take("\""), String(validating: spelt, as: UTF8.self) != nil else { return nil }
        return NaiveJSON.Text(spelt: spelt, meant: units)
    }

    /// What stands behind a backslash.
    private mutating func escape(_ units: inout [UInt8]) -> Bool {
        for (letter, meaning) in zip(
            "\"\\/bfnrt".utf8, [0x22, 0x5C, 0x2F, 0x08, 0x0C, 0x0A, 0x0D, 0x09] as [UInt8])
        where at < bytes.count && bytes[at] == letter {
            at += 1
            units.append(meaning)
            return true
        }
        guard let first = codeUnit() else { return false }
        var words = [first]
        if UTF16.isLeadSurrogate(first) {
            guard take("\\"), let second = codeUnit() else { return false }
            words.append(second)
        }
        guard let text = String(validating: words, as: UTF16.self) else { return false }
        units += text.utf8
        return true
    }

    private mutating func codeUnit() -> UInt16? {
        guard take("u"), at + 4 <= bytes.count,
            bytes[at..<at + 4].allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit })
        else { return nil }
        defer { at += 4 }
        return UInt16(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = text.withUTF8Buffer { Array($0) }
        guard bytes[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }
}
