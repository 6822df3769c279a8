// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Things as JSON, with the fields that were asked for.
struct Shaper {
    let world: XWorld
    let selection: Selection

    /// The word of the answer for one of the old vocabulary.
    private func word(_ old: String) -> String {
        guard selection.words == .post else { return old }
        switch old {
        case "referenced_tweets": return "referenced_posts"
        case "edit_history_tweet_ids": return "edit_history_post_ids"
        case "note_tweet": return "note_post"
        case "retweet_count": return "repost_count"
        case "pinned_tweet_id": return "pinned_post_id"
        case "most_recent_tweet_id": return "most_recent_post_id"
        default: return old
        }
    }

    func post(_ post: XPost) -> JSON {
        let fields = selection.postFields
        var json = ObjectBuilder()
        json["id"] = .id(post.id)
        json["text"] = .text(escaped(post.text))
        json[word("edit_history_tweet_ids")] = .array(post.versions.map { .id($0) })
        if fields.contains("author_id") { json["author_id"] = .id(post.author) }
        if fields.contains("created_at") { json["created_at"] = .text(post.createdAt.iso) }
        if fields.contains("conversation_id") { json["conversation_id"] = .id(post.conversation) }
        if fields.contains("in_reply_to_user_id") {
            json["in_reply_to_user_id"] = post.inReplyToUser.map { .id($0) }
        }
        if fields.contains("referenced_tweets"), !post.references.isEmpty {
            json[word("referenced_tweets")] = .array(
                post.references.map { ["type": .text($0.kind.rawValue), "id": .id($0.id)] })
        }
        if fields.contains("attachments") { json["attachments"] = attachments(of: post) }
        if fields.contains("entities") { json["entities"] = entities(of: post.text, in: post) }
        if fields.contains("note_tweet"), let long = post.longText {
            var note = ObjectBuilder()
            note["text"] = .text(escaped(long))
            note["entities"] = entities(of: long, in: post)
            json[word("note_tweet")] = note.json
        }
        addState(of: post, fields, to: &json)
        return json.json
    }

    private func addState(of post: XPost, _ fields: Set<String>, to json: inout ObjectBuilder) {
        if fields.contains("lang") { json["lang"] = .text(post.language) }
        if fields.contains("possibly_sensitive") { json["possibly_sensitive"] = .bool(post.isSensitive) }
        if fields.contains("reply_settings") { json["reply_settings"] = .text(post.replySettings) }
        if fields.contains("source") { json["source"] = .text(post.source) }
        if fields.contains("paid_partnership") { json["paid_partnership"] = false }
        if fields.contains("display_text_range") {
            json["display_text_range"] = [
                .number(Int64(post.hiddenPrefix)), .number(Int64(shownEnd(of: post))),
            ]
        }
        if fields.contains("edit_controls") {
            json["edit_controls"] = [
                "edits_remaining": .number(Int64(max(0, 6 - post.versions.count))),
                "is_edit_eligible": .bool(
                    post.poll == nil && post.reference(.reposted) == nil
                        && (post.inReplyToUser == nil || post.inReplyToUser == post.author)),
                "editable_until": .text(world.editableUntil(post).iso),
            ]
        }
        if fields.contains("public_metrics") { json["public_metrics"] = metrics(post.metrics) }
        if fields.contains("withheld"), let withheld = post.withheld {
            json["withheld"] = [
                "copyright": .bool(withheld.isCopyright),
                "country_codes": .array(withheld.countries.map { .text($0) }),
                "scope": selection.words == .post ? "post" : "tweet",
            ]
        }
    }

    private func metrics(_ metrics: XPost.Metrics) -> JSON {
        .object([
            .init(name: word("retweet_count"), value: .number(metrics.reposts)),
            .init(name: "reply_count", value: .number(metrics.replies)),
            .init(name: "like_count", value: .number(metrics.likes)),
            .init(name: "quote_count", value: .number(metrics.quotes)),
            .init(name: "bookmark_count", value: .number(metrics.bookmarks)),
            .init(name: "impression_count", value: .number(metrics.impressions)),
        ])
    }

    private func attachments(of post: XPost) -> JSON? {
        var json = ObjectBuilder()
        if !post.mediaKeys.isEmpty { json["media_keys"] = .array(post.mediaKeys.map { .text($0) }) }
        if let poll = post.poll { json["poll_ids"] = [.id(poll.id)] }
        return json.isEmpty ? nil : json.json
    }

