// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// A list that is read from where it was left.
public enum FetchScope: Hashable, Sendable {
    case timeline(UserID)
    case mentions(UserID)
    /// A shard of the combined search, by the hash of its query.
    case search(String)
    case quotes(PostID)
    /// Anything else, at most 200 bytes.
    case named(String)

    public var text: String {
        switch self {
        case .timeline(let id): "timeline:\(id)"
        case .mentions(let id): "mentions:\(id)"
        case .search(let hash): "search:\(hash)"
        case .quotes(let id): "quotes:\(id)"
        case .named(let name): "named:\(name)"
        }
    }

    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "timeline": if let id = UserID(rest) { self = .timeline(id) } else { return nil }
        case "mentions": if let id = UserID(rest) { self = .mentions(id) } else { return nil }
        case "search": self = .search(String(rest))
        case "quotes": if let id = PostID(rest) { self = .quotes(id) } else { return nil }
        case "named": self = .named(String(rest))
        default: return nil
        }
    }
}

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
    public static func profilePosted(_ id: UserID) -> StateKey { StateKey("profile_posted:\(id)") }
    public static func relayListPosted(_ id: UserID) -> StateKey { StateKey("relays_posted:\(id)") }
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
