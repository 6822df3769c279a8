// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules
import TestSupport
import TweetCore

@testable import TweetBridge

/// A store of its own, its door, and what the bridge keeps in it.
final class BridgeWorld: Sendable {
    /// **Milliseconds** since 1970.
    static let noon: Int64 = 1_700_000_000_000

    let directory: TemporaryDirectory
    let events: EventStore
    let ingest: Ingest
    let store: BridgeStore
    private let clock: NIOLockedValueBox<Int64>

    /// - Parameter given: a directory that another world has used.
    init(
        in given: TemporaryDirectory? = nil, at start: Int64 = noon,
        limits: BridgeStoreLimits = BridgeStoreLimits(),
        banned: [PublicKey] = [], fault: @escaping @Sendable () -> SubmissionFault = { .none }
    ) throws {
        directory = try given ?? TemporaryDirectory()
        let clock = NIOLockedValueBox(start)
        self.clock = clock
        var options = StoreOptions(path: directory.path + "/store", mapSize: 1 << 30)
        options.durability = .relaxed
        options.sideTables = Ingest.sideTables + BridgeTables.all
        let opened = try EventStore.open(options)
        events = opened.store
        var sheet = ModerationSheet()
        for key in banned { sheet.bannedPubkeys[key] = "" }
        let lists = try ModerationLists(configured: sheet, in: events)
        var ingestLimits = IngestLimits()
        ingestLimits.bulkLingerMilliseconds = 0
        ingest = Ingest(
            writer: opened.takeWriter(), store: events,
            admission: Admission(rules: .open, limits: PublishingLimits(), lists: lists),
            limits: ingestLimits,
            now: { Timestamp(clock.withLockedValue { $0 } / 1_000) })
        store = BridgeStore(
            store: events, ingest: ingest, now: { clock.withLockedValue { $0 } },
            seal: TokenSeal(key: [UInt8](repeating: 7, count: 32)), limits: limits, fault: fault)
    }

    /// One in a directory that another has just left: its threads may not have let go of it yet.
    static func again(
        in directory: TemporaryDirectory, at start: Int64,
        fault: @escaping @Sendable () -> SubmissionFault = { .none }
    ) async throws -> BridgeWorld {
        try await eventually("the end of the world before") {
            do { return try BridgeWorld(in: directory, at: start, fault: fault) } catch StoreError.locked {
                return nil
            }
        }
    }

    var now: Int64 { clock.withLockedValue { $0 } }
    /// Lets **milliseconds** pass.
    func pass(_ span: Int64) { clock.withLockedValue { $0 += span } }

    /// Every row of every table, for comparing.
    func rows() throws -> [String: [UInt8]] {
        var all: [String: [UInt8]] = [:]
        for table in BridgeTables.all {
            var last: [UInt8]?
            while true {
                let rows = try events.sideRows(table, after: last, limit: 1_000)
                for row in rows { all["\(table.name) \(row.key)"] = row.value }
                guard let end = rows.last else { break }
                last = end.key
            }
        }
        return all
    }
}

extension User {
    static func fixture(_ id: UInt64 = 10, handle: String = "bob", name: String = "Bob") -> User {
        var user = User(id: UserID(id), handle: handle, name: name)
        user.about = "about \(handle)"
        return user
    }
}

extension ReadPost {
    /// A post of `author`, with its author's profile.
    static func fixture(
        _ id: UInt64, by author: UInt64 = 10, text: String = "hello",
        _ change: (inout Snapshot) -> Void = { _ in }
    ) -> ReadPost {
        var post = Post(id: PostID(id), text: text)
        post.author = UserID(author)
        post.createdAt = 1_600_000_000_000 + Int64(clamping: id % 1_000_000)
        post.conversation = PostID(id)
        post.versions = [PostID(id)]
        var snapshot = Snapshot(post)
        snapshot.author = .fixture(author, handle: "user\(author)")
        change(&snapshot)
        return ReadPost(snapshot, raw: Array("{\"id\":\"\(id)\",\"text\":\"\(text)\"}".utf8))
    }
}

extension Event {
    /// The event that mirrors a post in these tests: the same each time.
    static func mirroring(_ post: UInt64, text: String = "hello", by author: Int = 10) -> Event {
        .fixture(
            at: 1_600_000_000 + Int64(post % 1_000_000),
            tags: [.of("proxy", "https://x.com/i/status/\(post)", "web")], content: text, by: author)
    }
}

extension Publication {
    /// Of one post that waits.
    static func of(
        _ post: UInt64, by author: UInt64 = 10, event: Event? = nil, relays: [RelayURL] = []
    ) -> Publication {
        Publication(
            todo: (UserID(author), PostID(post)),
            [Part(event ?? .mirroring(post), .mirror(PostID(post), first: PostID(post)))], relays: relays)
    }
}
