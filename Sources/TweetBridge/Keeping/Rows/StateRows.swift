// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Up to where a list was read without holes, but for its ``GapRow``s.
public struct CursorRow: Hashable, Sendable, Codable {
    /// Never becomes less.
    public var since: PostID
    /// **Milliseconds** since 1970.
    public var updatedAt: Int64
}

/// Posts of a list that were not read yet: those between two ids, both exclusive.
public struct GapRow: Hashable, Sendable, Codable {
    /// ``FetchScope/text``.
    public var scope: String
    /// 0: to the beginning of the list.
    public var low: PostID
    public var high: PostID
    /// Where the next page begins, as long as it holds.
    public var token: String?
    /// **Milliseconds** since 1970.
    public var openedAt: Int64
    public var updatedAt: Int64
    /// In a row.
    public var failures: Int = 0
    public var notBefore: Int64 = 0
    /// How many more posts are wanted of it; `nil`: all.
    public var left: Int?

    public init(_ scope: FetchScope, low: PostID, high: PostID, token: String? = nil, at now: Int64) {
        self.scope = scope.text
        self.low = low
        self.high = high
        self.token = token
        openedAt = now
        updatedAt = now
    }
}

/// The name of something that is remembered.
public struct StateKey: Hashable, Sendable {
    public let text: String

    /// - Parameter text: at most 400 bytes; does not begin with `since_id:` or `gap:`.
    public init(_ text: String) { self.text = text }

    public static func quoteChecked(_ id: PostID) -> StateKey { StateKey("quote_checked:\(id)") }
    /// The hash of the profile that was published.
    public static func profilePosted(_ id: UserID) -> StateKey { StateKey("\(profilesPosted)\(id)") }
    /// How the names of those begin.
    static let profilesPosted = "profile_posted:"
    public static func relayListPosted(_ id: UserID) -> StateKey { StateKey("relays_posted:\(id)") }
    public static func mediaServersPosted(_ id: UserID) -> StateKey { StateKey("servers_posted:\(id)") }
    /// The number of the account that a handle of the configuration was bound to.
    public static func configured(_ handle: Handle) -> StateKey { StateKey("configured:\(handle.folded)") }
    public static let lastActivity = StateKey("activity:last")

    var isLegal: Bool {
        (1...400).contains(text.utf8.count) && !text.hasPrefix("since_id:") && !text.hasPrefix("gap:")
    }
}

public struct StateRow: Hashable, Sendable, Codable {
    public var value: String
    /// **Milliseconds** since 1970.
    public var updatedAt: Int64
}
