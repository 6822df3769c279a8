// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an answer says about what its posts only name (`includes`): it is joined before the answer is dropped.
struct Includes {
    /// How far references of references are taken along.
    static let depthMax = 2

    private(set) var users: [User] = []
    private var userByID: [UserID: User] = [:]
    private var posts: [PostID: Post] = [:]
    private var media: [String: Media] = [:]
    private var polls: [String: Poll] = [:]

    /// - Parameter json: the member `includes`, where there is one.
    init(_ json: JSONValue?) throws(ReadingError) { try add(json) }

    mutating func add(_ json: JSONValue?) throws(ReadingError) {
        for user in json?["users"]?.elements ?? [] { add(try User(user)) }
        for post in json?["tweets", "posts"]?.elements ?? [] { add(try Post(post)) }
        for medium in (json?["media"]?.elements ?? []).compactMap({ Media($0) }) {
            media[medium.key] = medium
        }
        for poll in (json?["polls"]?.elements ?? []).compactMap({ Poll($0) }) { polls[poll.id] = poll }
    }

    mutating func add(_ user: User) {
        if userByID.updateValue(user, forKey: user.id) == nil { users.append(user) }
    }

    mutating func add(_ post: Post) { posts[post.id] = post }

    /// The posts known so far, in order.
    var postIDs: [PostID] { posts.keys.sorted() }

    /// A post with all that is known of it here.
    func snapshot(of post: Post, depth: Int = depthMax) -> Snapshot {
        var snapshot = Snapshot(post)
        snapshot.author = post.author.flatMap { userByID[$0] }
        snapshot.media = post.mediaKeys.compactMap { media[$0] }
        snapshot.polls = post.polls.compactMap { polls[$0] }
        guard depth > 0 else { return snapshot }
        snapshot.referenced = post.references.compactMap { reference in
            posts[reference.id].map { self.snapshot(of: $0, depth: depth - 1) }
        }
        return snapshot
    }
}
