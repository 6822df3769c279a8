// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One read request to X, as the planner wants it; fields, expansions and words of the request are the client's business.
public enum XQuestion: Hashable, Sendable {
    /// What an account posted, newest first.
    case timeline(UserID, PageRange)
    /// Posts that mention an account.
    case mentions(UserID, PageRange)
    /// Posts of the last seven days that match; at most 512 characters.
    case search(String, PageRange)
    /// Posts that quote one; the range has a token alone.
    case quotes(of: PostID, PageRange)
    /// At most 100 posts by their ids.
    case posts([PostID])
    /// At most 100 accounts by their ids.
    case users([UserID])
    /// At most 100 accounts by their handles.
    case handles([Handle])
    /// The account whose token is used.
    case me
}

/// Which part of a list is asked for; both ends are exclusive.
public struct PageRange: Hashable, Sendable, Codable {
    public var since: PostID?
    public var until: PostID?
    /// Where the page begins; opaque, from the page before.
    public var token: String?
    /// Posts in one answer.
    public var size: Int

    public init(since: PostID? = nil, until: PostID? = nil, token: String? = nil, size: Int = 100) {
        self.since = since
        self.until = until
        self.token = token
        self.size = size
    }
}

/// What was answered. Accounts come in ``PostPage/users`` as well, whatever was asked.
public typealias XAnswer = PostPage

/// Why a question has no answer, by what is to be done about it (errors of the X API v2).
public enum XFailure: Error, Hashable, Sendable {
    /// Too many requests of this kind. **Milliseconds** since 1970, from the answer's headers.
    case limited(until: Int64?)
    /// The month's product cap is used up.
    case usageCapped(until: Int64?)
    /// No money left in the account: reads stop and are tried again hourly.
    case outOfCredits
    /// The credential is not good, and could not be renewed.
    case unauthorized(String)
    /// This credential may never do this.
    case forbidden(String)
    /// The range begins too long ago for search: it may begin here.
    case staleSince(PostID)
    /// The one thing asked for does not exist, or not for us.
    case absent(Absence, Problem)
    /// The request was wrong.
    case invalid(String)
    /// Worth trying again: the network, a server error, an answer that cannot be read.
    case transient(String)
    /// Our own budget does not allow it. **Milliseconds** since 1970 when it may; `nil` when an operator must act.
    case overBudget(until: Int64?)
}

/// What a request is for, the most important first: the last are given up first when money or requests run short.
public enum SpendPurpose: Int, Hashable, Sendable, Comparable, CaseIterable, Codable {
    /// Posts of the accounts that are mirrored.
    case ownPosts
    /// Posts and accounts without which an event would be incomplete.
    case references
    /// Whether mirrored posts are still there.
    case deletions
    case mentions
    case quotes
    case metrics
    /// Posts made and removed on X for people here.
    case outbound

    /// Whether posts are asked for with all that belongs to them. What comes along costs money: counting and sweeping need none of it.
    public var wantsWhole: Bool { self != .deletions && self != .metrics }

    /// Requests of a limit that it leaves to what is more important (R12).
    public var leaves: Int { self == .quotes || self == .metrics ? 10 : 0 }

    public static func < (a: SpendPurpose, b: SpendPurpose) -> Bool { a.rawValue < b.rawValue }
}