    func user(_ user: XUser) -> JSON {
        let fields = selection.userFields
        var json = ObjectBuilder()
        json["id"] = .id(user.id)
        json["name"] = .text(user.name)
        json["username"] = .text(user.username)
        if fields.contains("created_at") { json["created_at"] = .text(user.createdAt.iso) }
        if fields.contains("description") { json["description"] = .text(escaped(user.bio)) }
        if fields.contains("location"), !user.location.isEmpty { json["location"] = .text(user.location) }
        if fields.contains("url") { json["url"] = .text(user.websiteCode.map { world.shortLink($0) } ?? "") }
        if fields.contains("entities") { json["entities"] = entities(of: user) }
        if fields.contains("profile_image_url") {
            json["profile_image_url"] = .text(user.pictureURL ?? world.mediaURL("default_normal.png"))
        }
        if fields.contains("profile_banner_url") {
            json["profile_banner_url"] = user.bannerURL.map { .text($0) }
        }
        if fields.contains("protected") { json["protected"] = .bool(user.isProtected) }
        if fields.contains("verified") { json["verified"] = .bool(user.isVerified) }
        if fields.contains("verified_type") { json["verified_type"] = .text(user.verifiedType) }
        if fields.contains("parody") { json["parody"] = .bool(user.isParody) }
        if fields.contains("pinned_tweet_id") { json[word("pinned_tweet_id")] = user.pinned.map { .id($0) } }
        if fields.contains("most_recent_tweet_id") {
            json[word("most_recent_tweet_id")] = world.index.byAuthor[user.id]?.last.map { .id($0) }
        }
        if fields.contains("public_metrics") {
            let isNew = selection.words == .post && !world.settings.keepsTweetCount
            json["public_metrics"] = .object([
                .init(name: "followers_count", value: .number(user.followers)),
                .init(name: "following_count", value: .number(user.following)),
                .init(
                    name: isNew ? "post_count" : "tweet_count",
                    value: .number(Int64(world.index.byAuthor[user.id]?.count ?? 0))),
                .init(name: "listed_count", value: 0), .init(name: "like_count", value: 0),
                .init(name: "media_count", value: 0),
            ])
        }
        if fields.contains("withheld"), !user.withheldIn.isEmpty {
            json["withheld"] = ["country_codes": .array(user.withheldIn.map { .text($0) }), "scope": "user"]
        }
        return json.json
    }

    func medium(_ medium: XMedia) -> JSON {
        let fields = selection.mediaFields
        var json = ObjectBuilder()
        json["media_key"] = .text(medium.key)
        json["type"] = .text(medium.kind.rawValue)
        let isPhoto = medium.kind == .photo
        if fields.contains("url"), isPhoto { json["url"] = .text(world.mediaURL(medium.path)) }
        if fields.contains("preview_image_url"), !isPhoto {
            json["preview_image_url"] = .text(world.mediaURL(medium.path))
        }
        if fields.contains("width") { json["width"] = .number(medium.width) }
        if fields.contains("height") { json["height"] = .number(medium.height) }
        if fields.contains("duration_ms") { json["duration_ms"] = medium.duration.map { .number($0) } }
        if fields.contains("alt_text") { json["alt_text"] = medium.altText.map { .text($0) } }
        if fields.contains("public_metrics"), !isPhoto {
            json["public_metrics"] = ["view_count": .number(medium.views)]
        }
        if fields.contains("variants"), !medium.variants.isEmpty {
            json["variants"] = .array(
                medium.variants.map { variant in
                    var json = ObjectBuilder()
                    json["bit_rate"] = variant.bitRate.map { .number($0) }
                    json["content_type"] = .text(variant.contentType)
                    json["url"] = .text(world.mediaURL(variant.path))
                    return json.json
                })
        }
        return json.json
    }

    func poll(_ poll: XPoll) -> JSON {
        let fields = selection.pollFields
        var json = ObjectBuilder()
        json["id"] = .id(poll.id)
        json["options"] = .array(
            poll.options.enumerated().map { place, option in
                [
                    "position": .number(Int64(place + 1)), "label": .text(option.label),
                    "votes": .number(option.votes),
                ]
            })
        if fields.contains("duration_minutes") { json["duration_minutes"] = .number(poll.minutes) }
        if fields.contains("end_datetime") { json["end_datetime"] = .text(poll.endsAt.iso) }
        if fields.contains("voting_status") {
            json["voting_status"] = world.now < poll.endsAt ? "open" : "closed"
        }
        return json.json
    }
}

/// A text as X serves it: `&`, `<` and `>` are escaped.
func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { "&<>".utf8.contains($0) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
