// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Who did something to a ``ModerationItem``.
public enum Actor: Hashable, Sendable, Codable {
    /// The rules.
    case rules
    /// A moderator, by name, and how they said it.
    case moderator(String, through: Channel)
    /// Who does what was approved.
    case worker(String)

    public enum Channel: String, Hashable, Sendable, Codable, CaseIterable {
        case commandLine, web, nostr
    }
}

/// One line of the audit trail; never changed, never removed.
public struct AuditEntry: Hashable, Sendable, Codable {
    public let item: UInt64
    /// The how manieth change of its item, from 1; 0 for how it began.
    public let revision: UInt32
    /// `nil` for how it began.
    public let from: ModerationState?
    public let to: ModerationState
    public let actor: Actor
    /// Bounded text.
    public let reason: String
    /// **Milliseconds** since 1970.
    public let at: Int64

    public init(
        item: UInt64, revision: UInt32, from: ModerationState?, to: ModerationState, actor: Actor,
        reason: String, at: Int64
    ) {
        self.item = item
        self.revision = revision
        self.from = from
        self.to = to
        self.actor = actor
        self.reason = String(reason.prefix(ModerationBounds.reasonCharacters))
        self.at = at
    }
}
