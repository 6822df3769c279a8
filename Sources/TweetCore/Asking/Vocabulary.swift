// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The words of X's API: those of "tweet", or since August 2026 those of "post". Answers come in the words of the request.
public enum Vocabulary: String, Hashable, Sendable, Codable {
    case tweet, post

    /// What the operator wants.
    public enum Choice: String, Hashable, Sendable, Codable, CaseIterable {
        /// The older words, until X refuses them once.
        case auto
        case tweet, post

        public var first: Vocabulary { self == .post ? .post : .tweet }
    }

    /// Whether a refusal (400) is about the words of a request that was made in these.
    ///
    /// X names what it does not know as a parameter, or in the message.
    public func isRefused(by problems: [Problem]) -> Bool {
        let words =
            self == .tweet
            ? [
                "tweet.fields", "referenced_tweets", "edit_history_tweet_ids", "note_tweet",
                "pinned_tweet_id",
            ]
            : ["post.fields", "referenced_posts", "edit_history_post_ids", "note_post", "pinned_post_id"]
        return problems.contains { problem in
            guard let parameter = problem.parameter else {
                return words.contains(where: problem.detail.contains)
            }
            // Which of the expansions is wrong, X does not always say.
            return parameter == "expansions" || words.contains(parameter)
                || words.contains { problem.value?.contains($0) == true }
        }
    }

    /// The other one.
    public var other: Vocabulary { self == .tweet ? .post : .tweet }
}
