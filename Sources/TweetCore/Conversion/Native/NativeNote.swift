// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A post that is no repost, as a note.
struct NativeNote {
    private let context: NativePost
    private let post: Post
    private let place: ThreadPlace
    private let media: [ShownMedia]
    private let quoted: PostID?
    private let quotedEvent: MirroredEvent?
    private let text: PostText

    init(_ context: NativePost) {
        self.context = context
        post = context.post
        place = ThreadPlace(of: post, context.resolution)
        media = context.snapshot.shownMedia(context.resolution)
        quoted = post.references.first { $0.kind == .quoted }?.id
        quotedEvent = quoted.flatMap { context.resolution.events[$0] }
        text = PostText(post)
    }

    func fill(_ event: inout UnsignedEvent) {
        event.content = content
        var tags = TagList()
        place.add(to: &tags)
        if let quotedEvent { tags.add("q", quotedEvent.id.hex, quotedEvent.relay, quotedEvent.pubkey.hex) }
        for person in people { tags.add(person: person) }
        for one in media where !one.description.isEmpty { tags.add(["imeta"] + one.description) }
        for hashtag in hashtags { tags.add("t", hashtag) }
        context.addWarning(to: &tags)
        context.addOrigin(to: &tags)
        event.tags = tags.tags
    }

    // MARK: Content

    private var content: String {
        let polls = context.snapshot.polls.map(\.text)
        let links = media.map(\.url).joined(separator: "\n")
        let (own, hasQuote) = ownText
        let parts = polls + [links, hasQuote ? "" : quotation, parentLine]
        // A reply of nothing but handles keeps them.
        let isBare = own.isEmpty && parts.allSatisfy(\.isEmpty)
        return context.written(isBare ? text.plain() : own, parts)
    }

    /// The text as it is shown, and whether the quoted post stands in it.
    private var ownText: (String, hasQuote: Bool) {
        var hasQuote = false
        let text = text.withoutLeadingMentions(where: isTold).written { link in
            if link.isOwnMedia(of: post), isShown(link) { return nil }
            guard let quoted, StatusLink(link.expanded ?? link.url)?.post == quoted else { return link.url }
            guard let quotedEvent else { return nil }
            // Once is enough.
            defer { hasQuote = true }
            return hasQuote ? nil : quotedEvent.uri
        } mention: { handle, user in
            user.flatMap { context.resolution.keys[$0]?.uri } ?? handle
        }
        return (text, hasQuote)
    }

    /// Whether the media that a link stands for are shown: a link to others remains, and one to a film of which only a
    /// still is shown.
    private func isShown(_ link: LinkTable.Target) -> Bool {
        let meant = link.mediaKeys.isEmpty ? media : media.filter { link.mediaKeys.contains($0.key) }
        return !meant.isEmpty && meant.allSatisfy(\.isWhole)
    }

    /// Whether a mention at the beginning of a reply is told by a tag or by the line about what is answered.
    private func isTold(_ user: UserID?) -> Bool {
        guard post.references.contains(where: { $0.kind == .repliedTo }), let user else { return false }
        if user == post.inReplyTo, place.parent != nil || !parentLine.isEmpty { return true }
        return user == post.author || context.resolution.keys[user] != nil
    }

    /// The quoted post, where the text has no place for it.
    private var quotation: String {
        guard let quoted else { return "" }
        if let quotedEvent { return quotedEvent.uri }
        let known = context.snapshot.referenced(.quoted)
        let name = known.flatMap { context.name(of: nil, handle: $0.author?.handle) }
        let excerpt = known.map { Excerpt(of: $0, hidesMedia: false).text } ?? ""
        return ["Quoting \(name ?? "a post"):", excerpt, quoted.url].filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    /// What is answered, where that has no event.
    private var parentLine: String {
        guard context.settings.unknownParents == .linked, let parent = place.unknownParent else { return "" }
        let link = parent.url
        return parentName.map { "In reply to \($0): \(link)" } ?? "In reply to \(link)"
    }

    private var parentName: String? {
        let known = context.snapshot.referenced(.repliedTo)
        let user = known?.post.author ?? post.inReplyTo
        var handle = known?.author?.handle
        for case .mention(let written, user?) in text.pieces where handle == nil && user == post.inReplyTo {
            handle = String(written.dropFirst())
        }
        return context.name(of: user, handle: handle)
    }

    // MARK: Tags

    /// Whom this concerns: who is answered, mentioned and quoted, but for the author.
    private var people: [PublicKey] {
        let keys = context.resolution.keys
        var people = [place.parent?.author].compactMap(\.self)
        if place.unknownParent != nil, let key = post.inReplyTo.flatMap({ keys[$0] }) { people.append(key) }
        people += text.mentionedUsers.compactMap { keys[$0] }
        if let quotedEvent { people.append(quotedEvent.pubkey) }
        return people.filter { $0 != context.author }
    }

    /// Lower case, each once, in the order of their bytes.
    private var hashtags: [String] {
        let all = post.entities.hashtags + (post.longText?.entities.hashtags ?? [])
        let tags = Set(all.map { TagValue($0.lowercased()) }).filter { !$0.isEmpty }
        return tags.sorted().prefix(ConversionLimits.hashtags).map(\.string)
    }
}
