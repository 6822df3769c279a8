// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Logging

/// The value of one fact of a log line: what people read, and what a machine does.
enum LogFact: Sendable {
    /// Any text.
    case text(String)
    /// A number or a boolean: the same in both formats, bare in JSON.
    case literal(String)
    /// For people with a unit, for machines in **seconds** under a key that ends in `_seconds`.
    case span(Duration)

    init(_ value: Logger.MetadataValue) {
        guard case .stringConvertible(let value) = value else {
            self = .text(value.description)
            return
        }
        self =
            switch value {
            case let value as any BinaryInteger: .literal("\(value)")
            case let value as Bool: .literal("\(value)")
            case let value as Double: value.isFinite ? .literal("\(value)") : .text("\(value)")
            case let value as LogSpan: .span(value.duration)
            default: .text(value.description)
            }
    }

    /// For people.
    var text: String {
        switch self {
        case .text(let text), .literal(let text): text
        case .span(let duration): duration.brief
        }
    }
}

/// A span among the facts of a log line.
struct LogSpan: Sendable, CustomStringConvertible {
    let duration: Duration
    var description: String { duration.brief }
}

extension Logger.MetadataValue {
    /// A count: a number in JSON.
    public static func number(_ value: some BinaryInteger & Sendable) -> Self {
        .stringConvertible(value)
    }
    /// Something that holds or does not: `true` or `false` in JSON.
    public static func flag(_ value: Bool) -> Self { .stringConvertible(value) }
    /// A span: `34min` for people, seconds in JSON under a key that ends in `_seconds`.
    public static func span(_ value: Duration) -> Self { .stringConvertible(LogSpan(duration: value)) }
}
