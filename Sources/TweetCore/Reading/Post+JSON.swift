// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Post {
    /// Reads a post in either vocabulary (X API v2, object `Tweet` or `Post`).
    ///
    /// - Throws: ``ReadingError/wrong(at:)`` for an id that is none, and where the id or the text is missing.
    init(_ json: JSONValue) throws(ReadingError) {
        guard let id = try json.postID("id", "id_str") else { throw json.missing("id") }
        self.init(id: id, text: try json.required("text"))
        author = try json.userID("author_id")
        createdAt = json.moment("created_at")
        conversation = try json.postID("conversation_id", "conversation_id_str")
        inReplyTo = try json.userID("in_reply_to_user_id")
        for version in json["edit_history_tweet_ids", "edit_history_post_ids"]?.elements ?? [] {
            versions.append(try version.postID())
        }
        try readReferences(json)
        mediaKeys = json["attachments"]?.texts("media_keys") ?? []
        polls = json["attachments"]?.texts("poll_ids") ?? []
        language = json.text("lang")
        isSensitive = json.flag("possibly_sensitive") ?? false
        replySettings = json.text("reply_settings")
        source = json.text("source")
        if let entities = json["entities"] { self.entities = try Entities(entities) }
        if let note = json["note_tweet", "note_post"], let text = note.text("text") {
            longText = LongText(text: text)
            if let entities = note["entities"] { longText?.entities = try Entities(entities) }
        }
        editing = json["edit_controls"].flatMap { EditControls($0) }
        metrics = json["public_metrics"].map { Metrics($0) }
        withheld = json["withheld"].map {
            Withholding(isForCopyright: $0.flag("copyright") ?? false, countries: $0.texts("country_codes"))
        }
    }

    private mutating func readReferences(_ json: JSONValue) throws(ReadingError) {
        for reference in json["referenced_tweets", "referenced_posts"]?.elements ?? [] {
            // A kind that is not known yet says nothing to us.
            guard let kind = reference.text("type").flatMap(Reference.Kind.init(spelling:)) else { continue }
            guard let id = reference["id"] else { throw reference.missing("id") }
            references.append(Reference(kind, try id.postID()))
        }
        // The activity stream names the post that is answered here as well, or here alone.
        if let parent = try json.postID("in_reply_to_tweet_id", "in_reply_to_post_id"),
            !references.contains(where: { $0.kind == .repliedTo })
        {
            references.append(Reference(.repliedTo, parent))
        }
    }
}

extension Post.Reference.Kind {
    init?(spelling: String) {
        switch spelling {
        case "reposted": self = .retweeted
        default: self.init(rawValue: spelling)
        }
    }
}

extension Post.EditControls {
    init?(_ json: JSONValue) {
        guard let until = json.moment("editable_until") else { return nil }
        self.init(
            remaining: json.integer("edits_remaining") ?? 0,
            isEligible: json.flag("is_edit_eligible") ?? false,
            editableUntil: until)
    }
}

extension Post.Metrics {
    init(_ json: JSONValue) {
        self.init()
        reposts = json["retweet_count", "repost_count"]?.integer ?? 0
        replies = json.integer("reply_count") ?? 0
        likes = json.integer("like_count") ?? 0
        quotes = json.integer("quote_count") ?? 0
        bookmarks = json.integer("bookmark_count")
        impressions = json.integer("impression_count")
    }
}
