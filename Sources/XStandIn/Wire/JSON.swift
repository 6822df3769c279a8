// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A JSON value whose objects keep their order.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    case fraction(Double)
    case text(String)
    case array([JSON])
    case object([Member])

    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSON
    }

    /// The value of a member, or nil if this is no object or has none of the name.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    public subscript(place: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(place) else { return nil }
        return items[place]
    }

    public var string: String? { if case .text(let text) = self { text } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var items: [JSON]? { if case .array(let items) = self { items } else { nil } }
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// A whole number.
    public var integer: Int64? {
        switch self {
        case .number(let number): number
        case .fraction(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// An id, written as text or as a number.
    public var id: UInt64? {
        switch self {
        case .text(let text): Snowflake.id(text)
        case .number(let number): UInt64(exactly: number)
        default: nil
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral number: Int64) { self = .number(number) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral items: JSON...) { self = .array(items) }
    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member(name: $0.0, value: $0.1) })
    }

    static func id(_ id: UInt64) -> JSON { .text(String(id)) }
}

/// An object that is put together member by member; what is nil is left out.
struct ObjectBuilder {
    private(set) var members: [JSON.Member] = []

    subscript(name: String) -> JSON? {
        get { members.first { $0.name == name }?.value }
        set { if let newValue { members.append(.init(name: name, value: newValue)) } }
    }

    var isEmpty: Bool { members.isEmpty }
    var json: JSON { .object(members) }
}
