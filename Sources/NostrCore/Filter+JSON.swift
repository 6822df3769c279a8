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
    /// Reads one JSON object.
    public static func parse(_ json: Span<UInt8>) throws(FilterError) -> Filter {
        fatalError("not written yet")
    }
    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(FilterError) -> Filter { try parse(json.span) }

    /// Appends the filter without white space: ids, authors, kinds, `#x` by letter, since, until, limit.
    public func appendJSON(to output: inout [UInt8]) { fatalError("not written yet") }

    /// ``appendJSON(to:)`` as text: equal filters have equal texts.
    public var canonicalJSON: String {
        var output: [UInt8] = []
        appendJSON(to: &output)
        return String(decoding: output, as: UTF8.self)
    }
}
