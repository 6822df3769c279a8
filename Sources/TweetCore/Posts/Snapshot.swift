// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A post with everything about it that was known when it was read: what an event is made of.
///
/// Referenced posts are whole as well, their own references by id alone beyond a depth of two.
public struct Snapshot: Hashable, Sendable, Codable {
    public var post: Post
    public var author: User?
    /// In the order of ``Post/mediaKeys``.
    public var media: [Media] = []
    public var polls: [Poll] = []
    /// Those of the referenced posts that are known.
    public var referenced: [Snapshot] = []

    public init(_ post: Post) { self.post = post }

    /// The known post that this one refers to in this way.
    public func referenced(_ kind: Post.Reference.Kind) -> Snapshot? {
        guard let reference = post.references.first(where: { $0.kind == kind }) else { return nil }
        return referenced.first { $0.post.id == reference.id }
    }
}
