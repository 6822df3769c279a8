// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The text of a post as nostrweet shows it: with Markdown for links, and addresses of media where their links were.
struct NostrweetText {
    let text: String
    let people: [PublicKey]
    /// The media that stand in the text.
    let usedURLs: Set<String>

    init(_ post: Post, mediaURLs: [String], _ keys: [UserID: PublicKey]) {
        let pieces = PostText(
            post.longText?.text ?? post.text, links: LinkTable(post.entities.urls),
            mentions: MentionTable(post.entities.mentions))
        var used: Set<String> = []
        text = pieces.joined { link in
            guard let expanded = link.expanded, expanded != link.short else { return link.short }
            let markdown = "[\(Self.escaped(link.display ?? ""))](\(expanded))"
            guard Self.isMedia(expanded, display: link.display ?? "") else {
                return WebLink.isURL(expanded) ? markdown : link.short
            }
            let url = expanded.contains("/video/") ? mediaURLs.last : mediaURLs.first
            guard let url, link.short.contains("t.co") else { return markdown }
            used.insert(url)
            return url
        } mention: { handle, user in
            user.flatMap { keys[$0]?.uri } ?? handle
        }
        usedURLs = used
        people = pieces.mentionedUsers.compactMap { keys[$0] }
    }

    private static func isMedia(_ expanded: String, display: String) -> Bool {
        expanded.contains("/photo/") || expanded.contains("/video/")
            || expanded.contains("/status/") && display.hasPrefix("pic.")
            || display.hasPrefix("pic.twitter.com") || display.hasPrefix("video.twimg.com")
    }

    private static func escaped(_ display: String) -> String {
        display.reduce(into: "") { text, character in
            if "[]()".contains(character) { text.append("\\") }
            text.append(character)
        }
    }
}

extension NostrweetText {
    /// The addresses of a post's media; where there are none, links to films, those of the posts that it refers to as well.
    static func mediaURLs(of snapshot: Snapshot) -> [String] {
        var urls = snapshot.media.compactMap(\.nostrweetURL)
        if urls.isEmpty {
            let posts = [snapshot.post] + snapshot.referenced.map(\.post)
            urls = posts.flatMap { post in
                post.entities.urls.sorted { ($0.start, $0.short) < ($1.start, $1.short) }.map {
                    $0.expanded ?? $0.short
                }
            }.filter {
                $0.contains("video") && ($0.contains("twitter.com") || $0.contains("x.com"))
            }
        }
        return urls.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// The medium whose address this is.
    static func key(of url: String, in snapshot: Snapshot) -> String? {
        snapshot.media.first { $0.nostrweetURL == url }?.key
    }
}

extension Media {
    /// The film of the highest bit rate; of equals, the last.
    fileprivate var nostrweetURL: String? {
        if let url { return url }
        guard type == "video" || type == "animated_gif", !variants.isEmpty else { return preview }
        var best: Variant?
        for variant in variants {
            if let rate = variant.bitRate, rate >= best?.bitRate ?? 0 { best = variant }
        }
        return best?.url
    }
}

extension PostText {
    /// Puts the pieces together again and changes nothing else.
    fileprivate func joined(
        link: (LinkTable.Target) -> String, mention: (String, UserID?) -> String
    ) -> String {
        pieces.map { piece in
            switch piece {
            case .plain(let text): text
            case .link(let target): link(target)
            case .mention(let handle, let user): mention(handle, user)
            }
        }.joined()
    }
}
