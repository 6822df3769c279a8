// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// What becomes of a post that somebody wants mirrored now, whatever the rules say.
public enum Demand: Hashable, Sendable {
    /// It waits for nothing but its turn.
    case queued(TodoRow)
    /// This version has its event already, or had it: there is never a second one.
    case mirrored(MirrorRow)
    /// Somebody decides about it: the item's number.
    case undecided(UInt64)
    /// It was decided against, and that was not overruled.
    case settled(PostState)
    /// It was not read, or nobody knows whose it is.
    case unread
}

extension BridgeStore {
    /// Has a post mirrored that was read, though a filter left it out.
    ///
    /// Nobody is told: who demands it sees to it.
    ///
    /// - Parameter force: also what was rejected, what our own relay refused, and what seemed to be gone.
    public func demand(_ id: PostID, force: Bool) async throws(BridgeStoreError) -> Demand {
        try await change { draft throws(BridgeStoreError) in try draft.demand(id, force: force) }
    }
}

extension Draft {
    fileprivate mutating func demand(_ id: PostID, force: Bool) throws(BridgeStoreError) -> Demand {
        guard let author = try read(.post(id))?.snapshot.post.author else { return .unread }
        if let mirror = try read(.mirror(id)) { return .mirrored(mirror) }
        if var todo = try read(.todo(author, id)) {
            if let number = todo.moderation, let item = try read(.item(number)), item.state != .approved {
                return .undecided(number)
            }
            todo.notBefore = 0
            todo.why = .new
            try write(.todo(author, id), todo)
            return .queued(todo)
        }
        if let state = try read(.state(of: id)) {
            guard force || state.fate == .skipped else { return .settled(state) }
            try remove(.state(of: id))
        }
        let todo = TodoRow(author: author, post: id, addedAt: now)
        try write(.todo(author, id), todo)
        return .queued(todo)
    }
}
