// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// A post without references, media and links.
    func plain(_ draft: XDraft, by user: XUser, id: XPostID, versions: [XPostID]) -> XPost {
        XPost(
            id: id, author: user.id, createdAt: min(draft.at ?? now, now), text: draft.text, longText: nil,
            conversation: versions[0], inReplyToUser: nil, references: [], mediaKeys: draft.mediaKeys,
            poll: nil,
            links: [], mentioned: [:], versions: versions, language: draft.language, source: draft.source,
            replySettings: draft.replySettings, isSensitive: draft.isSensitive, withheld: draft.withheld,
            metrics: draft.metrics)
    }

    /// A post with all that belongs to it. Its text has t.co links for links, the quoted post and the media.
    mutating func compose(
        _ draft: XDraft, by user: XUser, id: XPostID, versions: [XPostID]
    ) throws(XRefusal) -> XPost {
        var post = plain(draft, by: user, id: id, versions: versions)
        if let target = draft.inReplyTo.flatMap({ posts[$0] }), let whom = users[target.author] {
            post.references.append(.init(kind: .repliedTo, id: target.id))
            post.conversation = target.conversation
            post.inReplyToUser = whom.id
            let handle = "@\(whom.username)"
            if draft.namesWhomItAnswers, whom.id != user.id {
                if !post.text.lowercased().hasPrefix(handle.lowercased() + " ") {
                    post.text = "\(handle) \(post.text)"
                }
                post.hiddenPrefix = handle.unicodeScalars.count + 1
            }
        }
        (post.text, post.links) = shorten(linksOf: post.text)
        if let target = draft.quoting.flatMap({ posts[$0] }), let whom = users[target.author] {
            post.references.append(.init(kind: .quoted, id: target.id))
            append(
                to: &post, "https://x.com/\(whom.username)/status/\(target.id)",
                "x.com/\(whom.username)/status/…")
        }
        post.mentioned = mentions(in: post.text)
        let isLong = weight(of: post.text) > limits.textLength
        if isLong {
            post.longText = post.text
            post.text = beginning(of: post.text, length: limits.textLength - 25)
        }
        attachMedia(draft.mediaKeys, to: &post, of: user)
        if !draft.pollOptions.isEmpty {
            post.poll = XPoll(
                id: makeID(), options: draft.pollOptions.map { .init(label: $0, votes: 0) },
                minutes: draft.pollMinutes, endsAt: post.createdAt + .seconds(draft.pollMinutes * 60))
        }
        return post
    }

    /// All media of a post share one link at its end, and each has its entry.
    private mutating func attachMedia(_ keys: [String], to post: inout XPost, of user: XUser) {
        guard let first = keys.first, let kind = media[first]?.kind else { return }
        let page = kind == .photo ? "photo/1" : "video/1"
        let target = "https://x.com/\(user.username)/status/\(post.id)/\(page)"
        append(to: &post, target, "")
        guard var link = post.links.popLast() else { return }
        link.display = "pic.x.com/\(link.code)"
        for key in keys {
            link.mediaKey = key
            post.links.append(link)
        }
        if post.longText != nil { post.longText?.append(" \(shortLink(link.code))") }
    }

    private mutating func append(to post: inout XPost, _ expanded: String, _ display: String) {
        let code = shorten(expanded)
        post.text += post.text.isEmpty ? shortLink(code) : " \(shortLink(code))"
        post.links.append(.init(code: code, expanded: expanded, display: display, mediaKey: nil))
    }

    /// Makes a t.co code for a link.
    mutating func shorten(_ expanded: String) -> String {
        let code = chance.word(10)
        links.set(code, expanded, bound: limits.links)
        return code
    }

    func shortLink(_ code: String) -> String { settings.shortLinkBase + code }

    /// Who is named in a text, by lower-case handle; handles that nobody has are left out.
    func mentions(in text: String) -> [String: XUserID] {
        var found: [String: XUserID] = [:]
        for mark in TextMark.all(in: text) where mark.kind == .mention {
            let handle = mark.word.lowercased()
            found[handle] = handles[handle]
        }
        return found
    }

    private mutating func shorten(linksOf text: String) -> (text: String, links: [XPost.Link]) {
        var (rest, links): (String, [XPost.Link]) = ("", [])
        var pending = text[...]
        while let range = TextMark.firstLink(in: pending) {
            let expanded = String(pending[range])
            let code = shorten(expanded)
            rest += pending[..<range.lowerBound] + shortLink(code)
            links.append(.init(code: code, expanded: expanded, display: display(of: expanded), mediaKey: nil))
            pending = pending[range.upperBound...]
        }
        return (rest + pending, links)
    }

    /// Code points, a t.co link counting as 23.
    private func weight(of text: String) -> Int {
        var weight = text.unicodeScalars.count
        var pending = text[...]
        while let range = TextMark.firstLink(in: pending) {
            weight += 23 - pending[range].unicodeScalars.count
            pending = pending[range.upperBound...]
        }
        return weight
    }
}

/// A link as X shows it: without scheme and `www.`, 26 characters and `…`.
private func display(of link: String) -> String {
    var shown = link[...]
    for prefix in ["https://", "http://", "www."] where shown.hasPrefix(prefix) {
        shown = shown.dropFirst(prefix.count)
    }
    if shown.hasSuffix("/") { shown = shown.dropLast() }
    return shown.count > 27 ? shown.prefix(26) + "…" : String(shown)
}

/// The first code points of a text with `…`, or all of it.
func beginning(of text: String, length: Int) -> String {
    guard text.unicodeScalars.count > length else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(length - 1))) + "…"
}
