// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A post as X describes it, in the words of its older vocabulary; what was not asked for or is not there is `nil` or empty.
public struct Post: Hashable, Sendable, Codable {
    public var id: PostID
    /// As sent: HTML-escaped, and shortened where ``longText`` is there.
    public var text: String
    public var author: UserID?
    /// **Milliseconds** since 1970.
    public var createdAt: Int64?
    /// Every version, oldest first; this one is the last unless a newer one was made since.
    public var versions: [PostID] = []
    public var conversation: PostID?
    public var inReplyTo: UserID?
    public var references: [Reference] = []
    public var mediaKeys: [String] = []
    public var polls: [String] = []
    public var language: String?
    public var isSensitive = false
    public var replySettings: String?
    public var source: String?
    public var entities = Entities()
    /// The whole of a post of more than 280 characters, with entities of its own (`note_tweet`).
    public var longText: LongText?
    public var editing: EditControls?
    public var metrics: Metrics?
    public var withheld: Withholding?

    public init(id: PostID, text: String) {
        self.id = id
        self.text = text
    }

    /// A post that this one is about.
    public struct Reference: Hashable, Sendable, Codable {
        public var kind: Kind
        public var id: PostID

        public init(_ kind: Kind, _ id: PostID) {
            self.kind = kind
            self.id = id
        }

        public enum Kind: String, Hashable, Sendable, Codable {
            case retweeted, quoted
            case repliedTo = "replied_to"
        }
    }

    public struct LongText: Hashable, Sendable, Codable {
        public var text: String
        public var entities: Entities

        public init(text: String, entities: Entities = Entities()) {
            self.text = text
            self.entities = entities
        }
    }

    public struct EditControls: Hashable, Sendable, Codable {
        public var remaining: Int
        public var isEligible: Bool
        /// **Milliseconds** since 1970.
        public var editableUntil: Int64

        public init(remaining: Int, isEligible: Bool, editableUntil: Int64) {
            self.remaining = remaining
            self.isEligible = isEligible
            self.editableUntil = editableUntil
        }
    }

    public struct Metrics: Hashable, Sendable, Codable {
        public var reposts = 0
        public var replies = 0
        public var likes = 0
        public var quotes = 0
        public var bookmarks: Int?
        public var impressions: Int?

        public init() {}
    }

    public struct Withholding: Hashable, Sendable, Codable {
        public var isForCopyright: Bool
        public var countries: [String]

        public init(isForCopyright: Bool, countries: [String]) {
            self.isForCopyright = isForCopyright
            self.countries = countries
        }
    }
}

/// What X found in a text. Offsets count Unicode scalars and are not to be trusted: they only give an order.
public struct Entities: Hashable, Sendable, Codable {
    public var urls: [Link] = []
    public var mentions: [Mention] = []
    public var hashtags: [String] = []
    public var cashtags: [String] = []

    public init() {}

    public struct Link: Hashable, Sendable, Codable {
        public var start: Int
        public var end: Int
        /// The short link that stands in the text.
        public var short: String
        public var expanded: String?
        public var display: String?
        public var unwound: String?
        public var title: String?
        /// Set where the link stands for a medium of the post itself.
        public var mediaKey: String?

        public init(start: Int, end: Int, short: String) {
            self.start = start
            self.end = end
            self.short = short
        }
    }

    public struct Mention: Hashable, Sendable, Codable {
        public var start: Int
        public var end: Int
        public var handle: String
        public var user: UserID?

        public init(start: Int, end: Int, handle: String, user: UserID?) {
            self.start = start
            self.end = end
            self.handle = handle
            self.user = user
        }
    }
}
