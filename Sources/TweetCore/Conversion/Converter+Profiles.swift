// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension Converter {
    /// What the mirror of an account says of itself (kind 0).
    ///
    /// - Parameters:
    ///   - time: when it is said; see ``Draft/contentHash`` for whether it needs to be.
    ///   - ownKey: under which the account's owner writes on Nostr, where that was proved.
    public func profile(
        of user: User, by author: PublicKey, at time: Timestamp, movedTo ownKey: PublicKey? = nil
    ) -> Draft {
        var fields = JSONFields()
        fields.add("name", user.handle)
        fields.add("display_name", user.name.isEmpty ? user.handle : HTMLText.decoded(user.name))
        fields.add("about", user.shownAbout + (ownKey.map { "\nOn Nostr they write as \($0.uri)" } ?? ""))
        fields.add("picture", user.largePicture)
        fields.add("banner", user.banner)
        fields.add("website", user.website)
        fields.add("nip05", nip05Name(of: user).map { "\($0)@\(settings.nip05Domain)" })
        fields.add("bot", true)
        var tags = TagList()
        if let ownKey { tags.add(person: ownKey) }
        tags.add("proxy", "https://x.com/i/user/\(user.id)", "web")
        let event = UnsignedEvent(
            pubkey: author, createdAt: time, kind: .metadata, tags: tags.tags, content: fields.text)
        return Draft(event, for: .profile(user.id))
    }

    /// The part before the `@` of a mirror's name (NIP-05); `nil` where mirrors have no names.
    public func nip05Name(of user: User) -> String? {
        settings.nip05Domain.isEmpty ? nil : Handle(user.handle)?.folded
    }

    /// Where the mirror's events are published (NIP-65). Nobody reads what is sent to a mirror, so these are for
    /// writing alone.
    public func relayList(
        of user: UserID, by author: PublicKey, relays: [RelayURL], at time: Timestamp
    ) -> Draft {
        var tags = TagList()
        for relay in relays { tags.addOnce("r", relay.text, "write") }
        let event = UnsignedEvent(pubkey: author, createdAt: time, kind: .relayList, tags: tags.tags)
        return Draft(event, for: .relays(user))
    }

    /// Where the mirror's media are kept, the most trusted first (NIP-B7, kind 10063).
    public func mediaServerList(
        of user: UserID, by author: PublicKey, servers: [String], at time: Timestamp
    ) -> Draft {
        var tags = TagList()
        for server in servers { tags.addOnce("server", server) }
        let event = UnsignedEvent(pubkey: author, createdAt: time, kind: .mediaServers, tags: tags.tags)
        return Draft(event, for: .mediaServers(user))
    }
}

extension Kind {
    /// NIP-B7: where an account keeps its media.
    public static let mediaServers: Kind = 10063
}

extension User {
    /// The description with whole links, and a line that says what this is.
    fileprivate var shownAbout: String {
        let mirror = "This account mirrors https://x.com/\(handle)"
        guard let about else { return mirror }
        let text = PostText(about, links: LinkTable(aboutLinks), mentions: MentionTable()).plain()
        return text.isEmpty ? mirror : "\(text)\n\n\(mirror)"
    }

    /// X shows 48 pixels by default; without the suffix, the picture as it was uploaded.
    fileprivate var largePicture: String? {
        guard let picture, let dot = picture.lastIndex(of: ".") else { return picture }
        let name = picture[..<dot]
        return name.hasSuffix("_normal") ? String(name.dropLast(7) + picture[dot...]) : picture
    }

    fileprivate var website: String? {
        guard let url, !url.isEmpty else { return nil }
        return LinkTable(urlLinks).target(of: url) ?? url
    }
}
