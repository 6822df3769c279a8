// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Walks the tags of an event's canonical bytes without allocating.
public struct TagScanner {
    private var scanner: JSONScanner

    public init(_ layout: EventLayout) { self.init(start: layout.tagsStart, end: layout.tagsEnd) }

    /// From the `[` that opens the tags to one past the `]` that closes them.
    public init(start: Int, end: Int) { scanner = JSONScanner(start: start + 1, end: end) }

    /// The next tag; `nil` after the last.
    public mutating func next(in json: Span<UInt8>) -> ScannedTag? {
        _ = scanner.take(UInt8(ascii: ","), in: json)
        let start = scanner.position
        guard scanner.take(UInt8(ascii: "["), in: json) else { return nil }
        var tag = ScannedTag(name: nil, value: nil, range: start..<start)
        var index = 0
        while !scanner.take(UInt8(ascii: "]"), in: json) {
            if index > 0 { _ = scanner.take(UInt8(ascii: ","), in: json) }
            guard let element = scanner.trustedString(in: json) else { return nil }
            switch index {
            case 0: (tag.name, tag.nameHasEscapes) = (element.range, element.hasEscapes)
            case 1: (tag.value, tag.valueHasEscapes) = (element.range, element.hasEscapes)
            default: break
            }
            index += 1
        }
        tag.range = start..<scanner.position
        return tag
    }
}

/// Where one tag's name and first value lie: ranges of bytes inside the quotes, still escaped.
public struct ScannedTag: Sendable {
    /// `nil` for `[]`.
    public var name: Range<Int>?
    /// `nil` for `["x"]`.
    public var value: Range<Int>?
    public var nameHasEscapes = false
    public var valueHasEscapes = false
    /// The whole tag, brackets included.
    public var range: Range<Int>

    /// The name, when it is a single ASCII letter.
    @inline(__always)
    public func letter(in json: Span<UInt8>) -> UInt8? {
        guard let name, name.count == 1 else { return slowLetter(in: json) }
        let byte = json[name.lowerBound]
        return Self.isLetter(byte) ? byte : nil
    }

    /// An unescaped copy of the first value.
    public func value(in json: Span<UInt8>) -> TagValue? {
        value.map { TagValue(bytes: valueHasEscapes ? JSONText.unescaped(json, $0) : json.copy(of: $0)) }
    }

    /// An unescaped copy of the name.
    public func name(in json: Span<UInt8>) -> TagValue? {
        name.map { TagValue(bytes: nameHasEscapes ? JSONText.unescaped(json, $0) : json.copy(of: $0)) }
    }

    /// Whether the name is this one.
    public func isNamed(_ expected: TagValue, in json: Span<UInt8>) -> Bool {
        guard let name else { return false }
        if nameHasEscapes { return JSONText.unescaped(json, name) == expected.bytes }
        return json.compare(name, to: expected.bytes) == 0
    }

    /// A letter may be written `\u0065` where an author hashed it so.
    @inline(never)
    private func slowLetter(in json: Span<UInt8>) -> UInt8? {
        guard nameHasEscapes, let name = name(in: json)?.bytes, name.count == 1, Self.isLetter(name[0])
        else { return nil }
        return name[0]
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension JSONScanner {
    /// Moves past a string of bytes that were checked when they came in; `nil` when there is none.
    @inline(__always)
    mutating func trustedString(in json: Span<UInt8>) -> (range: Range<Int>, hasEscapes: Bool)? {
        guard take(UInt8(ascii: "\""), in: json) else { return nil }
        let start = position
        var hasEscapes = false
        while position < end {
            if position &+ 8 <= end {
                let mark = Self.quotesAndBackslashes(Self.word(in: json, at: position))
                guard mark != 0 else {
                    position &+= 8
                    continue
                }
                position &+= mark.trailingZeroBitCount >> 3
            }
            switch json[position] {
            case UInt8(ascii: "\""):
                position += 1
                return (start..<(position - 1), hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position += 2
            default: position += 1
            }
        }
        return nil
    }

    /// Like ``specialBytes(_:)`` for bytes known to be a valid string's.
    @inline(__always)
    static func quotesAndBackslashes(_ word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let ones: UInt64 = 0x0101_0101_0101_0101
        return ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & 0x8080_8080_8080_8080
    }
}

extension Span<UInt8> {
    /// A copy of some of the bytes.
    func copy(of range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }

    /// Less than, equal to or greater than 0 as the bytes in `range` stand before, at or after `other`.
    @inline(__always)
    func compare(_ range: Range<Int>, to other: [UInt8]) -> Int {
        let mine = extracting(range)
        let theirs = other.span
        let common = Swift.min(mine.count, theirs.count)
        for index in 0..<common where mine[index] != theirs[index] {
            return mine[index] < theirs[index] ? -1 : 1
        }
        return mine.count - theirs.count
    }
}
