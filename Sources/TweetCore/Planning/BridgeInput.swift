// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An account as the planner sees it.
public struct WatchedAccount: Hashable, Sendable {
    public var id: UserID
    public var handle: Handle?
    /// Whether its own posts are mirrored.
    public var isMirrored: Bool
    /// **Milliseconds** between polls; `nil`: as configured.
    public var interval: Int64?

    public init(id: UserID, handle: Handle?, isMirrored: Bool = true, interval: Int64? = nil) {
        self.id = id
        self.handle = handle
        self.isMirrored = isMirrored
        self.interval = interval
    }
}

/// What the planner is told.
public enum BridgeInput: Hashable, Sendable {
    /// All accounts that are watched now.
    case accounts([WatchedAccount])
    /// Handles of the configuration whose accounts are not known.
    case unresolved([Handle])
    /// A question was answered, and what was asked for is kept.
    case kept(FetchID)
    /// A question has no answer.
    case failed(FetchID, XFailure)
    /// A page was answered, but could not be kept.
    case notKept(FetchID)
    /// Whether the activity stream is connected; what happened while it was not is found by polling.
    case stream(isConnected: Bool)
    /// Something was pushed of this account, or somebody wants it to be read now.
    case asked(UserID)
    /// Everything is to be read now.
    case askedAll
    /// There is another credential, or the old one is good again: whatever stopped may be tried at once.
    case credentialRenewed
    /// Some profile has changed.
    case profilesDue
    /// What the shell found for ``BridgeEffect/choosePosts(_:)``.
    case chosen(ChoiceKind, [PostID])
    case tick
}

/// What the planner wants to be done.
public enum BridgeEffect: Hashable, Sendable {
    /// Ask; then say ``BridgePlanner/take(_:page:)`` and keep the page with the change that it returns.
    case fetch(Fetch)
    /// Find mirrored posts that this is due for, at most so many.
    case choosePosts(ChoiceKind, limit: Int)
    /// An account cannot be read, and why.
    case unreadable(UserID, Absence)
    /// A list can no longer be read from where it was left: these posts may be missing of what it brings.
    case lost(FetchScope, PostGap)
    /// Everything stops until then, in **milliseconds** since 1970, because of this.
    case paused(until: Int64, XFailure)
}

/// Which posts of the store are looked at.
public enum ChoiceKind: Hashable, Sendable, CaseIterable {
    /// Those that are young enough to change: are they still there?
    case young
    /// Those that others are likely to quote.
    case quotable
    /// Those whose counts still change, and were not read for a while.
    case counted
}

public struct FetchID: Hashable, Sendable, Comparable {
    public let number: UInt64

    public static func < (a: FetchID, b: FetchID) -> Bool { a.number < b.number }
}

/// A question that is under way.
public struct Fetch: Hashable, Sendable {
    public let id: FetchID
    public let question: XQuestion
    public let purpose: SpendPurpose
    public let subject: Subject

    public enum Subject: Hashable, Sendable {
        case list(FetchScope, ListProgress.Part)
        case handles([Handle])
        case profiles([UserID])
        case sweep([PostID])
        case quotes([PostID])
        case counts([PostID])
    }
}
