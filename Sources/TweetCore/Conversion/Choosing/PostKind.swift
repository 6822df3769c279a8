// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a post is; it may be several.
public enum PostKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Neither reply, repost nor quote; the author's answers to themselves are such.
    case own
    /// To somebody else.
    case reply
    case repost, quote
    /// With a picture, a film or an animation.
    case media
}

extension Snapshot {
    /// What the post is.
    public var kinds: Set<PostKind> {
        var kinds: Set<PostKind> = []
        for reference in post.references {
            switch reference.kind {
            case .retweeted: kinds.insert(.repost)
            case .quoted: kinds.insert(.quote)
            case .repliedTo:
                if post.inReplyTo == nil || post.inReplyTo != post.author { kinds.insert(.reply) }
            }
        }
        if kinds.isEmpty { kinds.insert(.own) }
        let shown = kinds.contains(.repost) ? referenced(.retweeted) ?? self : self
        if !shown.media.isEmpty || !shown.post.mediaKeys.isEmpty { kinds.insert(.media) }
        return kinds
    }
}

extension Post {
    /// When it was made, in **milliseconds** since 1970; `nil` as for ``time``.
    var milliseconds: Int64? { createdAt ?? (time == nil ? nil : id.milliseconds) }
}
