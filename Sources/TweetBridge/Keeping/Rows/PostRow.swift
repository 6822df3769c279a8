// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// A post that was read.
public struct PostRow: Hashable, Sendable, Codable {
    public var snapshot: Snapshot
    /// The first version of its chain: of a post that was never edited, itself.
    public var first: PostID
    /// Only read because another post refers to it.
    public var isReference: Bool
    /// Of what it says, not of how often it was liked.
    public var hash: String
    /// **Milliseconds** since 1970.
    public var firstSeen: Int64
    public var lastSeen: Int64
    /// When ``hash`` became what it is.
    public var changedAt: Int64
}

/// What became of a post; posts that wait have a ``TodoRow`` instead.
public struct PostState: Hashable, Sendable, Codable {
    public var fate: Fate
    /// A word or a sentence for the operator.
    public var reason: String
    /// **Milliseconds** since 1970.
    public var at: Int64

    public init(_ fate: Fate, reason: String = "", at: Int64) {
        self.fate = fate
        self.reason = reason
        self.at = at
    }

    public enum Fate: String, Hashable, Sendable, Codable, CaseIterable {
        /// → `deleted`
        case mirrored
        /// Its event was taken back.
        case deleted
        /// A filter leaves it out.
        case skipped
        /// A moderator or a rule says no.
        case rejected
        /// Our own relay does not take the event.
        case refused
        /// It was gone before it was mirrored.
        case gone
    }
}

/// A post that is not to be had (the `.not_found` marker of older daemons, with a reason).
public struct GoneRow: Hashable, Sendable, Codable {
    public var absence: Absence
    /// The status of the answer.
    public var status: Int?
    /// **Milliseconds** since 1970.
    public var seenAt: Int64
    /// Not asked for before; `nil`: never again.
    public var recheckAt: Int64?

    public init(_ absence: Absence, status: Int? = nil, seenAt: Int64, recheckAt: Int64? = nil) {
        self.absence = absence
        self.status = status
        self.seenAt = seenAt
        self.recheckAt = recheckAt
    }
}

/// A post that is to be mirrored.
public struct TodoRow: Hashable, Sendable, Codable {
    public var author: UserID
    public var post: PostID
    public var why: Reason
    /// **Milliseconds** since 1970.
    public var notBefore: Int64
    public var addedAt: Int64
    public var attempts: Int
    /// What must be approved first.
    public var moderation: UInt64?

    public init(
        author: UserID, post: PostID, why: Reason = .new, notBefore: Int64 = 0, addedAt: Int64 = 0,
        attempts: Int = 0, moderation: UInt64? = nil
    ) {
        self.author = author
        self.post = post
        self.why = why
        self.notBefore = notBefore
        self.addedAt = addedAt
        self.attempts = attempts
        self.moderation = moderation
    }

    /// What it waits for.
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// For its turn.
        case new
        /// It may still be edited.
        case editable
        /// Posts that it refers to are being read.
        case references
        case media
        case moderation
        /// It was tried and failed.
        case failed
        /// It is a dry run.
        case rehearsed
    }
}
