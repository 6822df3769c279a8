// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A route of the X API v2, as its limits count it. The value is its name for people and metrics.
public enum XRoute: String, Hashable, Sendable, CaseIterable, Codable {
    case userPosts = "users/:id/tweets"
    case userMentions = "users/:id/mentions"
    case search = "tweets/search/recent"
    case quotes = "tweets/:id/quote_tweets"
    case posts = "tweets"
    case users = "users"
    case usersByHandle = "users/by"
    case me = "users/me"
    case usage = "usage/tweets"
    case createPost = "post tweets"
    case deletePost = "delete tweets/:id"
    case stream = "activity/stream"
    case subscriptions = "activity/subscriptions"
    case token = "oauth2/token"

    /// Requests in 15 minutes before the first answer says the truth: X's public table of 2026-08. `nil`: not with this credential.
    ///
    /// The limits of ``createPost`` by an app and of everything else are X's own; headers overwrite them.
    public func seedLimit(for kind: Asker.Kind) -> Int? {
        let isApp = kind == .app
        return switch self {
        case .userPosts: isApp ? 10_000 : 900
        case .userMentions, .search: isApp ? 450 : 300
        case .quotes: 75
        case .posts: isApp ? 3_500 : 5_000
        case .users, .usersByHandle: isApp ? 300 : 900
        case .me: isApp ? nil : 75
        case .usage: isApp ? 50 : nil
        case .createPost: isApp ? nil : 100
        case .deletePost: isApp ? nil : 50
        case .stream: isApp ? 450 : nil
        case .subscriptions: isApp ? 500 : nil
        case .token: 100
        }
    }

    /// Whether it costs nothing, and works when caps and credits are used up.
    var isFree: Bool { self == .usage || self == .subscriptions || self == .token }
}

/// Whose token a request is made with. Its limits are counted for each by itself.
public struct Asker: Hashable, Sendable, Codable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The app's own bearer token.
        case app
        /// A user's, by OAuth 2.0.
        case user
    }
    public var kind: Kind
    /// The operator's name for it; no secret.
    public var name: String

    public init(_ kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    public var description: String { "\(kind.rawValue):\(name)" }
}
