// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Where a reply stands (NIP-10): the beginning of its thread, and what it answers.
struct ThreadPlace {
    private(set) var root: ThreadRoot?
    private(set) var parent: ThreadRoot?
    /// What is answered and has no event that a note may answer.
    private(set) var unknownParent: PostID?

    init(of post: Post, _ resolution: Resolution) {
        guard let answered = post.references.first(where: { $0.kind == .repliedTo })?.id else { return }
        // Notes answer notes alone; other kinds would need comments (NIP-22), which no thread of notes shows.
        func note(_ id: PostID) -> MirroredEvent? {
            resolution.events[id].flatMap { $0.kind == .textNote ? $0 : nil }
        }
        let known = note(answered)
        parent = known?.pointer
        unknownParent = known == nil ? answered : nil
        // Where the beginning of the conversation has no event, its first known post took its place.
        root = post.conversation.flatMap { note($0) }?.pointer ?? known?.root ?? parent
    }

    /// The `e` tags; one where what is answered begins the thread.
    func add(to tags: inout TagList) {
        if let root { tags.add(Self.tag(root, "root")) }
        if let parent, parent.id != root?.id { tags.add(Self.tag(parent, "reply")) }
    }

    private static func tag(_ event: ThreadRoot, _ marker: String) -> [String] {
        ["e", event.id.hex, event.relay, marker] + (event.author.map { [$0.hex] } ?? [])
    }
}
