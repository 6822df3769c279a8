// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension SearchQuery {
    /// Whether a post is found. Words, handles, tags and links do not find reposts, as since May 2026.
    func matches(_ post: XPost, in world: borrowing XWorld) -> Bool {
        switch self {
        case .any(let parts): return parts.contains { $0.matches(post, in: world) }
        case .all(let parts): return parts.allSatisfy { $0.matches(post, in: world) }
        case .not(let part): return !part.matches(post, in: world)
        case .mention(let handle):
            return post.reference(.reposted) == nil && post.mentioned[handle] != nil
        case .to(let name): return post.inReplyToUser != nil && post.inReplyToUser == world.account(name)
        case .from(let name): return post.author == world.account(name)
        case .repostsOf(let name):
            guard let target = post.reference(.reposted), let original = world.posts[target] else {
                return false
            }
            return original.author == world.account(name)
        case .quotes(let id): return post.reference(.quoted) == id
        case .replies(let id): return post.reference(.repliedTo) == id
        case .conversation(let id): return post.conversation == id
        case .url(let piece):
            return post.reference(.reposted) == nil
                && post.links.contains { $0.expanded.lowercased().contains(piece) }
        case .hashtag(let tag): return Self.has(post, .hashtag, tag)
        case .cashtag(let tag): return Self.has(post, .cashtag, tag)
        case .word(let word):
            return post.reference(.reposted) == nil
                && (post.longText ?? post.text).lowercased().contains(word)
        case .isRepost: return post.reference(.reposted) != nil
        case .isReply: return post.reference(.repliedTo) != nil
        case .isQuote: return post.reference(.quoted) != nil
        case .hasMedia: return !post.mediaKeys.isEmpty
        case .hasLinks: return !post.links.isEmpty
        case .language(let code): return post.language == code
        }
    }

    private static func has(_ post: XPost, _ kind: TextMark.Kind, _ tag: String) -> Bool {
        post.reference(.reposted) == nil
            && TextMark.all(in: post.longText ?? post.text).contains {
                $0.kind == kind && $0.word.lowercased() == tag
            }
    }
}

extension XWorld {
    /// An account by its lower-case handle or its number.
    func account(_ name: String) -> XUserID? {
        handles[name] ?? Snowflake.id(name).flatMap { users[$0]?.id }
    }
}
