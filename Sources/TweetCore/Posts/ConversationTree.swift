// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A conversation as a tree: every post below the one that it answers, the oldest first.
public struct ConversationTree: Hashable, Sendable {
    /// A post and how deep it stands.
    public struct Line: Hashable, Sendable {
        public let post: PostID
        /// 0 for what answers nothing that is known.
        public let depth: Int
        /// `false`: another post answers it, and it was not read itself.
        public let wasRead: Bool

        public init(_ post: PostID, depth: Int, wasRead: Bool = true) {
            self.post = post
            self.depth = depth
            self.wasRead = wasRead
        }
    }

    /// From the top to the bottom.
    public let lines: [Line]

    /// - Parameter parents: each post that was read, and what it answers.
    /// - Complexity: O(*n* log *n*).
    public init(_ parents: [PostID: PostID?]) {
        var answers: [PostID: [PostID]] = [:]
        var tops: Set<PostID> = []
        for (post, parent) in parents {
            // Who answers is younger: what says otherwise would make a circle.
            if let parent, parent < post {
                answers[parent, default: []].append(post)
                if parents[parent] == nil { tops.insert(parent) }
            } else {
                tops.insert(post)
            }
        }
        var lines: [Line] = []
        // The next to be shown is the last.
        var open = tops.sorted(by: >).map { (post: $0, depth: 0) }
        while let (post, depth) = open.popLast() {
            lines.append(Line(post, depth: depth, wasRead: parents[post] != nil))
            open += (answers[post] ?? []).sorted(by: >).map { ($0, depth + 1) }
        }
        self.lines = lines
    }

    /// Posts that others answer and that were not read.
    public var missing: [PostID] { lines.filter { !$0.wasRead }.map(\.post) }
}
