// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why a filter was not understood.
public enum FilterError: Error, Equatable, Sendable {
    /// A wrong type, length, digit or range.
    case invalid(String)
    /// A key that this relay does not know.
    case unsupported(String)

    /// The text of a `CLOSED`, prefix included (NIP-01).
    public var text: String {
        switch self {
        case .invalid(let reason): "invalid: \(reason)"
        case .unsupported(let reason): "unsupported: \(reason)"
        }
    }
}

extension Filter {
    /// Reads one JSON object. Every key may stand once; unknown keys are refused as unsupported.
    ///
    /// A `limit` beyond 2^63 − 1 counts as that. Values of `#e` and `#p` are text like any other.
    public static func parse(_ json: Span<UInt8>) throws(FilterError) -> Filter {
        var scanner = JSONScanner(json)
        var budget = CodecLimits.maxFilterElements
        let filter = try FilterScanner.filter(&scanner, in: json, budget: &budget)
        do throws(JSONError) { try scanner.expectEnd(in: json) } catch { throw .invalid(error.reason) }
        return filter
    }

    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(FilterError) -> Filter { try parse(json.span) }

    /// Appends the filter without white space: ids, authors, kinds, `#x` and `&x` by letter, since, until, limit,
    /// search.
    public func appendJSON(to output: inout [UInt8]) {
        var writer = FilterWriter(output: output)
        if let ids { writer.list("ids", ids) { $1.appendQuotedHex($0.bytes) } }
        if let authors { writer.list("authors", authors) { $1.appendQuotedHex($0.bytes) } }
        if let kinds { writer.list("kinds", kinds) { $1.append(contentsOf: "\($0)".utf8) } }
        for condition in tags where !condition.isOfAll {
            let name = "#\(Character(Unicode.Scalar(condition.letter)))"
            writer.list(name, condition.values) { JSONText.appendQuoted($0.bytes, to: &$1) }
        }
        for (letter, values) in allTags {
            writer.list("&\(Character(Unicode.Scalar(letter)))", values) {
                JSONText.appendQuoted($0.bytes, to: &$1)
            }
        }
        if let since { writer.number("since", since.seconds) }
        if let until { writer.number("until", until.seconds) }
        if let limit { writer.number("limit", Int64(limit)) }
        if let search { writer.text("search", search.text) }
        output = writer.finish()
    }

    /// ``appendJSON(to:)`` as text: equal filters have equal texts.
    public var canonicalJSON: String {
        var output: [UInt8] = []
        appendJSON(to: &output)
        return String(decoding: output, as: UTF8.self)
    }
}

/// Writes an object's members one after another.
private struct FilterWriter {
    private var output: [UInt8]
    private var isFirst = true

    init(output: [UInt8]) {
        self.output = output
        self.output.append(UInt8(ascii: "{"))
    }

    mutating func list<Value>(_ name: String, _ values: [Value], _ append: (Value, inout [UInt8]) -> Void) {
        key(name)
        output.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            append(value, &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    mutating func number(_ name: String, _ value: Int64) {
        key(name)
        output.append(contentsOf: "\(value)".utf8)
    }

    mutating func text(_ name: String, _ value: TagValue) {
        key(name)
        JSONText.appendQuoted(value.bytes, to: &output)
    }

    consuming func finish() -> [UInt8] {
        output.append(UInt8(ascii: "}"))
        return output
    }

    private mutating func key(_ name: String) {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        isFirst = false
        output.append(contentsOf: "\"\(name)\":".utf8)
    }
}

extension [UInt8] {
    fileprivate mutating func appendQuotedHex(_ bytes: Bytes32) {
        append(UInt8(ascii: "\""))
        Hex.append(bytes.bytes, to: &self)
        append(UInt8(ascii: "\""))
    }
}
