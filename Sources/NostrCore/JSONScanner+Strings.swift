// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A string's place: the bytes between its quotes, checked and still escaped.
struct ScannedString {
    var range: Range<Int>
    var hasEscapes: Bool
    /// Whether every escape is the one that NIP-01 would write.
    var isCanonical: Bool
}

extension JSONScanner {
    /// Moves past a string: valid UTF-8, no raw control bytes, no lone surrogates.
    @inline(__always)
    mutating func string(in json: Span<UInt8>) throws(JSONError) -> ScannedString {
        guard take(UInt8(ascii: "\""), in: json) else { throw JSONError("a string was expected") }
        let start = position
        // Most strings hold nothing special: find the closing quote eight bytes at a time.
        var at = start
        while at &+ 8 <= end {
            let special = Self.specialBytes(Self.word(in: json, at: at))
            if special != 0 {
                at &+= special.trailingZeroBitCount >> 3
                if json[at] == UInt8(ascii: "\"") {
                    position = at &+ 1
                    return ScannedString(
                        range: Range(uncheckedBounds: (start, at)), hasEscapes: false, isCanonical: true)
                }
                break
            }
            at &+= 8
        }
        position = at
        return try stringTail(from: start, in: json)
    }

    /// The rest of a string that holds more than plain ASCII, or ends near the end of the text.
    @inline(never)
    private mutating func stringTail(
        from start: Int, in json: Span<UInt8>
    ) throws(JSONError) -> ScannedString {
        var hasEscapes = false
        var isCanonical = true
        while position < end {
            let byte = json[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return ScannedString(
                    range: start..<(position - 1), hasEscapes: hasEscapes, isCanonical: isCanonical)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                if try !escape(in: json) { isCanonical = false }
            case 0x00..<0x20:
                throw JSONError("a raw control byte stands in a string")
            case 0x80...0xFF:
                try multiByteScalars(in: json)
            default:
                position += 1
            }
            skipPlain(in: json)
        }
        throw JSONError("a string has no end")
    }

    /// Moves past bytes that need no look, eight at a time.
    @inline(__always)
    private mutating func skipPlain(in json: Span<UInt8>) {
        while position &+ 8 <= end {
            let special = Self.specialBytes(Self.word(in: json, at: position))
            guard special == 0 else {
                position &+= special.trailingZeroBitCount >> 3
                return
            }
            position &+= 8
        }
    }

    /// Moves past the scalars outside ASCII that come next (RFC 3629: no overlong forms, no surrogates).
    private mutating func multiByteScalars(in json: Span<UInt8>) throws(JSONError) {
        while position < end, json[position] >= 0x80 {
            let length = Self.scalarLength(in: json, at: position, end: end)
            guard length > 0 else { throw JSONError("a string is not UTF-8") }
            position += length
        }
    }

    /// Moves past one escape; `false` when NIP-01 would have written it in another way.
    private mutating func escape(in json: Span<UInt8>) throws(JSONError) -> Bool {
        guard position + 1 < end else { throw JSONError("a string has no end") }
        switch json[position + 1] {
        case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "r"),
            UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            position += 2
            return true
        case UInt8(ascii: "/"):
            position += 2
            return false
        case UInt8(ascii: "u"):
            return try unicodeEscape(in: json)
        default:
            throw JSONError("an escape is unknown")
        }
    }

    private mutating func unicodeEscape(in json: Span<UInt8>) throws(JSONError) -> Bool {
        guard let unit = JSONText.codeUnit(in: json, at: position, end: end) else {
            throw JSONError("an escape is cut short")
        }
        if unit & 0xFC00 == 0xD800 {
            guard let low = JSONText.codeUnit(in: json, at: position + 6, end: end), low & 0xFC00 == 0xDC00
            else { throw JSONError("an escape is a lone surrogate") }
            position += 12
            return false
        }
        guard unit & 0xFC00 != 0xDC00 else { throw JSONError("an escape is a lone surrogate") }
        let isCanonical =
            unit < 0x20 && JSONText.shortEscape(of: UInt8(unit)) == nil
            && !(0x41...0x46).contains(json[position + 5])
        position += 6
        return isCanonical
    }

    /// The length of the scalar that begins here, 2 … 4; 0 when it is not valid UTF-8.
    @inline(__always)
    static func scalarLength(in json: Span<UInt8>, at: Int, end: Int) -> Int {
        func continues(_ index: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index < end && range.contains(json[index])
        }
        switch json[at] {
        case 0xC2...0xDF: return continues(at + 1) ? 2 : 0
        case 0xE0: return continues(at + 1, 0xA0...0xBF) && continues(at + 2) ? 3 : 0
        case 0xED: return continues(at + 1, 0x80...0x9F) && continues(at + 2) ? 3 : 0
        case 0xE1...0xEF: return continues(at + 1) && continues(at + 2) ? 3 : 0
        case 0xF0: return continues(at + 1, 0x90...0xBF) && continues(at + 2) && continues(at + 3) ? 4 : 0
        case 0xF1...0xF3: return continues(at + 1) && continues(at + 2) && continues(at + 3) ? 4 : 0
        case 0xF4: return continues(at + 1, 0x80...0x8F) && continues(at + 2) && continues(at + 3) ? 4 : 0
        default: return 0
        }
    }

    /// Eight bytes, the first lowest.
    @inline(__always)
    static func word(in json: Span<UInt8>, at: Int) -> UInt64 {
        UInt64(littleEndian: json.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    /// Sets the top bit of each byte that is a quote, a backslash, a control byte or not ASCII.
    ///
    /// A borrow may mark bytes above a true mark, never below: the lowest mark is always true.
    @inline(__always)
    static func specialBytes(_ word: UInt64) -> UInt64 {
        let control = word &- 0x2020_2020_2020_2020
        let quote = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
        let backslash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
        return (control | quote | backslash | word) & 0x8080_8080_8080_8080
    }
}
