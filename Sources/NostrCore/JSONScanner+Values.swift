// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension JSONScanner {
    /// Moves past a string of 64 lower-case hex digits; where they begin, and what they say.
    @inline(__always)
    mutating func hex32(in json: Span<UInt8>) -> (start: Int, bytes: Bytes32)? {
        let start = position + 1
        guard start + 64 < end, json[start - 1] == UInt8(ascii: "\""), json[start + 64] == UInt8(ascii: "\""),
            let bytes = Hex.decode32(json, at: start)
        else { return nil }
        position = start + 65
        return (start, bytes)
    }

    /// Moves past a plain integer without sign, fraction or exponent.
    ///
    /// - Returns: its value, or `nil` when it is greater than 2^63 − 1.
    @inline(__always)
    mutating func integer(in json: Span<UInt8>, or reason: StaticString) throws(JSONError) -> Int64? {
        let start = position
        var value: Int64 = 0
        while position < end {
            let digit = json[position] &- 0x30
            guard digit < 10 else { break }
            value = value &* 10 &+ Int64(digit)
            position += 1
        }
        let count = position - start
        guard count > 0, count == 1 || json[start] != 0x30 else { throw JSONError(reason) }
        switch peek(in: json) {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw JSONError(reason)
        default: break
        }
        return count <= 18 ? value : Self.longInteger(in: json, from: start, to: position)
    }

    private static func longInteger(in json: Span<UInt8>, from start: Int, to end: Int) -> Int64? {
        var value: Int64 = 0
        for index in start..<end {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int64(json[index] - 0x30))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// Moves past any value, at most ``CodecLimits/maxNesting`` deep. No recursion: one bit a level.
    mutating func skipValue(in json: Span<UInt8>) throws(JSONError) {
        var depth = 0
        var objects: UInt64 = 0  // the lowest bit is the innermost level
        repeat {
            skipSpace(in: json)
            let first = peek(in: json)
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                guard depth < CodecLimits.maxNesting else { throw JSONError("JSON is nested too deeply") }
                position += 1
                depth += 1
                objects = objects << 1 | (first == UInt8(ascii: "{") ? 1 : 0)
                skipSpace(in: json)
                if !take(objects & 1 == 1 ? UInt8(ascii: "}") : UInt8(ascii: "]"), in: json) {
                    if objects & 1 == 1 { try skipKey(in: json) }
                    continue
                }
                depth -= 1
                objects >>= 1
            } else {
                try skipScalar(in: json)
            }
            while depth > 0 {
                let isObject = objects & 1 == 1
                if try another(before: isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), in: json) {
                    if isObject { try skipKey(in: json) }
                    break
                }
                depth -= 1
                objects >>= 1
            }
        } while depth > 0
    }

    private mutating func skipKey(in json: Span<UInt8>) throws(JSONError) {
        _ = try string(in: json)
        try expect(UInt8(ascii: ":"), in: json, or: "a colon is missing")
    }

    private mutating func skipScalar(in json: Span<UInt8>) throws(JSONError) {
        switch peek(in: json) {
        case UInt8(ascii: "\""): _ = try string(in: json)
        case UInt8(ascii: "t"): try skipWord("true", in: json)
        case UInt8(ascii: "f"): try skipWord("false", in: json)
        case UInt8(ascii: "n"): try skipWord("null", in: json)
        default: try skipNumber(in: json)
        }
    }

    /// Moves past `true` or `false`.
    mutating func boolean(in json: Span<UInt8>) throws(JSONError) -> Bool {
        let isTrue = peek(in: json) == UInt8(ascii: "t")
        try skipWord(isTrue ? "true" : "false", in: json)
        return isTrue
    }

    private mutating func skipWord(_ word: StaticString, in json: Span<UInt8>) throws(JSONError) {
        guard matches(word, at: position, in: json) else { throw JSONError("a value is not JSON") }
        position += word.utf8CodeUnitCount
    }

    /// Whether these very bytes stand there.
    func matches(_ text: StaticString, at start: Int, in json: Span<UInt8>) -> Bool {
        guard start + text.utf8CodeUnitCount <= end else { return false }
        return text.withUTF8Buffer { bytes in
            for index in bytes.indices where json[start + index] != bytes[index] { return false }
            return true
        }
    }

    /// RFC 8259 §6.
    private mutating func skipNumber(in json: Span<UInt8>) throws(JSONError) {
        _ = take(UInt8(ascii: "-"), in: json)
        if !take(UInt8(ascii: "0"), in: json) { try skipDigits(in: json) }
        if take(UInt8(ascii: "."), in: json) { try skipDigits(in: json) }
        if take(UInt8(ascii: "e"), in: json) || take(UInt8(ascii: "E"), in: json) {
            if !take(UInt8(ascii: "+"), in: json) { _ = take(UInt8(ascii: "-"), in: json) }
            try skipDigits(in: json)
        }
    }

    private mutating func skipDigits(in json: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < end, (0x30...0x39).contains(json[position]) { position += 1 }
        guard position > start else { throw JSONError("a value is not JSON") }
    }
}
