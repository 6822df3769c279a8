// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One rule: what it looks at, and what it says when that is so.
public struct ModerationRule: Hashable, Sendable, Codable {
    /// For the audit trail.
    public var name: String
    public var condition: Condition
    public var effect: Effect

    public init(_ name: String, when condition: Condition, _ effect: Effect) {
        self.name = name
        self.condition = condition
        self.effect = effect
    }

    /// What a rule says, the weakest first: of all that hit, the strongest counts.
    public enum Effect: String, Hashable, Sendable, Codable, Comparable, CaseIterable {
        case approve
        /// A person decides.
        case ask
        case hold
        case reject

        public static func < (a: Effect, b: Effect) -> Bool { a.rank < b.rank }

        private var rank: Int {
            switch self {
            case .approve: 0
            case .ask: 1
            case .hold: 2
            case .reject: 3
            }
        }

        /// Where something stands after it.
        public var state: ModerationState {
            switch self {
            case .approve: .approved
            case .ask: .pending
            case .hold: .held
            case .reject: .rejected
            }
        }
    }

    public enum Condition: Hashable, Sendable, Codable {
        case always
        /// It is of one of these accounts.
        case account(Set<UserID>)
        /// The same, by the handles that they had when the post was read.
        case handle(Set<Handle>)
        /// Any of the patterns stands in the text.
        case words([WordPattern])
        /// None of them does.
        case withoutWords([WordPattern])
        /// A medium of one of these types is attached: `photo`, `video`, `animated_gif`.
        case media(Set<String>)
        /// It is in one of these languages.
        case language(Set<String>)
        /// It is in another language, or in none that is known.
        case otherLanguage(Set<String>)
        case sensitive
        case kind(Set<ModeratedKind>)
        /// So many of the account were approved within the last hour, or more.
        case hourlyRate(Int)
        /// All of these hold.
        case all([Condition])
        /// One of these does.
        case any([Condition])
    }
}

/// What a post is in regard to others.
public enum ModeratedKind: String, Hashable, Sendable, Codable, CaseIterable {
    case original, reply, quote, repost

    /// A reply that quotes counts as a reply.
    public init(_ post: Post) {
        let kinds = post.references.map(\.kind)
        if kinds.contains(.retweeted) {
            self = .repost
        } else if kinds.contains(.repliedTo) {
            self = .reply
        } else {
            self = kinds.contains(.quoted) ? .quote : .original
        }
    }
}
