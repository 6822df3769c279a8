// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What X charges, in **micro-dollars** (pay per use, as of 2026-08). Failed requests cost nothing.
public struct Prices: Hashable, Sendable, Codable {
    public var postRead: Int64 = 5_000
    public var userRead: Int64 = 10_000
    /// A post of an account's own lists of posts and mentions, read with its own token.
    public var ownedRead: Int64 = 1_000
    public var postCreated: Int64 = 15_000
    public var postWithLinkCreated: Int64 = 200_000
    public var postDeleted: Int64 = 10_000
    /// Whether a deletion that the activity stream tells is charged as a post: X's own pages disagree.
    public var isChargedForDeletions = true
    /// Whether posts and accounts that come along with others (`includes`) are charged: X does not say, and the cap must hold.
    public var isChargedForIncluded = true

    public init() {}

    /// What a request costs at the most, before it is known what of it was paid for today already.
    ///
    /// A post brings two further posts at the most (it answers one and quotes one), and the authors of all three.
    func most(_ question: XQuestion, for purpose: SpendPurpose, listed: Int) -> Int64 {
        switch question.subject {
        case .users: return Int64(listed) * userRead
        case .posts:
            let along = purpose.wantsWhole && isChargedForIncluded ? 2 * postRead + 3 * userRead : 0
            return Int64(listed) * (postRead + along)
        }
    }
}

/// What one answer is charged for.
public struct Receipt: Hashable, Sendable {
    public var posts: Set<PostID> = []
    public var ownedPosts: Set<PostID> = []
    public var users: Set<UserID> = []
    /// **Micro-dollars** of what is charged each time, as posting is.
    public var flat: Int64 = 0

    public init(flat: Int64 = 0) { self.flat = flat }

    /// - Parameter owner: the account whose own token was used.
    public init(_ page: PostPage, to question: XQuestion, prices: Prices, owner: UserID? = nil) {
        let ids = Set(page.posts.map(\.id))
        switch question {
        case .timeline(let user, _) where user == owner, .mentions(let user, _) where user == owner:
            ownedPosts = ids
        default: posts = ids
        }
        if prices.isChargedForIncluded {
            posts.formUnion(page.included.posts)
            users.formUnion(page.included.users)
        }
        posts.subtract(ownedPosts)
        if question.subject == .users { users.formUnion(page.users.map(\.id)) }
    }

    /// What the activity stream is charged for.
    public init(_ news: StreamEvent.News, prices: Prices) {
        switch news {
        case .posted(let post, _): posts = [post.id]
        case .deleted(let id, _): if prices.isChargedForDeletions { posts = [id] }
        case .profileChanged, .other: break
        }
    }
}
