// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// The account a body names: `user` is a handle or an id.
    func user(_ json: JSON) throws -> XUserID {
        guard let given = json["user"] else { throw AdminMistake("user is missing: a handle or an id") }
        if let name = given.string,
            let user = user(named: name.hasPrefix("@") ? String(name.dropFirst()) : name)
        {
            return user.id
        }
        if let id = given.id, users[id] != nil { return id }
        throw XRefusal.noSuchUser
    }

    func postID(_ json: JSON) throws -> XPostID {
        guard let id = json["id"]?.id else { throw AdminMistake("id is missing: that of a post") }
        return id
    }

    func draft(_ json: JSON) throws -> XDraft {
        var draft = XDraft(json["text"]?.string ?? "")
        draft.inReplyTo = json["reply_to"]?.id
        draft.quoting = json["quote"]?.id
        draft.mediaKeys = json["media"]?.items?.compactMap(\.string) ?? []
        draft.pollOptions = json["poll"]?.items?.compactMap(\.string) ?? []
        draft.pollMinutes = json["poll_minutes"]?.integer ?? draft.pollMinutes
        draft.language = json["lang"]?.string ?? draft.language
        draft.isSensitive = json["sensitive"]?.bool ?? false
        draft.withheld = withheld(json)
        if let text = json["at"]?.string {
            guard let instant = XInstant(iso: text), instant <= now else {
                throw AdminMistake("at is no moment of the past, such as 2026-08-15T12:00:00Z")
            }
            draft.at = instant
        }
        return draft
    }

    mutating func administerPost(_ json: JSON) throws -> JSON {
        let id = try post(try draft(json), by: try user(json))
        guard let post = posts[id], let author = users[post.author] else { throw XRefusal.noSuchPost }
        return [
            "id": .id(id), "text": .text(post.text),
            "url": .text("https://x.com/\(author.username)/status/\(id)"),
            "created_at": .text(post.createdAt.iso),
        ]
    }

    /// Makes an account, or changes the one that has the handle.
    mutating func administerUser(_ json: JSON) throws -> JSON {
        guard let username = json["username"]?.string else { throw AdminMistake("username is missing") }
        let id: XUserID
        if let known = user(named: username) {
            id = known.id
        } else if let given = json["id"]?.id, let known = users[given], known.username == username {
            id = known.id
        } else {
            id = try addUser(username, name: json["name"]?.string, id: json["id"]?.id)
        }
        try change(id) { user in
            if let text = json["name"]?.string { user.name = text }
            if let text = json["bio"]?.string { user.bio = text }
            if let text = json["location"]?.string { user.location = text }
            if let text = json["website"]?.string { user.website = text.isEmpty ? nil : text }
            if let text = json["picture"]?.string { user.pictureURL = text }
            if let text = json["banner"]?.string { user.bannerURL = text }
            if let value = json["protected"]?.bool { user.isProtected = value }
            if let text = json["verified_type"]?.string {
                user.verifiedType = text
                user.isVerified = text != "none"
            }
            if let post = json["pinned"]?.id { user.pinned = post }
            if let countries = json["withheld"]?.items { user.withheldIn = countries.compactMap(\.string) }
        }
        if let text = json["standing"]?.string {
            guard let standing = XUser.Standing(rawValue: text) else {
                throw AdminMistake("standing is active, suspended or deactivated")
            }
            try setStanding(standing, of: id)
        }
        if let text = json["rename_to"]?.string { try rename(id, to: text) }
        return users[id].map(Self.json) ?? .null
    }

    mutating func administerMark(_ json: JSON) throws {
        let id = try postID(json)
        guard let post = posts[id] else { throw XRefusal.noSuchPost }
        try mark(
            id, sensitive: json["sensitive"]?.bool ?? post.isSensitive,
            withheld: withheld(json) ?? post.withheld)
    }

    func metrics(_ json: JSON) throws -> XPost.Metrics {
        guard var metrics = posts[try postID(json)]?.metrics else { throw XRefusal.noSuchPost }
        metrics.likes = json["likes"]?.integer ?? metrics.likes
        metrics.reposts = json["reposts"]?.integer ?? metrics.reposts
        metrics.replies = json["replies"]?.integer ?? metrics.replies
        metrics.quotes = json["quotes"]?.integer ?? metrics.quotes
        metrics.bookmarks = json["bookmarks"]?.integer ?? metrics.bookmarks
        metrics.impressions = json["impressions"]?.integer ?? metrics.impressions
        return metrics
    }

    mutating func administerMedia(_ json: JSON) throws -> JSON {
        let name = json["type"]?.string ?? "photo"
        guard let kind = XMedia.Kind(rawValue: name) else {
            throw AdminMistake("type is photo, video or animated_gif")
        }
        var draft = XMediaDraft(
            kind, width: json["width"]?.integer ?? 64, height: json["height"]?.integer ?? 48,
            altText: json["alt_text"]?.string)
        draft.duration = json["duration_ms"]?.integer ?? draft.duration
        draft.size = Int(min(json["size"]?.integer ?? Int64(draft.size), Int64(limits.mediaBytes)))
        if let text = json["base64"]?.string {
            guard let bytes = Base64.bytes(text) else { throw AdminMistake("base64 is none") }
            draft.file = XFile(
                contentType: json["content_type"]?.string ?? (kind == .photo ? "image/jpeg" : "video/mp4"),
                bytes: bytes)
        }
        let key = try addMedia(draft)
        guard let medium = media[key] else { throw XRefusal.noSuchMedium }
        return [
            "media_key": .text(key), "url": .text(mediaURL(medium.path)),
            "variants": .array(medium.variants.map { .text(mediaURL($0.path)) }),
        ]
    }

    mutating func administerClock(_ json: JSON) throws -> JSON {
        if let text = json["to"]?.string {
            guard let instant = XInstant(iso: text) else {
                throw AdminMistake("to is no moment such as 2026-08-15T12:00:00Z")
            }
            advance(to: instant)
        } else {
            guard let seconds = json["advance_seconds"]?.integer, (0...1_000_000_000).contains(seconds) else {
                throw AdminMistake("advance_seconds is missing, or less than nothing")
            }
            advance(by: .seconds(seconds))
        }
        return ["now": .text(now.iso)]
    }

    mutating func administerTokens(_ json: JSON) throws -> JSON {
        let scopes = json["scopes"]?.string.map { Set($0.split(separator: " ").map(String.init)) }
        let tokens = try grant(
            try user(json), scopes: scopes ?? XWorld.usualScopes,
            client: json["client"]?.string ?? XWorld.confidentialClient.id)
        return [
            "access_token": .text(tokens.access), "refresh_token": tokens.refresh.map { .text($0) } ?? .null,
            "expires_at": .text(tokens.expiresAt.iso),
        ]
    }

    mutating func administerRates(_ json: JSON) throws {
        let credential: XCredential = json["user"] == nil ? .app : .user(try user(json), scopes: [])
        guard let route = json["route"]?.string, let remaining = json["remaining"]?.integer,
            leave(remaining, of: route, for: credential)
        else {
            throw AdminMistake("route and remaining are needed, such as \"GET /2/users/:id/tweets\" and 0")
        }
    }

    mutating func administerStream(_ json: JSON) throws {
        if let count = json["double"]?.integer { doubleEvents(Int(count)) }
        if let count = json["lose"]?.integer { loseEvents(Int(count)) }
        if let line = json["say"]?.string { sayOnStreams(line) }
        if json["drop"]?.bool == true { dropStreams() }
    }

    private func withheld(_ json: JSON) -> XWithheld? {
        json["withheld"]?.items.map { XWithheld(countries: $0.compactMap(\.string)) }
    }
}
