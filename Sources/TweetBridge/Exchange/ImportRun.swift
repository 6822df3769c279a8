// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// One import while it goes on: what was read and waits for its transaction, and what is to be said about it.
struct ImportRun {
    let store: BridgeStore
    let options: ImportOptions
    let limits: ExchangeLimits
    private let progress: @Sendable (ExchangeReport) -> Void
    let verifier = Verifier()
    var report = ExchangeReport()
    var posts: [ReadPost] = []
    var places: [PostID: String] = [:]
    var users: [User] = []
    var media: [Media] = []
    var events: [(post: PostID, event: Event, place: String)] = []
    /// Those that are mirrored, and the newest post of each in what was read.
    var accounts: [UserID: PostID] = [:]

    init(_ job: BridgeImport) throws(ExchangeError) {
        store = job.store
        options = job.options
        limits = job.limits
        progress = job.progress
        let rows = try storing { () throws(BridgeStoreError) in try job.store.accounts() }
        for account in rows { accounts[account.id] = PostID(0) }
    }

    // MARK: Taking up

    mutating func add(_ read: ReadPost, at place: String) async throws(ExchangeError) {
        if let row = try known(read.id) {
            report.known += 1
            note(row.snapshot)
            if options.queuesUnposted { try await add(again: row) }
            return
        }
        note(read.snapshot)
        if places[read.id] != nil { try await flush() }
        posts.append(read)
        places[read.id] = place
        if posts.count >= limits.batch { try await flush() }
    }

    /// A post that is here already, and may have to wait for its turn.
    mutating func add(again row: PostRow) async throws(ExchangeError) {
        guard try isToQueue(row.snapshot) else { return }
        posts.append(ReadPost(row.snapshot, raw: []))
        if posts.count >= limits.batch { try await flush() }
    }

    mutating func add(_ user: User) async throws(ExchangeError) {
        let row = try storing { () throws(BridgeStoreError) in try store.user(user.id) }
        guard row == nil, !users.contains(where: { $0.id == user.id }) else {
            report.known += 1
            return
        }
        users.append(user)
        if users.count >= limits.batch { try await flush() }
    }

    mutating func add(_ event: Event, of post: PostID, at place: String) async throws(ExchangeError) {
        let row = try storing { () throws(BridgeStoreError) in try store.mirror(post) }
        if row != nil || events.contains(where: { $0.post == post }) {
            if let row, row.event != event.id.hex { report.ignored += 1 } else { report.known += 1 }
            return
        }
        events.append((post, event, place))
        if events.count >= limits.batch { try await flush() }
    }

    /// A post that is kept in full.
    func known(_ id: PostID) throws(ExchangeError) -> PostRow? {
        let row = try storing { () throws(BridgeStoreError) in try store.post(id) }
        return row.flatMap { $0.isReference ? nil : $0 }
    }

    private mutating func note(_ snapshot: Snapshot) {
        guard let author = snapshot.post.author, let newest = accounts[author] else { return }
        accounts[author] = max(newest, snapshot.post.id)
    }

    /// What is known of a post besides: older systems keep authors, media and other posts elsewhere.
    ///
    /// An account that is known is as we know it: what it was called when the post was kept is history.
    func completed(_ given: Snapshot, with others: [PostID: Snapshot]) throws(ExchangeError) -> Snapshot {
        try storing { () throws(BridgeStoreError) in
            var snapshot = given
            if let author = snapshot.post.author, let user = try store.user(author)?.user {
                snapshot.author = user
            }
            if snapshot.media.count < snapshot.post.mediaKeys.count {
                let given = Dictionary(snapshot.media.map { ($0.key, $0) }) { first, _ in first }
                var media: [Media] = []
                for key in snapshot.post.mediaKeys where key.utf8.count <= 200 {
                    if let medium = given[key] {
                        media.append(medium)
                    } else if let medium = try store.media(key)?.media {
                        media.append(medium)
                    }
                }
                snapshot.media = media
            }
            let given = Set(snapshot.referenced.map(\.post.id))
            for reference in snapshot.post.references where !given.contains(reference.id) {
                let stored = others[reference.id] == nil ? try store.post(reference.id)?.snapshot : nil
                guard var other = others[reference.id] ?? stored else { continue }
                other.referenced = []
                snapshot.referenced.append(other)
            }
            return snapshot
        }
    }

    // MARK: Ends

    /// Writes what waits, and tells how far it is.
    mutating func flush() async throws(ExchangeError) {
        if Task.isCancelled { throw .cancelled }
        try await flushEvents()
        try await flushUsers()
        try await flushMedia()
        try await flushPosts()
        progress(report)
    }

    mutating func finish() async throws(ExchangeError) {
        try await flush()
        if options.movesCursors {
            for (account, newest) in accounts.sorted(by: { $0.key < $1.key }) where newest.number > 0 {
                try await move(.timeline(account), to: newest)
            }
        }
        progress(report)
    }

    /// Reading goes on from there, unless it is further already.
    mutating func move(_ scope: FetchScope, to since: PostID) async throws(ExchangeError) {
        let before = try storing { () throws(BridgeStoreError) in try store.cursor(scope) }
        if let before, before >= since { return }
        try await storing { () async throws(BridgeStoreError) in
            _ = try await store.store([], cursor: CursorChange(scope, advance: since))
        }
        report.count(.cursors)
    }
}

/// What the store says, in the words of an import.
func storing<Result>(_ work: () throws(BridgeStoreError) -> Result) throws(ExchangeError) -> Result {
    do { return try work() } catch { throw .store(error) }
}

/// The same, waiting for the disk.
func storing<Result>(
    _ work: () async throws(BridgeStoreError) -> Result
) async throws(ExchangeError) -> Result {
    do { return try await work() } catch { throw .store(error) }
}
