// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One version of a post.
///
/// An edit is a post of its own; all versions of one post share a chain (``versions``).
public struct XPost: Hashable, Sendable {
    /// What a post says about another.
    public struct Reference: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable {
            case repliedTo = "replied_to"
            case quoted
            case reposted = "retweeted"
        }

        public var kind: Kind
        public var id: XPostID
    }

    /// A link of the text, under its t.co name.
    public struct Link: Hashable, Sendable {
        /// The last part of the t.co link.
        public var code: String
        public var expanded: String
        public var display: String
        /// The medium this link stands for; four photos have one code and four links.
        public var mediaKey: String?
    }

    public struct Metrics: Hashable, Sendable {
        public var reposts: Int64 = 0
        public var replies: Int64 = 0
        public var likes: Int64 = 0
        public var quotes: Int64 = 0
        public var bookmarks: Int64 = 0
        public var impressions: Int64 = 0

        public init() {}
    }

    public let id: XPostID
    public let author: XUserID
    public let createdAt: XInstant
    /// The text as it was meant, `&` and all; links are t.co links. What is served is escaped.
    public var text: String
    /// The full text of a long post; ``text`` is its beginning then.
    public var longText: String?
    public var conversation: XPostID
    public var inReplyToUser: XUserID?
    public var references: [Reference]
    public var mediaKeys: [String]
    public var poll: XPoll?
    public var links: [Link]
    /// Who was called what when it was posted: lower-case handles.
    public var mentioned: [String: XUserID]
    /// Every version of this post, the oldest first; this one is among them.
    public var versions: [XPostID]
    public var language: String
    public var source: String
    public var replySettings: String
    public var isSensitive: Bool
    public var withheld: XWithheld?
    public var metrics = Metrics()
    /// The length of the handles of a reply that are not shown, in code points.
    var hiddenPrefix = 0

    /// Whether a newer version has taken its place.
    public var isSuperseded: Bool { versions.last != id }

    /// Who is named in it, and whom it answers.
    var addressees: Set<XUserID> {
        Set(mentioned.values).union(inReplyToUser.map { [$0] } ?? [])
    }

    /// The post of the given kind this one refers to.
    public func reference(_ kind: Reference.Kind) -> XPostID? {
        references.first { $0.kind == kind }?.id
    }
}

/// Where a post is not shown, and why.
public struct XWithheld: Hashable, Sendable {
    public var isCopyright: Bool
    /// ISO 3166-1 alpha-2.
    public var countries: [String]

    public init(isCopyright: Bool = false, countries: [String]) {
        self.isCopyright = isCopyright
        self.countries = countries
    }
}

/// The question a post asks.
public struct XPoll: Hashable, Sendable {
    public struct Option: Hashable, Sendable {
        public var label: String
        public var votes: Int64
    }

    public let id: UInt64
    public var options: [Option]
    public var minutes: Int64
    public var endsAt: XInstant
}
