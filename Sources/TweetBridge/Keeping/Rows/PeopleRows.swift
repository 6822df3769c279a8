// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// An account of X that was seen.
public struct UserRow: Hashable, Sendable, Codable {
    public var user: User
    /// Of the profile, not of its counts.
    public var hash: String
    /// **Milliseconds** since 1970.
    public var firstSeen: Int64
    public var lastSeen: Int64
    public var changedAt: Int64
    /// How many earlier profiles are kept.
    public var earlier: Int
}

/// How an account described itself until it changed that.
public struct ProfileRow: Hashable, Sendable, Codable {
    public var user: User
    /// **Milliseconds** since 1970.
    public var from: Int64
    public var until: Int64
}

/// Whose a handle was.
public struct HandleRow: Hashable, Sendable, Codable {
    public var user: UserID
    /// **Milliseconds** since 1970: when it was first and last seen to be so.
    public var from: Int64
    public var lastSeen: Int64
}

/// An account that is mirrored or watched.
public struct AccountRow: Hashable, Sendable, Codable {
    public var id: UserID
    /// As last seen; only a name.
    public var handle: String
    public var isActive = true
    public var sources: Set<Source> = [.posts]
    public var policy = AccountPolicy()
    /// **Milliseconds** between two polls; `nil` for the configuration's.
    public var interval: Int64?
    /// In a row.
    public var failures = 0
    /// **Milliseconds** since 1970.
    public var nextPoll: Int64 = 0
    public var addedAt: Int64
    /// Why it is not active.
    public var disabledBecause: String?
    /// What ended it, where only an operator begins it again.
    public var stop: AccountStop?
    /// **Milliseconds** since 1970.
    public var stoppedAt: Int64?
    /// Posts made before this are not mirrored: they were made while it was stopped. **Milliseconds** since 1970.
    public var startsAt: Int64?
    /// Why it cannot be read at the moment, and since when that is known (**milliseconds** since 1970).
    public var absence: Absence?
    public var absentSince: Int64?

    public init(id: UserID, handle: String, addedAt: Int64) {
        self.id = id
        self.handle = handle
        self.addedAt = addedAt
    }

    /// Why it is not mirrored, for the operator.
    public var offReason: String { disabledBecause ?? Self.switchedOff }
    /// What is said of one that an operator switched off.
    static let switchedOff = "switched off"

    /// What of an account is followed.
    public enum Source: String, Hashable, Sendable, Codable, CaseIterable {
        case posts, mentions, replies, quotes
    }
}

/// What is done with an account's posts.
public struct AccountPolicy: Hashable, Sendable, Codable {
    /// Instead of the configuration's; `nil`: as those say.
    public var filter: MirrorRules?
    public var moderation = Moderation.inherited
    /// What happens to the events of posts that can be seen no more, but were not deleted.
    public var hidden = Hidden.keep

    public init() {}

    public enum Moderation: String, Hashable, Sendable, Codable, CaseIterable {
        /// As the configuration says.
        case inherited
        case off
        /// Approved by the rules unless they find something.
        case approved
        case queue
    }

    public enum Hidden: String, Hashable, Sendable, Codable, CaseIterable {
        case keep, delete
    }
}
