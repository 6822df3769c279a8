// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A post in the words of Nostr: a note (NIP-10) or a repost (NIP-18).
struct NativePost {
    let snapshot: Snapshot
    let author: PublicKey
    let resolution: Resolution
    let settings: ConversionSettings

    init(_ snapshot: Snapshot, author: PublicKey, _ resolution: Resolution, _ settings: ConversionSettings) {
        (self.snapshot, self.author, self.resolution, self.settings) = (
            snapshot, author, resolution, settings
        )
    }

    var post: Post { snapshot.post }

    func fill(_ event: inout UnsignedEvent) {
        let repost = post.references.first { $0.kind == .retweeted }?.id
        let target = repost.flatMap { resolution.events[$0] }
        if let repost {
            if let target, settings.reposts != .asQuotes {
                fill(&event, reposting: target)
            } else {
                fill(&event, telling: repost, of: target)
            }
        } else {
            NativeNote(self).fill(&event)
        }
    }

    /// Kind 6, or 16 for what is no note.
    private func fill(_ event: inout UnsignedEvent, reposting target: MirroredEvent) {
        event.kind = target.kind == .textNote ? .repost : .genericRepost
        event.content = target.json.map { String(decoding: $0, as: UTF8.self) } ?? ""
        var tags = TagList()
        tags.add("e", target.id.hex, target.relay)
        tags.add(person: target.pubkey)
        if event.kind == .genericRepost { tags.add("k", target.kind.description) }
        addOrigin(to: &tags)
        event.tags = tags.tags
    }

    /// Kind 1, for a repost of what has no event, and where reposts are to be quotes.
    private func fill(_ event: inout UnsignedEvent, telling id: PostID, of target: MirroredEvent?) {
        var tags = TagList()
        let known = snapshot.referenced(.retweeted)
        if let target {
            event.content = written("", [target.uri])
            tags.add("q", target.id.hex, target.relay, target.pubkey.hex)
            tags.add(person: target.pubkey)
        } else {
            let told = RepostText(post)
            let media = known?.shownMedia(resolution) ?? []
            let excerpt = known.map { Excerpt(of: $0, hidesMedia: !media.isEmpty).text }
            let user = known?.post.author ?? told.user
            let whose = name(of: user, handle: known?.author?.handle ?? told.handle) ?? "a post"
            let me = snapshot.author.map { "@\($0.handle)" } ?? "This account"
            event.content = written(
                "🔁 \(me) reposted \(whose):",
                [excerpt ?? told.excerpt, media.map(\.url).joined(separator: "\n"), id.url])
            if let key = user.flatMap({ resolution.keys[$0] }) { tags.add(person: key) }
            for one in media where !one.description.isEmpty { tags.add(["imeta"] + one.description) }
        }
        addWarning(to: &tags, also: known?.post.isSensitive ?? false)
        addOrigin(to: &tags)
        event.tags = tags.tags
    }
}

extension NativePost {
    /// An account in a text: by its key where it has one, else by its handle.
    func name(of user: UserID?, handle: String?) -> String? {
        if let key = user.flatMap({ resolution.keys[$0] }) { return key.uri }
        return handle.flatMap { $0.isEmpty ? nil : "@\($0)" }
    }

    /// A text and what follows it, as far as there is any, with a line between the parts.
    func written(_ text: String, _ parts: [String]) -> String {
        ([settings.dressed(text)] + parts).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// NIP-36.
    func addWarning(to tags: inout TagList, also isSensitive: Bool = false) {
        if post.isSensitive || isSensitive { tags.add("content-warning", "marked as sensitive on X") }
    }

    /// Which post this was (NIP-32, NIP-48), and who made the event.
    func addOrigin(to tags: inout TagList) {
        tags.add("L", settings.namespace)
        tags.add("l", "twitter:\(post.firstVersion)", settings.namespace)
        if settings.tellsLanguage, let language = LanguageCode.code(of: post.language) {
            tags.add("L", "ISO-639-1")
            tags.add("l", language, "ISO-639-1")
        }
        tags.add("r", WebLink.nostrweetReference(post.id))
        tags.add("proxy", post.id.url, "web")
        if !settings.client.isEmpty { tags.add("client", settings.client) }
    }
}

extension MirroredEvent {
    /// `nostr:nevent1…` (NIP-21).
    var uri: String {
        let entity = NIP19Entity.nevent(id, relays: relay.isEmpty ? [] : [relay], author: pubkey, kind: kind)
        let bare = NIP19Entity.note(id)
        return "nostr:\(entity.bech32 ?? bare.bech32 ?? id.hex)"
    }
}

extension PublicKey {
    /// `nostr:npub1…` (NIP-21).
    var uri: String { "nostr:\(npub)" }
}
