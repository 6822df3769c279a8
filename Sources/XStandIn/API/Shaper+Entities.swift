// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Shaper {
    /// Links, handles and tags of a text that belongs to a post. Offsets count code points of the text as it is served.
    func entities(of text: String, in post: XPost) -> JSON? {
        let served = world.settings.hasWrongOffsets ? text : escaped(text)
        var json = ObjectBuilder()
        let urls = post.links.compactMap { link in
            place(of: world.shortLink(link.code), in: served).map { entity(of: link, at: $0) }
        }
        if !urls.isEmpty { json["urls"] = .array(urls) }
        let marks = TextMark.all(in: served)
        let mentions = marks.filter { $0.kind == .mention }
        if !mentions.isEmpty {
            json["mentions"] = .array(
                mentions.map { mark in
                    var json = span(mark.start, mark.end, served)
                    json["username"] = .text(mark.word)
                    json["id"] = post.mentioned[mark.word.lowercased()].map { .id($0) }
                    return json.json
                })
        }
        for (kind, name) in [(TextMark.Kind.hashtag, "hashtags"), (.cashtag, "cashtags")] {
            let tags = marks.filter { $0.kind == kind }
            guard !tags.isEmpty else { continue }
            json[name] = .array(
                tags.map { mark in
                    var json = span(mark.start, mark.end, served)
                    json["tag"] = .text(mark.word)
                    return json.json
                })
        }
        return json.isEmpty ? nil : json.json
    }

    /// The link of a profile, and the tags of its description.
    func entities(of user: XUser) -> JSON? {
        var json = ObjectBuilder()
        if let code = user.websiteCode, let website = user.website {
            let link = XPost.Link(code: code, expanded: website, display: website, mediaKey: nil)
            let length = world.shortLink(code).unicodeScalars.count
            json["url"] = ["urls": [entity(of: link, at: (0, length, world.shortLink(code)))]]
        }
        let served = escaped(user.bio)
        let mentions = TextMark.all(in: served).filter { $0.kind == .mention }
        if !mentions.isEmpty {
            json["description"] = [
                "mentions": .array(
                    mentions.map { mark in
                        var json = span(mark.start, mark.end, served)
                        json["username"] = .text(mark.word)
                        return json.json
                    })
            ]
        }
        return json.isEmpty ? nil : json.json
    }

    private func entity(of link: XPost.Link, at place: (start: Int, end: Int, text: String)) -> JSON {
        var json = span(place.start, place.end, place.text)
        json["url"] = .text(world.shortLink(link.code))
        json["expanded_url"] = .text(link.expanded)
        json["display_url"] = .text(link.display)
        if link.mediaKey == nil, !link.expanded.hasPrefix("https://x.com/") {
            json["unwound_url"] = .text(link.expanded)
            json["status"] = 200
        }
        json["media_key"] = link.mediaKey.map { .text($0) }
        return json.json
    }

    /// Code points before and after the first place where a link stands.
    private func place(of link: String, in text: String) -> (start: Int, end: Int, text: String)? {
        guard let range = firstRange(of: link, in: text) else { return nil }
        let start = text[..<range.lowerBound].unicodeScalars.count
        return (start, start + link.unicodeScalars.count, text)
    }

    private func span(_ start: Int, _ end: Int, _ text: String) -> ObjectBuilder {
        var json = ObjectBuilder()
        json["start"] = .number(Int64(offset(start, in: text)))
        json["end"] = .number(Int64(offset(end, in: text)))
        return json
    }

    /// Code points of a text up to the link of its media, which is not shown.
    func shownEnd(of post: XPost) -> Int {
        let served = escaped(post.text)
        guard let link = post.links.first(where: { $0.mediaKey != nil }),
            let place = place(of: world.shortLink(link.code), in: served)
        else { return served.unicodeScalars.count }
        return max(post.hiddenPrefix, place.start - 1)
    }

    /// Code points, or UTF-16 units where the settings say that offsets are wrong.
    private func offset(_ place: Int, in text: String) -> Int {
        guard world.settings.hasWrongOffsets else { return place }
        return text.unicodeScalars.prefix(place).reduce(0) { $0 + ($1.value > 0xFFFF ? 2 : 1) }
    }
}

/// The first place of a piece of text, compared byte by byte.
func firstRange(of piece: String, in text: String) -> Range<String.Index>? {
    let (bytes, wanted) = (text.utf8, Array(piece.utf8))
    guard let first = wanted.first else { return nil }
    var from = bytes.startIndex
    while let found = bytes[from...].firstIndex(of: first) {
        if bytes[found...].starts(with: wanted) { return found..<bytes.index(found, offsetBy: wanted.count) }
        from = bytes.index(after: found)
    }
    return nil
}
