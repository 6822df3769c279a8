// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// `POST /2/tweets`. It answers in the old words, whatever the request.
    mutating func create(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        let author = try writer(credential)
        guard let json = JSON(call.request.body), json.members != nil else {
            throw .invalid([], "The request body is not a JSON object")
        }
        let draft = try readDraft(json)
        try checkSelfServe(draft, by: author)
        let id: XPostID
        do throws(XRefusal) {
            if let previous = json["edit_options"]?["previous_post_id"]?.id
                ?? json["edit_options"]?["previous_tweet_id"]?.id
            {
                guard posts[previous]?.author == author else { throw .noSuchPost }
                id = try edit(previous, draft)
            } else {
                if isDuplicate(draft, by: author) {
                    return Problem.plain(
                        403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."
                    ).reply
                }
                id = try post(draft, by: author)
            }
        } catch {
            throw Self.problem(of: error)
        }
        guard let post = posts[id] else { throw .plain(500, "Internal Server Error") }
        bill(TextMark.firstLink(in: draft.text[...]) == nil ? .postCreate : .postCreateWithURL, id)
        return XReply(201, ["data": Shaper(world: self, selection: Selection()).post(post)])
    }

    /// `DELETE /2/tweets/:id`
    mutating func delete(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        let author = try writer(credential)
        let id = try postID(call.parameter, .tweet)
        guard let post = posts[id] else { return XReply(200, ["data": ["deleted": false]]) }
        guard post.author == author else {
            throw .plain(403, "Forbidden", "You are not authorized to delete this Tweet.")
        }
        do { try delete(id) } catch { throw Self.problem(of: error) }
        bill(.postDelete, id)
        return XReply(200, ["data": ["deleted": true]])
    }

    private func writer(_ credential: XCredential) throws(Problem) -> XUserID {
        guard let id = credential.user else {
            throw .unsupportedAuthentication("OAuth 2.0 Application-Only")
        }
        guard users[id]?.standing == .active else {
            throw .plain(
                403, "Forbidden", "Your account is suspended and is not permitted to access this feature.")
        }
        return id
    }

    private func readDraft(_ json: JSON) throws(Problem) -> XDraft {
        let known = [
            "text", "reply", "quote_tweet_id", "quote_post_id", "media", "poll", "reply_settings",
            "edit_options",
            "for_super_followers_only", "nullcast", "geo", "made_with_ai", "paid_partnership",
        ]
        for member in json.members ?? [] where !known.contains(member.name) {
            throw .invalid([(member.name, "")], "The body field [\(member.name)] is not one of \(known)")
        }
        var draft = XDraft(json["text"]?.string ?? "")
        draft.source = "X API"
        draft.inReplyTo = try reference(
            json["reply"]?["in_reply_to_tweet_id"] ?? json["reply"]?["in_reply_to_post_id"])
        draft.quoting = try reference(json["quote_tweet_id"] ?? json["quote_post_id"])
        if let settings = json["reply_settings"]?.string { draft.replySettings = settings }
        for id in json["media"]?["media_ids"]?.items ?? [] {
            let key = ["3_", "7_", "13_", "16_"].map { $0 + (id.string ?? "") }.first { media[$0] != nil }
            guard let key else {
                throw .invalid([("media.media_ids", id.string ?? "")], "Your media IDs are invalid.")
            }
            draft.mediaKeys.append(key)
        }
        draft.pollOptions = json["poll"]?["options"]?.items?.compactMap(\.string) ?? []
        draft.pollMinutes = json["poll"]?["duration_minutes"]?.integer ?? draft.pollMinutes
        return draft
    }

    private func reference(_ json: JSON?) throws(Problem) -> XPostID? {
        guard let json else { return nil }
        guard let id = json.id else { throw .invalid([("id", json.string ?? "")], "not a valid id") }
        return id
    }

    /// The same text twice in a day, from the same account.
    private func isDuplicate(_ draft: XDraft, by author: XUserID) -> Bool {
        guard draft.mediaKeys.isEmpty, TextMark.firstLink(in: draft.text[...]) == nil else { return false }
        let since = Snowflake.firstID(at: now - .seconds(86_400))
        return (index.byAuthor[author] ?? []).reversed().prefix { $0 > since }.contains { id in
            guard let post = posts[id], post.inReplyToUser == nil, draft.inReplyTo == nil else {
                return false
            }
            return (post.longText ?? post.text) == draft.text
        }
    }

    /// Self-serve accounts answer only whoever has named them, and do not quote.
    private func checkSelfServe(_ draft: XDraft, by author: XUserID) throws(Problem) {
        guard settings.isSelfServe else { return }
        let forbidden = Problem.plain(403, "Forbidden", "You are not permitted to perform this action.")
        if draft.quoting != nil { throw forbidden }
        guard let target = draft.inReplyTo.flatMap({ posts[$0] }), target.author != author else { return }
        let isSummoned = target.mentioned.values.contains(author) || target.inReplyToUser == author
        if !isSummoned { throw forbidden }
    }

    private static func problem(of refusal: XRefusal) -> Problem {
        switch refusal {
        case .noSuchPost, .notAllowed:
            .plain(
                403, "Forbidden",
                "You attempted to reply to or quote a Tweet that is deleted or not visible to you.")
        case .notEditable: .plain(403, "Forbidden", "This Tweet can not be edited.")
        case .badText: .invalid([("text", "")], "Your Tweet text is missing or too long.")
        case .badPoll: .invalid([("poll", "")], "The poll needs 2 to 4 options and 5 to 10080 minutes.")
        case .noSuchMedium: .invalid([("media.media_ids", "")], "Your media IDs are invalid.")
        case .noSuchUser, .notAHandle, .handleTaken: .plain(403, "Forbidden")
        case .full: .plain(503, "Service Unavailable", "The stand-in is full.")
        }
    }
}
