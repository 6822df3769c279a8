// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Walks JSON from left to right and notes the place of every value. No recursion.
struct JSONTreeBuilder {
    let limits: ReadingLimits
    let end: Int
    var nodes: [JSONTree.Node] = []
    private var at = 0
    /// The arrays and objects that are not closed yet.
    private var open: [Int] = []

    init(limits: ReadingLimits, end: Int) {
        self.limits = limits
        self.end = end
    }

    mutating func build(_ json: Span<UInt8>) throws(ReadingError) {
        var name = 0..<0
        repeat {
            try value(named: name, in: json)
            name = try nextName(in: json)
        } while !open.isEmpty
        skipSpace(in: json)
        guard at == end else { throw .notJSON(at: at) }
    }

    /// Moves past a scalar, or into an array or object.
    private mutating func value(named name: Range<Int>, in json: Span<UInt8>) throws(ReadingError) {
        guard nodes.count < limits.valuesMax else { throw .tooLarge }
        skipSpace(in: json)
        let start = at
        func node(_ kind: JSONTree.Kind, _ range: Range<Int>) -> JSONTree.Node {
            JSONTree.Node(
                kind: kind, start: Int32(range.lowerBound), end: Int32(range.upperBound),
                nameStart: Int32(name.lowerBound), nameEnd: Int32(name.upperBound),
                next: Int32(nodes.count + 1))
        }
        switch peek(in: json) {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard open.count < limits.depthMax else { throw .tooLarge }
            at += 1
            nodes.append(node(json[start] == UInt8(ascii: "{") ? .object : .array, start..<start))
            open.append(nodes.count - 1)
        case UInt8(ascii: "\""):
            let (range, hasEscapes) = try string(in: json)
            nodes.append(node(hasEscapes ? .escapedString : .string, range))
        case UInt8(ascii: "t"):
            try word("true", in: json)
            nodes.append(node(.yes, start..<at))
        case UInt8(ascii: "f"):
            try word("false", in: json)
            nodes.append(node(.no, start..<at))
        case UInt8(ascii: "n"):
            try word("null", in: json)
            nodes.append(node(.null, start..<at))
        default:
            try number(in: json)
            nodes.append(node(.number, start..<at))
        }
    }

    /// After a value, or inside an array or object just opened: closes what ends here, and moves to the next value.
    ///
    /// - Returns: its name, where it is a member.
    private mutating func nextName(in json: Span<UInt8>) throws(ReadingError) -> Range<Int> {
        while let container = open.last {
            skipSpace(in: json)
            let isObject = nodes[container].kind == .object
            if take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), in: json) {
                nodes[container].end = Int32(at)
                nodes[container].next = Int32(nodes.count)
                open.removeLast()
                continue
            }
            if container + 1 < nodes.count {
                guard take(UInt8(ascii: ","), in: json) else { throw .notJSON(at: at) }
                skipSpace(in: json)
            }
            guard isObject else { return 0..<0 }
            let (name, _) = try string(in: json)
            skipSpace(in: json)
            guard take(UInt8(ascii: ":"), in: json) else { throw .notJSON(at: at) }
            return name
        }
        return 0..<0
    }

    private mutating func string(in json: Span<UInt8>) throws(ReadingError) -> (Range<Int>, Bool) {
        guard take(UInt8(ascii: "\""), in: json) else { throw .notJSON(at: at) }
        let start = at
        var hasEscapes = false
        while at < end {
            switch json[at] {
            case UInt8(ascii: "\""):
                at += 1
                return (start..<(at - 1), hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                at += 2
            case 0..<0x20:
                throw .notJSON(at: at)
            default:
                at += 1
            }
        }
        throw .notJSON(at: end)
    }

    /// RFC 8259 §6.
    private mutating func number(in json: Span<UInt8>) throws(ReadingError) {
        _ = take(UInt8(ascii: "-"), in: json)
        if !take(UInt8(ascii: "0"), in: json) { try digits(in: json) }
        if take(UInt8(ascii: "."), in: json) { try digits(in: json) }
        if take(UInt8(ascii: "e"), in: json) || take(UInt8(ascii: "E"), in: json) {
            if !take(UInt8(ascii: "+"), in: json) { _ = take(UInt8(ascii: "-"), in: json) }
            try digits(in: json)
        }
    }

    private mutating func digits(in json: Span<UInt8>) throws(ReadingError) {
        let start = at
        while at < end, (0x30...0x39).contains(json[at]) { at += 1 }
        guard at > start else { throw .notJSON(at: at) }
    }

    private mutating func word(_ word: StaticString, in json: Span<UInt8>) throws(ReadingError) {
        guard at + word.utf8CodeUnitCount <= end else { throw .notJSON(at: at) }
        for index in 0..<word.utf8CodeUnitCount where json[at + index] != word.utf8Start[index] {
            throw .notJSON(at: at)
        }
        at += word.utf8CodeUnitCount
    }

    private mutating func skipSpace(in json: Span<UInt8>) {
        while at < end {
            switch json[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private func peek(in json: Span<UInt8>) -> UInt8 { at < end ? json[at] : 0 }

    private mutating func take(_ byte: UInt8, in json: Span<UInt8>) -> Bool {
        guard at < end, json[at] == byte else { return false }
        at += 1
        return true
    }
}
