// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

extension ImportRun {
    /// Events that verify become what mirrors their posts: nothing is posted twice.
    mutating func flushEvents() async throws(ExchangeError) {
        if events.isEmpty { return }
        let batch = events
        events = []
        let publications = batch.map {
            Publication(
                [Publication.Part($0.event, .mirror($0.post, first: $0.post))], relays: options.relays)
        }
        let results = try await storing { () async throws(BridgeStoreError) in
            try await store.publish(publications)
        }
        for (entry, result) in zip(batch, results) {
            switch result {
            case .published(let ids): report.count(.mirrors, ids.count)
            case .refused(_, let reason):
                report.damage(entry.place, "our own relay does not take it: \(reason)")
            case .alreadyDone, .notApproved: report.known += 1
            }
        }
    }

    mutating func flushUsers() async throws(ExchangeError) {
        if users.isEmpty { return }
        let batch = users
        users = []
        try await storing { () async throws(BridgeStoreError) in _ = try await store.store(users: batch) }
        report.count(.users, batch.count)
    }

    mutating func flushMedia() async throws(ExchangeError) {
        if media.isEmpty { return }
        let batch = media
        media = []
        let isDropped = !options.fetchesMedia
        try await storing { () async throws(BridgeStoreError) in
            try await store.keep(media: batch, of: nil, isDropped: isDropped)
        }
        report.count(.media, batch.count)
    }

    mutating func flushPosts() async throws(ExchangeError) {
        if posts.isEmpty { return }
        let others = Dictionary(posts.map { ($0.id, $0.snapshot) }) { first, _ in first }
        var batch: [ReadPost] = []
        for post in posts {
            batch.append(ReadPost(try completed(post.snapshot, with: others), raw: post.raw))
        }
        let names = places
        posts = []
        places = [:]
        do throws(BridgeStoreError) {
            try await write(batch, isNew: { names[$0] != nil })
        } catch {
            guard case .tooMuch = error else { throw .store(error) }
            // One of them is larger than anything that X sends.
            for post in batch {
                do throws(BridgeStoreError) {
                    try await write([post], isNew: { names[$0] != nil })
                } catch {
                    guard case .tooMuch(let what) = error else { throw .store(error) }
                    report.damage(names[post.id] ?? "\(post.id)", "too much: \(what)")
                }
            }
        }
    }

    private mutating func write(
        _ batch: [ReadPost], isNew: (PostID) -> Bool
    ) async throws(BridgeStoreError) {
        var todo: [TodoRequest] = []
        for post in batch where try isWanted(post.snapshot) { todo.append(TodoRequest(post.id)) }
        let waiting = Set(todo.map(\.post))
        for post in batch where !options.fetchesMedia && !waiting.contains(post.id) {
            // Before the post, so that nothing is fetched where the two come apart.
            try await store.keep(media: post.snapshot.allMedia, of: post.id, isDropped: true)
        }
        let stored = try await store.store(batch, todo: todo)
        report.count(.posts, batch.count { isNew($0.id) })
        report.count(.queued, stored.queued.count)
    }

    func isToQueue(_ snapshot: Snapshot) throws(ExchangeError) -> Bool {
        try storing { () throws(BridgeStoreError) in try isWanted(snapshot) }
    }

    /// Whether it is to be mirrored because of this import.
    private func isWanted(_ snapshot: Snapshot) throws(BridgeStoreError) -> Bool {
        guard options.queuesUnposted, let author = snapshot.post.author, accounts[author] != nil else {
            return false
        }
        if try store.mirror(snapshot.post.id) != nil { return false }
        return try store.state(of: snapshot.post.id) == nil
    }
}

extension Snapshot {
    /// Its own, and those of the posts that it refers to.
    fileprivate var allMedia: [Media] { media + referenced.flatMap(\.allMedia) }
}
