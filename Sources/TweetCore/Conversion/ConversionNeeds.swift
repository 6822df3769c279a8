// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Whose events, keys and copies a ``Resolution`` for a post should have, as far as there are any.
public struct ConversionNeeds: Hashable, Sendable {
    /// In ascending order, each once; so are the others.
    public var posts: [PostID] = []
    public var users: [UserID] = []
    public var media: [String] = []

    public init(of snapshot: Snapshot) {
        var posts: Set<PostID> = []
        var users: Set<UserID> = []
        var media: Set<String> = []
        // Of the posts that this one refers to, media are shown and people may be named.
        for snapshot in [snapshot] + snapshot.referenced {
            let post = snapshot.post
            users.formUnion([post.author, post.inReplyTo].compactMap(\.self))
            users.formUnion(
                (post.entities.mentions + (post.longText?.entities.mentions ?? [])).compactMap(\.user))
            media.formUnion(snapshot.media.map(\.key))
        }
        posts.formUnion(snapshot.post.references.map(\.id))
        if let conversation = snapshot.post.conversation { posts.insert(conversation) }
        posts.remove(snapshot.post.id)
        self.posts = posts.sorted()
        self.users = users.sorted()
        self.media = media.sorted()
    }
}
