// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An account as X describes it.
public struct User: Hashable, Sendable, Codable {
    public var id: UserID
    public var handle: String
    public var name: String
    /// **Milliseconds** since 1970.
    public var createdAt: Int64?
    public var about: String?
    public var location: String?
    /// A short link.
    public var url: String?
    /// What X found in ``url`` and in ``about``.
    public var urlLinks: [Entities.Link] = []
    public var aboutLinks: [Entities.Link] = []
    public var picture: String?
    public var banner: String?
    public var isProtected = false
    public var isVerified: Bool?
    public var verifiedType: String?
    public var metrics: Metrics?
    public var pinned: PostID?

    public init(id: UserID, handle: String, name: String) {
        self.id = id
        self.handle = handle
        self.name = name
    }

    public struct Metrics: Hashable, Sendable, Codable {
        public var followers = 0
        public var following = 0
        public var posts = 0
        public var listed = 0

        public init() {}
    }
}
