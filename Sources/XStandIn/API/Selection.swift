// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a request wants to see of each thing, in the old words, whichever it used.
struct Selection: Hashable, Sendable {
    var words = Words.tweet
    var postFields: Set<String> = []
    var userFields: Set<String> = []
    var mediaFields: Set<String> = []
    var pollFields: Set<String> = []
    var expansions: Set<String> = []

    /// Reads the parameters about fields and expansions.
    ///
    /// - Parameter usersFirst: the route is about users, which have expansions of their own.
    init(_ query: [(name: String, value: String)], vocabulary: XSettings.Vocabulary, usersFirst: Bool)
        throws(Problem)
    {
        let known = usersFirst ? Self.userExpansions : Self.postExpansions
        if query.contains(where: { Self.isNew($0.name, $0.value) }) || vocabulary == .postOnly {
            words = .post
        }
        for (name, value) in query {
            let values = value.split(separator: ",").map(String.init)
            switch name {
            case "tweet.fields", "post.fields":
                let isNew = name == "post.fields"
                guard isNew ? vocabulary != .tweetOnly : vocabulary != .postOnly else {
                    throw .invalid(
                        [(name, value)],
                        "The query parameter [\(name)] is not one of [\(Self.names(in: words))]", words)
                }
                postFields.formUnion(
                    try Self.read(values, of: name, among: Self.allPostFields, words, vocabulary))
            case "user.fields":
                userFields.formUnion(
                    try Self.read(values, of: name, among: Self.allUserFields, words, vocabulary))
            case "media.fields":
                mediaFields.formUnion(
                    try Self.read(values, of: name, among: Self.allMediaFields, words, vocabulary))
            case "poll.fields":
                pollFields.formUnion(
                    try Self.read(values, of: name, among: Self.allPollFields, words, vocabulary))
            case "expansions":
                expansions.formUnion(try Self.read(values, of: name, among: known, words, vocabulary))
            default: break
            }
        }
        addLinks()
    }

    /// Nothing but the default fields, in the old words.
    init() {}

    /// An expansion shows the field it follows.
    private mutating func addLinks() {
        for expansion in expansions {
            switch expansion {
            case "author_id", "in_reply_to_user_id": postFields.insert(expansion)
            case "attachments.media_keys", "attachments.poll_ids": postFields.insert("attachments")
            case "entities.mentions.username": postFields.insert("entities")
            case "entities.note.mentions.username": postFields.insert("note_tweet")
            case "pinned_tweet_id", "most_recent_tweet_id": userFields.insert(expansion)
            case _ where expansion.hasPrefix("referenced_tweets"): postFields.insert("referenced_tweets")
            default: break
            }
        }
    }

    /// Every field, and all that is referred to: what the activity stream sends.
    static let everything: Selection = {
        var selection = Selection()
        selection.postFields = allPostFields
        selection.userFields = allUserFields
        selection.mediaFields = allMediaFields
        selection.pollFields = allPollFields
        selection.expansions = postExpansions.subtracting(["edit_history_tweet_ids"])
        return selection
    }()

    func wants(_ expansion: String) -> Bool { expansions.contains(expansion) }
}

extension Selection {
    static let parameters: Set<String> = [
        "tweet.fields", "post.fields", "user.fields", "media.fields", "poll.fields", "place.fields",
        "expansions",
    ]

    private static let allPostFields: Set<String> = [
        "article", "attachments", "author_id", "card_uri", "community_id", "context_annotations",
        "conversation_id",
        "created_at", "display_text_range", "edit_controls", "edit_history_tweet_ids", "entities", "geo",
        "id",
        "in_reply_to_user_id", "lang", "media_metadata", "non_public_metrics", "note_tweet",
        "organic_metrics",
        "paid_partnership", "possibly_sensitive", "promoted_metrics", "public_metrics", "referenced_tweets",
        "reply_settings", "scopes", "source", "text", "withheld",
    ]
    private static let allUserFields: Set<String> = [
        "affiliation", "confirmed_email", "connection_status", "created_at", "description", "entities", "id",
        "is_identity_verified", "location", "most_recent_tweet_id", "name", "parody", "pinned_tweet_id",
        "profile_banner_url", "profile_image_url", "protected", "public_metrics", "receives_your_dm",
        "subscription_type", "url", "username", "verified", "verified_followers_count", "verified_type",
        "withheld",
    ]
    private static let allMediaFields: Set<String> = [
        "alt_text", "duration_ms", "height", "media_key", "non_public_metrics", "organic_metrics",
        "preview_image_url", "promoted_metrics", "public_metrics", "type", "url", "variants", "width",
    ]
    private static let allPollFields: Set<String> = [
        "duration_minutes", "end_datetime", "id", "options", "voting_status",
    ]
    private static let postExpansions: Set<String> = [
        "article.cover_media", "article.media_entities", "attachments.media_keys",
        "attachments.media_source_tweet",
        "attachments.poll_ids", "author_id", "edit_history_tweet_ids", "entities.mentions.username",
        "entities.note.mentions.username", "geo.place_id", "in_reply_to_user_id", "referenced_tweets.id",
        "referenced_tweets.id.attachments.media_keys", "referenced_tweets.id.author_id",
    ]
    private static let userExpansions: Set<String> = [
        "affiliation.user_id", "most_recent_tweet_id", "pinned_tweet_id",
    ]
    /// New word → old word.
    private static let oldWords: [String: String] = [
        "referenced_posts": "referenced_tweets", "edit_history_post_ids": "edit_history_tweet_ids",
        "note_post": "note_tweet", "pinned_post_id": "pinned_tweet_id",
        "most_recent_post_id": "most_recent_tweet_id",
        "affiliation": "affiliation.user_id",
    ]
    private static let oldExpansions: [String: String] = [
        "referenced_posts": "referenced_tweets.id", "referenced_posts.id": "referenced_tweets.id",
        "referenced_posts.id.author_id": "referenced_tweets.id.author_id",
        "referenced_posts.id.attachments.media_keys": "referenced_tweets.id.attachments.media_keys",
    ]

    private static func isNew(_ name: String, _ value: String) -> Bool {
        name == "post.fields" || name == "expansions" && value.contains("_post")
    }

    /// The parameters there are, in one vocabulary.
    private static func names(in words: Words) -> String {
        let other = words == .post ? "tweet.fields" : "post.fields"
        return parameters.subtracting([other]).sorted().joined(separator: ",")
    }

    private static func read(
        _ values: [String], of name: String, among known: Set<String>, _ words: Words,
        _ vocabulary: XSettings.Vocabulary
    ) throws(Problem) -> Set<String> {
        var read: Set<String> = []
        for value in values {
            let old =
                name == "expansions"
                ? oldExpansions[value] ?? oldWords[value] ?? value : oldWords[value] ?? value
            let isNewWord = old != value
            let isOldWord = value.contains("tweet") && value != "attachments.media_source_tweet"
            let isAllowed =
                switch vocabulary {
                case .both: true
                case .postOnly: !isOldWord
                case .tweetOnly: !isNewWord
                }
            guard known.contains(old), isAllowed else {
                let list = known.sorted().joined(separator: ",")
                throw .invalid(
                    [(name, value)], "The `\(name)` query parameter value [\(value)] is not one of [\(list)]",
                    words)
            }
            read.insert(old)
        }
        return read
    }
}
