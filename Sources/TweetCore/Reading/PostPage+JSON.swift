// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension PostPage {
    /// What the member `data` of an answer lists, or is.
    public enum Subject: Hashable, Sendable {
        case posts, users
    }

    /// Reads an answer of X, in either vocabulary, and joins what it says about each post.
    ///
    /// Where nothing was found there is no `data`; where some of it was not found there are `data` and `errors`.
    ///
    /// - Throws: ``ReadingError``.
    public init(reading body: [UInt8], of subject: Subject, limits: ReadingLimits = ReadingLimits())
        throws(ReadingError)
    {
        try self.init(JSONTree(body, limits: limits).root, of: subject)
    }

    init(_ body: JSONValue, of subject: Subject) throws(ReadingError) {
        guard body.isObject else { throw .wrong(at: "the whole answer") }
        self.init()
        let items = body["data"].map { $0.isObject ? [$0] : $0.elements } ?? []
        var includes = try Includes(body["includes"])
        included.posts = includes.postIDs
        included.users = includes.users.map(\.id)
        switch subject {
        case .users:
            for item in items { includes.add(try User(item)) }
        case .posts:
            var listed: [Post] = []
            for item in items { listed.append(try Post(item)) }
            for post in listed { includes.add(post) }
            posts = zip(listed, items).map { ReadPost(includes.snapshot(of: $0), raw: $1.raw) }
        }
        users = includes.users
        problems = Problem.all(of: body)
        if let meta = body["meta"] {
            newest = try meta.postID("newest_id", "newest_id")
            oldest = try meta.postID("oldest_id", "oldest_id")
            next = meta.text("next_token").flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}
