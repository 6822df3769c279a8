// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
public import TweetCore

extension BridgeStore {
    public func post(_ id: PostID) throws(BridgeStoreError) -> PostRow? { try read(.post(id)) }

    /// The post's object as X sent it.
    public func raw(_ id: PostID) throws(BridgeStoreError) -> [UInt8]? {
        guard let row = try value(BridgeTables.posts, RowKey("r").with(id)) else { return nil }
        return try RowCodec.bytes(of: row)
    }

    public func state(of id: PostID) throws(BridgeStoreError) -> PostState? { try read(.state(of: id)) }

    /// All posts in the order of their numbers, those behind `after`.
    public func posts(after: PostID? = nil, limit: Int) throws(BridgeStoreError) -> [PostRow] {
        try values(
            BridgeTables.posts, RowKey("p"), after: after.map { RowPlace.post($0).key }, limit: limit,
            as: PostRow.self)
    }

    /// Of one author, the newest first, those older than `before`.
    public func posts(
        by author: UserID, before: PostID? = nil, limit: Int
    ) throws(BridgeStoreError) -> [PostID] {
        let prefix = RowKey("a").with(author)
        return try links(prefix, after: before.map { prefix.with(~$0.number) }, limit: limit).map {
            PostID(~$0)
        }
    }

    /// Of one conversation, the oldest first, those behind `after`.
    public func posts(
        in conversation: PostID, after: PostID? = nil, limit: Int
    ) throws(BridgeStoreError) -> [PostID] {
        let prefix = RowKey("c").with(conversation)
        return try links(prefix, after: after.map { prefix.with($0) }, limit: limit).map { PostID($0) }
    }

    /// Posts that refer to one in this way, known or not; the oldest first, those behind `after`.
    public func posts(
        referring kind: Post.Reference.Kind, to target: PostID, after: PostID? = nil, limit: Int
    ) throws(BridgeStoreError) -> [PostID] {
        let prefix = RowKey("f").with(target).with(byte: kind.code)
        return try links(prefix, after: after.map { prefix.with($0) }, limit: limit).map { PostID($0) }
    }

    /// The versions of a post that were seen, oldest first; of one that was never edited, none.
    public func versions(of first: PostID) throws(BridgeStoreError) -> [PostID] {
        try links(RowKey("v").with(first), after: nil, limit: 100).map { PostID($0) }
    }

    private func links(_ prefix: RowKey, after: RowKey?, limit: Int) throws(BridgeStoreError) -> [UInt64] {
        try rows(BridgeTables.links, prefix, after: after?.bytes, limit: limit).compactMap { row in
            var reader = KeyReader(row.key, skipping: prefix.bytes.count)
            return reader.number()
        }
    }

    // MARK: Posts that are not to be had

    public func gone(_ id: PostID) throws(BridgeStoreError) -> GoneRow? { try read(.gone(id)) }

    /// Whether it need not be asked for now.
    public func isGone(_ id: PostID) throws(BridgeStoreError) -> Bool {
        guard let row = try gone(id) else { return false }
        return row.recheckAt.map { $0 > now() } ?? true
    }

    /// In the order of their numbers, those behind `after`.
    public func allGone(after: PostID? = nil, limit: Int) throws(BridgeStoreError) -> [(PostID, GoneRow)] {
        let start = after.map { RowPlace.gone($0).key.bytes }
        var found: [(PostID, GoneRow)] = []
        for row in try rows(BridgeTables.posts, RowKey("g"), after: start, limit: limit) {
            var reader = KeyReader(row.key)
            guard let number = reader.number() else { continue }
            found.append((PostID(number), try RowCodec.decode(row.value, as: GoneRow.self)))
        }
        return found
    }

    /// Remembers that a post is not to be had, and mirrors it no more if it waits for that; what was mirrored stays until
    /// somebody publishes its deletion.
    ///
    /// - Parameter recheckAt: **milliseconds** since 1970; `nil`: never.
    public func markGone(
        _ id: PostID, _ absence: Absence, status: Int? = nil, recheckAt: Int64? = nil
    ) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            try draft.write(
                .gone(id), GoneRow(absence, status: status, seenAt: draft.now, recheckAt: recheckAt))
            guard let author = try draft.read(.post(id))?.snapshot.post.author,
                let todo = try draft.read(.todo(author, id))
            else { return }
            // A repeat of a moment's failure is no reason: only what is known to be gone is given up.
            guard absence != .unknown else { return }
            try draft.remove(.todo(author, id))
            try draft.write(.state(of: id), PostState(.gone, reason: absence.rawValue, at: draft.now))
            try draft.withdraw(todo.moderation, reason: "the post is gone: \(absence.rawValue)")
        }
    }

    // MARK: Posts that are to be mirrored

    /// Of one author, the oldest first, those behind `after`.
    public func todo(
        of author: UserID, after: PostID? = nil, limit: Int
    ) throws(BridgeStoreError) -> [TodoRow] {
        let prefix = RowKey().with(author)
        return try values(
            BridgeTables.todo, prefix, after: after.map { prefix.with($0) }, limit: limit, as: TodoRow.self)
    }

    /// Of all, by author, those behind `after`.
    public func todo(after: TodoRow? = nil, limit: Int) throws(BridgeStoreError) -> [TodoRow] {
        try values(
            BridgeTables.todo, RowKey(), after: after.map { RowPlace.todo($0.author, $0.post).key },
            limit: limit, as: TodoRow.self)
    }

    /// Authors with something to be mirrored, in the order of their numbers.
    public func todoAuthors(after: UserID? = nil, limit: Int = 1_000) throws(BridgeStoreError) -> [UserID] {
        var authors: [UserID] = []
        var start = after.map { RowKey().with($0).behind }
        while authors.count < limit,
            let row = try rows(BridgeTables.todo, RowKey(), after: start, limit: 1).first
        {
            var reader = KeyReader(row.key, skipping: 0)
            guard let author = reader.number().map({ UserID($0) }) else { break }
            authors.append(author)
            start = RowKey().with(author).behind
        }
        return authors
    }

    /// Puts a post off: it waits for something, or failed.
    ///
    /// - Parameter notBefore: **milliseconds** since 1970.
    public func postpone(
        _ author: UserID, _ id: PostID, _ why: TodoRow.Reason, until notBefore: Int64
    ) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            guard var row = try draft.read(.todo(author, id)) else { return }
            row.why = why
            row.notBefore = notBefore
            if why == .failed { row.attempts += 1 }
            try draft.write(.todo(author, id), row)
        }
    }

    /// Mirrors it never.
    public func giveUp(
        _ author: UserID, _ id: PostID, _ fate: PostState.Fate, reason: String
    ) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            guard let todo = try draft.read(.todo(author, id)) else { return }
            try draft.remove(.todo(author, id))
            try draft.write(.state(of: id), PostState(fate, reason: reason, at: draft.now))
            try draft.withdraw(todo.moderation, reason: reason)
        }
    }
}
