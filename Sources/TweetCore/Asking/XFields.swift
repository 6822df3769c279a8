// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which fields and expansions are asked for: X sends nothing but the barest unless asked.
struct XFields {
    let vocabulary: Vocabulary
    /// Whether authors, media, polls and referenced posts are to come along.
    let isWhole: Bool

    private var isOld: Bool { vocabulary == .tweet }

    var forPosts: [XRequest.Item] {
        let fields = isOld ? "tweet.fields" : "post.fields"
        guard isWhole else { return [item(fields, barePostFields)] }
        return [
            item(fields, postFields), item("expansions", expansions), item("user.fields", userFields),
            item(
                "media.fields",
                [
                    "alt_text", "duration_ms", "height", "media_key", "preview_image_url", "type", "url",
                    "variants", "width",
                ]
            ), item("poll.fields", ["duration_minutes", "end_datetime", "id", "options", "voting_status"]),
        ]
    }

    var forUsers: [XRequest.Item] { [item("user.fields", userFields)] }

    private var barePostFields: [String] {
        [
            "author_id", "created_at", isOld ? "edit_history_tweet_ids" : "edit_history_post_ids", "id",
            "public_metrics", "text",
        ]
    }

    private var postFields: [String] {
        [
            "attachments", "author_id", "conversation_id", "created_at", "edit_controls",
            isOld ? "edit_history_tweet_ids" : "edit_history_post_ids", "entities", "id",
            "in_reply_to_user_id", "lang",
            isOld ? "note_tweet" : "note_post", "possibly_sensitive", "public_metrics",
            isOld ? "referenced_tweets" : "referenced_posts", "reply_settings", "source", "text", "withheld",
        ]
    }

    private var expansions: [String] {
        let referenced = isOld ? "referenced_tweets.id" : "referenced_posts.id"
        return [
            "attachments.media_keys", "attachments.poll_ids", "author_id", referenced,
            "\(referenced).attachments.media_keys",
            "\(referenced).author_id",
        ]
    }

    private var userFields: [String] {
        [
            "created_at", "description", "entities", "id", "location", "name",
            isOld ? "pinned_tweet_id" : "pinned_post_id",
            "profile_banner_url", "profile_image_url", "protected", "public_metrics", "url", "username",
            "verified",
            "verified_type",
        ]
    }

    private func item(_ name: String, _ values: [String]) -> XRequest.Item {
        XRequest.Item(name: name, value: values.joined(separator: ","))
    }
}
