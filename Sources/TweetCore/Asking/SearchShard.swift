// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One search query under X's length, and a name that stays while the query does: its cursor is kept by that name.
public struct SearchShard: Hashable, Sendable {
    public let query: String

    public init(query: String) { self.query = query }

    /// Sixteen hex digits that follow from the query alone.
    public var key: String { String(Hex.string(SHA256.digest(Array(query.utf8)).bytes).prefix(16)) }

    /// What is looked for around an account.
    public enum Term: Hashable, Sendable, CaseIterable {
        /// Posts that name it.
        case mentions
        /// Answers to it.
        case replies
        /// Its own posts.
        case own

        func words(_ handle: Handle) -> String {
            switch self {
            case .mentions: "@\(handle.text)"
            case .replies: "to:\(handle.text)"
            case .own: "from:\(handle.text)"
            }
        }
    }

    /// As few queries as hold all accounts, each account whole in one: `(@a OR to:a OR from:a OR @b …) -is:retweet`.
    ///
    /// Accounts keep their order, so that one more at the end changes the last query alone.
    public static func around(_ handles: [Handle], _ terms: Set<Term> = Set(Term.allCases)) -> [SearchShard] {
        let wanted = Term.allCases.filter(terms.contains)
        guard !wanted.isEmpty else { return [] }
        return packed(
            handles.map { handle in wanted.map { $0.words(handle) }.joined(separator: " OR ") }, before: "(",
            after: ") -is:retweet")
    }

    /// Queries for posts that quote any of these: twelve in one.
    public static func quotes(of posts: [PostID]) -> [SearchShard] {
        packed(posts.map { "quotes_of_tweet_id:\($0)" }, before: "", after: "")
    }

    private static func packed(_ terms: [String], before: String, after: String) -> [SearchShard] {
        var shards: [SearchShard] = []
        var open: [String] = []
        var length = 0
        let frame = before.utf8.count + after.utf8.count
        func close() {
            if !open.isEmpty {
                shards.append(SearchShard(query: before + open.joined(separator: " OR ") + after))
            }
        }
        for term in terms {
            let added = term.utf8.count + (open.isEmpty ? 0 : 4)
            if frame + length + added > XQuestion.searchLengthMax {
                close()
                open = []
                length = 0
            }
            length += term.utf8.count + (open.isEmpty ? 0 : 4)
            open.append(term)
        }
        close()
        return shards
    }
}
