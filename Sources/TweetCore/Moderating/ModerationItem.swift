// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Something that is not done before somebody, or a rule, has approved it.
public struct ModerationItem: Hashable, Sendable, Codable {
    public let number: UInt64
    public let subject: Subject
    /// Whose post it is, or for whom it is done.
    public var account: UserID?
    public private(set) var state: ModerationState
    /// What a moderator is shown: bounded text.
    public var preview: String
    /// The id of the event that it will be, 64 hexadecimal digits; by it moderators name it on Nostr.
    public var event: String?
    /// The names of the rules that spoke.
    public var hits: [String]
    /// How often it changed.
    public private(set) var revision: UInt32 = 0
    /// **Milliseconds** since 1970.
    public let createdAt: Int64
    public private(set) var changedAt: Int64

    /// What is decided about.
    public enum Subject: Hashable, Sendable, Codable {
        /// A post that is to be mirrored.
        case post(PostID)
        /// A job of the queue.
        case job(UInt64)
    }

    public init(
        number: UInt64, subject: Subject, account: UserID?, state: ModerationState, preview: String,
        event: String? = nil, hits: [String] = [], at now: Int64
    ) {
        self.number = number
        self.subject = subject
        self.account = account
        self.state = state
        self.preview = String(preview.prefix(ModerationBounds.previewCharacters))
        self.event = event
        self.hits = hits
        createdAt = now
        changedAt = now
    }

    /// Takes a step.
    ///
    /// - Returns: what is written down about it; `nil` when it may not be taken, and then nothing has changed.
    public mutating func become(
        _ next: ModerationState, by actor: Actor, reason: String, at now: Int64
    ) -> AuditEntry? {
        guard state.mayBecome(next) else { return nil }
        revision += 1
        let entry = AuditEntry(
            item: number, revision: revision, from: state, to: next, actor: actor, reason: reason, at: now)
        state = next
        changedAt = now
        return entry
    }

    /// What is written down about how it began.
    public func opening(by actor: Actor) -> AuditEntry {
        AuditEntry(
            item: number, revision: 0, from: nil, to: state, actor: actor,
            reason: hits.joined(separator: ", "), at: createdAt)
    }
}

/// Every bound of what is kept for moderation.
public enum ModerationBounds {
    public static let previewCharacters = 2_000
    public static let reasonCharacters = 500
    public static let moderators = 1_000
    /// **Bytes** of a moderator's name.
    public static let nameBytes = 64
}
