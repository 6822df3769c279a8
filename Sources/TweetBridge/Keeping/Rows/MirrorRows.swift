// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// The event that mirrors a version of a post.
public struct MirrorRow: Hashable, Sendable, Codable {
    /// 64 hexadecimal digits each.
    public var event: String
    public var pubkey: String
    public var kind: UInt16
    /// Of the configuration that it was made under.
    public var epoch: UInt32
    /// The first version of the post's chain.
    public var first: PostID
    /// What was approved, where that was needed.
    public var moderation: UInt64?
    /// **Milliseconds** since 1970.
    public var at: Int64
    /// The kind 5 that took it back, 64 hexadecimal digits.
    public var deletion: String?

    public var id: EventID? { EventID(hex: event) }
    public var author: PublicKey? { PublicKey(hex: pubkey) }
    /// Whether it was not taken back.
    public var isStanding: Bool { deletion == nil }
}

/// What an event of ours mirrors.
public struct MirroredRow: Hashable, Sendable, Codable {
    public var post: PostID?
    public var user: UserID?
    public var kind: UInt16
    public var epoch: UInt32
    /// The kind 5 that took it back, 64 hexadecimal digits; of a post's event, ``MirrorRow/deletion`` tells.
    public var deletion: String?
}
