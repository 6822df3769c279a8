// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

extension StateKey {
    /// That a post is being sent; and which one it became, once that is known.
    static func sending(_ job: UInt64) -> StateKey { StateKey("outbound_sending:\(job)") }
    /// The job whose post is being sent at this moment.
    static let sendingNow = StateKey("outbound_sending")
    /// Which job made a post of X.
    static func sent(_ id: PostID) -> StateKey { StateKey("outbound_post:\(id)") }
    /// Which post of X an event became.
    static func sent(_ event: EventID) -> StateKey { StateKey("outbound_event:\(event.hex)") }
}

extension BridgeStore {
    /// Whether a post was made on X from here: it is never mirrored.
    public func isOutbound(_ id: PostID) throws(BridgeStoreError) -> Bool {
        try remembered(.sent(id)) != nil
    }

    /// The post of X that an event became.
    public func outboundPost(of event: EventID) throws(BridgeStoreError) -> PostID? {
        try remembered(.sent(event)).flatMap { PostID($0.value) }
    }

    /// The post of X that an event says it mirrors: one of ours, or one that is stored and names it.
    func origin(of event: EventID) throws(BridgeStoreError) -> PostID? {
        if let row = try mirrored(event) { return row.post ?? PostID(0) }
        guard let stored = try storedEvent(event) else { return nil }
        // Another bridge's.
        return stored.tags.lazy.filter { $0.name == "proxy" }
            .compactMap { $0.value.flatMap { PostID(statusURL: $0.string) } }.first
    }

    /// The post is about to be sent: whatever happens now, it is not sent again by itself.
    func markSending(_ job: QueuedJob) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            try draft.remember(.sending(job.number), "", limits)
            try draft.remember(.sendingNow, "\(job.number)", limits)
        }
    }

    /// Whether a post was being sent before; and what it became, where that is known.
    func wasSending(_ job: QueuedJob) throws(BridgeStoreError) -> (Bool, PostID?) {
        let mark = try remembered(.sending(job.number))
        return (mark != nil, mark.flatMap { PostID($0.value) })
    }

    /// X has not taken it, or an operator will look: it may be sent again.
    func unmarkSending(_ job: QueuedJob) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            try draft.remember(.sending(job.number), nil, limits)
            try draft.remember(.sendingNow, nil, limits)
        }
    }

    /// X has made it a post: the post is never mirrored, even where it was read before this was known.
    func noteSent(_ job: QueuedJob, as id: PostID, from event: EventID?) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            try draft.remember(.sent(id), "\(job.number)", limits)
            if let event { try draft.remember(.sent(event), id.description, limits) }
            if try draft.read(.mirror(id)) == nil {
                try draft.write(
                    .state(of: id), PostState(.skipped, reason: "posted from here", at: draft.now))
            }
            if let author = try draft.read(.post(id))?.snapshot.post.author,
                let todo = try draft.read(.todo(author, id))
            {
                try draft.remove(.todo(author, id))
                try draft.withdraw(todo.moderation, reason: "posted from here")
            }
            try draft.remember(.sending(job.number), id.description, limits)
            try draft.remember(.sendingNow, nil, limits)
        }
    }
}

extension Draft {
    /// How long an answer of X may take, and more. **Milliseconds**.
    private static let sendingMax: Int64 = 120_000

    /// Until when a post is not mirrored, as it may be the one that is being sent at this moment: X tells of a post before it
    /// answers to whoever made it. 0: at once. **Milliseconds** since 1970.
    mutating func outboundDoubt(about author: UserID) throws(BridgeStoreError) -> Int64 {
        guard let sending = try read(.remembered(.sendingNow)), now - sending.updatedAt < Self.sendingMax
        else { return 0 }
        let user = try read(.remembered(.consent))
        guard user.map({ $0.value == author.description }) ?? true else { return 0 }
        return sending.updatedAt + Self.sendingMax
    }
}
