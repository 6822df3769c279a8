// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// What an operator changes of how an account is mirrored; what is `nil` stays as it is.
public struct AccountChange: Hashable, Sendable, Codable {
    public var isActive: Bool?
    /// Whether its own posts are mirrored, or only what others say about it.
    public var mirrorsPosts: Bool?
    public var moderation: AccountPolicy.Moderation?
    public var hidden: AccountPolicy.Hidden?
    /// **Milliseconds** between two polls; nothing: the configuration's.
    public var interval: Wish<Int64>?
    public var rules = MirrorRulesChange()
    /// Whether it goes by the configuration's rules again.
    public var inheritsRules = false

    public init() {}

    public var isEmpty: Bool { self == AccountChange() }

    /// - Parameter usual: the configuration's rules, which an account's own begin with.
    public func apply(to row: inout AccountRow, usual: MirrorRules) {
        if let isActive {
            row.isActive = isActive
            row.disabledBecause = isActive ? nil : AccountRow.switchedOff
            if isActive { row.failures = 0 }
        }
        if let mirrorsPosts {
            if mirrorsPosts { row.sources.insert(.posts) } else { row.sources.remove(.posts) }
        }
        if let moderation { row.policy.moderation = moderation }
        if let hidden { row.policy.hidden = hidden }
        if let interval { row.interval = interval.value }
        if inheritsRules { row.policy.filter = nil }
        if !rules.isEmpty { row.policy.filter = rules.applied(to: row.policy.filter ?? usual) }
    }
}
