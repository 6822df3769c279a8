// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// JSON strings as NIP-01 escapes them, both ways.
///
/// Seven characters have short escapes (`\n \" \\ \r \t \b \f`); other control characters are written
/// `\u00xx` in lower case; everything else stands as it is.
public enum JSONText {
    /// Appends `"…"`.
    public static func appendQuoted(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        appendEscaped(bytes, to: &output)
        output.append(UInt8(ascii: "\""))
    }
    /// The same for an array.
    public static func appendQuoted(_ bytes: [UInt8], to output: inout [UInt8]) {
        appendQuoted(bytes.span, to: &output)
    }
    /// The same for text.
    public static func appendQuoted(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { appendQuoted($0.span, to: &output) }
    }

    /// Appends without quotes.
    static func appendEscaped(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        var plain = 0
        var index = 0
        while index < bytes.count {
            // Most text holds nothing special: look at eight bytes at a time.
            if index &+ 8 <= bytes.count {
                let special = JSONScanner.specialBytes(JSONScanner.word(in: bytes, at: index))
                guard special != 0 else {
                    index &+= 8
                    continue
                }
                index &+= special.trailingZeroBitCount >> 3
            }
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                output.append(copying: bytes.extracting(plain..<index))
                appendEscape(of: byte, to: &output)
                plain = index + 1
            }
            index += 1
        }
        output.append(copying: bytes.extracting(plain..<bytes.count))
    }

    private static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        if let letter = shortEscape(of: byte) {
            output.append(letter)
        } else {
            output.append(contentsOf: "u00".utf8)
            Hex.append(CollectionOfOne(byte), to: &output)
        }
    }

    /// The letter after the backslash, for the seven characters that have one.
    static func shortEscape(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x0A: UInt8(ascii: "n")
        case 0x22: UInt8(ascii: "\"")
        case 0x5C: UInt8(ascii: "\\")
        case 0x0D: UInt8(ascii: "r")
        case 0x09: UInt8(ascii: "t")
        case 0x08: UInt8(ascii: "b")
        case 0x0C: UInt8(ascii: "f")
        default: nil
        }
    }

    /// What a string's inside means. The bytes were scanned before: what is no escape is copied.
    package static func unescaped(_ json: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var at = range.lowerBound
        var plain = at
        while at < range.upperBound {
            guard json[at] == UInt8(ascii: "\\"), at + 1 < range.upperBound else {
                at += 1
                continue
            }
            output.append(copying: json.extracting(plain..<at))
            defer { plain = at }
            switch json[at + 1] {
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "u"):
                at += appendScalar(json, at: at, end: range.upperBound, to: &output)
                continue
            case let other: output.append(other)
            }
            at += 2
        }
        output.append(copying: json.extracting(plain..<range.upperBound))
        return output
    }

    /// Appends the scalar of the `\uXXXX` (or pair of them) that begins at `at`; how many bytes it took.
    private static func appendScalar(
        _ json: Span<UInt8>, at: Int, end: Int, to output: inout [UInt8]
    ) -> Int {
        guard let unit = codeUnit(in: json, at: at, end: end) else {
            output.append(json[at])
            return 1
        }
        var value = UInt32(unit)
        var length = 6
        if unit & 0xFC00 == 0xD800, let low = codeUnit(in: json, at: at + 6, end: end),
            low & 0xFC00 == 0xDC00
        {
            value = 0x10000 + (value & 0x3FF) << 10 + UInt32(low & 0x3FF)
            length = 12
        }
        output.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        return length
    }

    /// The number in `\uXXXX`; `nil` when there is no such escape.
    static func codeUnit(in json: Span<UInt8>, at: Int, end: Int) -> UInt16? {
        guard at + 6 <= end, json[at] == UInt8(ascii: "\\"), json[at + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt16 = 0
        for index in (at + 2)..<(at + 6) {
            switch json[index] {
            case let digit where (0x30...0x39).contains(digit): value = value << 4 | UInt16(digit - 0x30)
            case let digit where (0x61...0x66).contains(digit): value = value << 4 | UInt16(digit - 0x57)
            case let digit where (0x41...0x46).contains(digit): value = value << 4 | UInt16(digit - 0x37)
            default: return nil
            }
        }
        return value
    }
}

extension [UInt8] {
    /// Appends a copy of `bytes` in one move.
    mutating func append(copying bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
