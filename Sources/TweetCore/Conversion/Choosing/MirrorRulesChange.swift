// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an operator changes of rules; what is `nil` stays as it is.
public struct MirrorRulesChange: Hashable, Sendable, Codable {
    /// **Milliseconds** since 1970.
    public var since: Wish<Int64>?
    public var until: Wish<Int64>?
    /// Instead of those that there are; empty: none.
    public var wordsIn: [String]?
    public var wordsOut: [String]?
    public var kindsIn: [PostKind]?
    public var kindsOut: [PostKind]?

    public init() {}

    public var isEmpty: Bool { self == MirrorRulesChange() }

    public func applied(to rules: MirrorRules) -> MirrorRules {
        var rules = rules
        if let since { rules.since = since.value }
        if let until { rules.until = until.value }
        if let wordsIn { rules.wordsIn = wordsIn }
        if let wordsOut { rules.wordsOut = wordsOut }
        if let kindsIn { rules.kindsIn = kindsIn }
        if let kindsOut { rules.kindsOut = kindsOut }
        return rules
    }
}

/// What somebody wants of a value that may be absent.
public enum Wish<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    case nothing
    case of(Value)

    public var value: Value? {
        switch self {
        case .nothing: nil
        case .of(let value): value
        }
    }
}
