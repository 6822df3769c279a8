// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An account of the stand-in.
public struct XUser: Hashable, Sendable {
    /// Whether an account can be read, and what is said when it cannot.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        case active
        /// "User has been suspended".
        case suspended
        /// Left X by itself: as if it had never been there.
        case deactivated
    }

    public let id: XUserID
    /// The handle, without `@`; it may change and be taken by somebody else.
    public internal(set) var username: String
    public let createdAt: XInstant
    public var name: String
    public var bio = ""
    public var location = ""
    /// The full link of the profile; it is shown as a t.co link.
    public var website: String?
    public var pictureURL: String?
    public var bannerURL: String?
    /// Only who may read it sees the posts of a protected account.
    public var isProtected = false
    public var isVerified = false
    /// `none`, `blue`, `business` or `government`.
    public var verifiedType = "none"
    public var isParody = false
    public var standing = Standing.active
    public var pinned: XPostID?
    /// Countries (ISO 3166-1 alpha-2) where the account is withheld.
    public var withheldIn: [String] = []
    public var followers: Int64 = 0
    public var following: Int64 = 0

    /// The code of the t.co link that stands for ``website``.
    var websiteCode: String?

    init(id: XUserID, username: String, name: String, createdAt: XInstant) {
        self.id = id
        self.username = username
        self.name = name
        self.createdAt = createdAt
    }
}
