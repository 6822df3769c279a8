// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One answer of X that lists posts, joined: every post has what the answer said about it.
public struct PostPage: Hashable, Sendable {
    /// In the order of the answer: newest first.
    public var posts: [ReadPost] = []
    /// Every account that the answer described.
    public var users: [User] = []
    public var newest: PostID?
    public var oldest: PostID?
    /// Where the next page begins; opaque. Its absence alone means the end.
    public var next: String?
    /// What was asked for and not given.
    public var problems: [Problem] = []
    /// What came along without being listed (`includes`): it may cost money.
    public var included = Included()

    public init() {}

    public struct Included: Hashable, Sendable {
        public var posts: [PostID] = []
        public var users: [UserID] = []

        public init() {}
    }
}

/// A post as it was read.
public struct ReadPost: Hashable, Sendable, Codable {
    public var snapshot: Snapshot
    /// The post's own object in the answer, as sent.
    public var raw: [UInt8]

    public init(_ snapshot: Snapshot, raw: [UInt8]) {
        self.snapshot = snapshot
        self.raw = raw
    }

    public var id: PostID { snapshot.post.id }
}

/// Something that X did not give, and why (`errors` in an answer).
public struct Problem: Hashable, Sendable, Codable {
    public var title: String
    public var detail: String
    /// The last path segment of the problem's type, for example `resource-not-found`.
    public var type: String
    public var parameter: String?
    /// What was asked for: an id or a handle.
    public var value: String?
    /// `tweet`, `post`, `user`, …
    public var resource: String?
    /// Where it was missing, for example `includes`.
    public var section: String?

    public init(title: String, detail: String, type: String) {
        self.title = title
        self.detail = detail
        self.type = type
    }
}

/// Why a post or an account is not to be had.
public enum Absence: String, Hashable, Sendable, Codable {
    case deleted, suspended, protected, withheld, unknown
}
