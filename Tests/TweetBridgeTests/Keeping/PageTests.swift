// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct PageTests {
    private let timeline = FetchScope.timeline(UserID(10))

    @Test func `a page is kept whole: posts, what X sent, indexes, cursor, gap and what is to be done`()
        async throws
    {
        let world = try BridgeWorld()
        let page = (1...100).reversed().map { ReadPost.fixture(UInt64($0)) }
        let gap = GapRow(timeline, low: PostID(0), high: PostID(1), token: "t", at: world.now)
        let stored = try await world.store.store(
            page, users: [.fixture(11, handle: "ann")],
            cursor: CursorChange(timeline, advance: PostID(100), gaps: [gap]),
            todo: page.map { TodoRequest($0.id) })
        #expect(stored.new.count == 100 && stored.queued.count == 100 && stored.changed.isEmpty)
        #expect(try world.store.cursor(timeline) == PostID(100))
        #expect(try world.store.gaps(timeline) == [gap])
        #expect(try world.store.post(PostID(7))?.snapshot == page[93].snapshot)
        #expect(try world.store.raw(PostID(7)) == page[93].raw)
        #expect(try world.store.user(UserID(11))?.user.handle == "ann")
        #expect(try world.store.todo(of: UserID(10), limit: 1_000).map(\.post.number) == Array(1...100))
    }

    @Test func `lists are read page by page`() async throws {
        let world = try BridgeWorld()
        let page = (1...25).map { ReadPost.fixture(UInt64($0)) }
        _ = try await world.store.store(page, todo: page.map { TodoRequest($0.id) })
        var forward: [UInt64] = []
        while let part = try world.store.posts(after: forward.last.map { PostID($0) }, limit: 7).nonEmpty {
            forward += part.map(\.snapshot.post.id.number)
        }
        #expect(forward == Array(1...25))
        var backward: [UInt64] = []
        while let part = try world.store.posts(
            by: UserID(10), before: backward.last.map { PostID($0) }, limit: 7
        )
        .nonEmpty {
            backward += part.map(\.number)
        }
        #expect(backward == (1...25).reversed())
        var todo: [TodoRow] = []
        while let part = try world.store.todo(after: todo.last, limit: 4).nonEmpty { todo += part }
        #expect(todo.map(\.post.number) == Array(1...25))
        #expect(try world.store.todoAuthors() == [UserID(10)])
    }

    @Test func `the same page again changes nothing but when it was seen, and mirrors nothing twice`()
        async throws
    {
        let world = try BridgeWorld()
        let page = [ReadPost.fixture(5)]
        _ = try await world.store.store(page, todo: [TodoRequest(PostID(5))])
        world.pass(60_000)
        let again = try await world.store.store(page, todo: [TodoRequest(PostID(5))])
        #expect(again == StoredPage())
        let row = try #require(try world.store.post(PostID(5)))
        #expect(
            row.firstSeen == BridgeWorld.noon && row.lastSeen == world.now
                && row.changedAt == BridgeWorld.noon)
        #expect(try await world.store.publish(.of(5)) == .published([Event.mirroring(5).id]))
        let late = try await world.store.store(page, todo: [TodoRequest(PostID(5))])
        #expect(late.queued.isEmpty)
        #expect(try world.store.todo(limit: 10).isEmpty)
    }

    @Test func `what changed is kept, and what was not asked for this time is not lost`() async throws {
        let world = try BridgeWorld()
        let full = ReadPost.fixture(5) { snapshot in
            snapshot.post.mediaKeys = ["3_1"]
            snapshot.media = [Media(key: "3_1", type: "photo")]
            snapshot.post.metrics = Post.Metrics()
        }
        _ = try await world.store.store([full])
        // As a stream sends it: without media or author's profile, with counts.
        let bare = ReadPost.fixture(5) { snapshot in
            snapshot.author = nil
            snapshot.post.mediaKeys = ["3_1"]
            snapshot.post.metrics = Post.Metrics()
            snapshot.post.metrics?.likes = 9
        }
        #expect(try await world.store.store([bare]).changed.isEmpty)
        var row = try #require(try world.store.post(PostID(5)))
        #expect(row.snapshot.media.map(\.key) == ["3_1"] && row.snapshot.author?.handle == "user10")
        #expect(row.snapshot.post.metrics?.likes == 9)
        let edited = ReadPost.fixture(5, text: "other words")
        #expect(try await world.store.store([edited]).changed == [PostID(5)])
        row = try #require(try world.store.post(PostID(5)))
        #expect(row.snapshot.post.text == "other words")
        #expect(
            String(decoding: try #require(try world.store.raw(PostID(5))), as: UTF8.self).contains(
                "other words"))
    }

    @Test func `referenced posts are kept, found by what refers to them, and unknown ones as well`()
        async throws
    {
        let world = try BridgeWorld()
        let quoted = ReadPost.fixture(3, by: 11).snapshot
        let post = ReadPost.fixture(5) { snapshot in
            snapshot.post.references = [
                Post.Reference(.quoted, PostID(3)), Post.Reference(.repliedTo, PostID(2)),
            ]
            snapshot.post.conversation = PostID(1)
            snapshot.referenced = [quoted]
        }
        #expect(try await world.store.store([post]).new == [PostID(5)])
        #expect(try world.store.post(PostID(3))?.isReference == true)
        #expect(try world.store.posts(referring: .quoted, to: PostID(3), limit: 9) == [PostID(5)])
        #expect(try world.store.posts(referring: .repliedTo, to: PostID(2), limit: 9) == [PostID(5)])
        #expect(try world.store.posts(referring: .quoted, to: PostID(2), limit: 9).isEmpty)
        #expect(try world.store.posts(in: PostID(1), limit: 9) == [PostID(5)])
        // Read for itself, it is new and a reference no more.
        #expect(try await world.store.store([.fixture(3, by: 11)]).new == [PostID(3)])
        #expect(try world.store.post(PostID(3))?.isReference == false)
    }

    @Test func `the versions of a post are one chain`() async throws {
        let world = try BridgeWorld()
        let chain = [PostID(5), PostID(8), PostID(9)]
        for count in 1...3 {
            let version = ReadPost.fixture(chain[count - 1].number, text: "v\(count)") { snapshot in
                snapshot.post.versions = Array(chain[..<count])
            }
            _ = try await world.store.store([version])
        }
        #expect(try world.store.versions(of: PostID(5)) == chain)
        #expect(try world.store.post(PostID(9))?.first == PostID(5))
    }

    @Test func `since_id never becomes less, and gaps close one by one`() async throws {
        let world = try BridgeWorld()
        _ = try await world.store.store([], cursor: CursorChange(timeline, advance: PostID(500)))
        _ = try await world.store.store([], cursor: CursorChange(timeline, advance: PostID(400)))
        #expect(try world.store.cursor(timeline) == PostID(500))
        let gaps = [100, 200].map { GapRow(timeline, low: PostID($0), high: PostID($0 + 50), at: world.now) }
        _ = try await world.store.store([], cursor: CursorChange(timeline, gaps: gaps))
        var smaller = gaps[0]
        smaller.high = PostID(120)
        _ = try await world.store.store(
            [], cursor: CursorChange(timeline, closed: [PostID(200)], gaps: [smaller]))
        #expect(try world.store.gaps(timeline) == [smaller])
        #expect(try world.store.allGaps() == [smaller])
        #expect(try world.store.cursors().map(\.0) == [timeline])
        #expect(try world.store.cursor(.search("10")) == nil)
    }

    @Test func `gaps of lists whose names begin alike are apart`() async throws {
        let world = try BridgeWorld()
        let (short, long) = (FetchScope.search("x"), FetchScope.search("x:y"))
        for scope in [short, long] {
            let gap = GapRow(scope, low: PostID(1), high: PostID(9), at: world.now)
            _ = try await world.store.store([], cursor: CursorChange(scope, gaps: [gap]))
        }
        #expect(try world.store.gaps(short).map(\.scope) == [short.text])
        #expect(try world.store.gaps(long).map(\.scope) == [long.text])
        #expect(try world.store.allGaps().count == 2)
    }

    @Test func `of a page that cannot be written nothing is there, the cursor least of all`() async throws {
        var limits = BridgeStoreLimits()
        limits.rows = 50
        let world = try BridgeWorld(limits: limits)
        let before = try world.rows()
        await #expect(throws: BridgeStoreError.self) {
            try await world.store.store(
                (1...100).map { ReadPost.fixture($0) },
                cursor: CursorChange(self.timeline, advance: PostID(100)))
        }
        #expect(try world.rows() == before)
    }

    @Test func `two who keep the same post at once lose nothing of it`() async throws {
        let world = try BridgeWorld()
        try await withThrowingTaskGroup { tasks in
            for number in UInt64(0)..<20 {
                tasks.addTask {
                    _ = try await world.store.store(
                        [.fixture(5)], cursor: CursorChange(.search("s"), advance: PostID(number)),
                        todo: [TodoRequest(PostID(5))])
                }
            }
            try await tasks.waitForAll()
        }
        #expect(try world.store.cursor(.search("s")) == PostID(19))
        #expect(try world.store.todo(limit: 10).count == 1)
    }

    @Test func `a post that is gone is not mirrored, and not asked for until its time`() async throws {
        let world = try BridgeWorld()
        _ = try await world.store.store(
            [.fixture(5), .fixture(6)], todo: [5, 6].map { TodoRequest(PostID($0)) })
        try await world.store.markGone(PostID(5), .deleted, status: 200)
        try await world.store.markGone(PostID(6), .unknown, recheckAt: world.now + 1_000)
        try await world.store.markGone(PostID(7), .protected, recheckAt: world.now + 1_000)
        #expect(try world.store.todo(limit: 10).map(\.post) == [PostID(6)])
        #expect(try world.store.state(of: PostID(5))?.fate == .gone)
        #expect(try world.store.isGone(PostID(5)) && world.store.isGone(PostID(7)))
        #expect(try world.store.allGone(after: PostID(5), limit: 9).map(\.0) == [PostID(6), PostID(7)])
        world.pass(1_000)
        #expect(try world.store.isGone(PostID(5)))
        #expect(try !world.store.isGone(PostID(7)))
        // It is back.
        _ = try await world.store.store([.fixture(5)], todo: [TodoRequest(PostID(5))])
        #expect(try world.store.gone(PostID(5)) == nil)
        #expect(try world.store.todo(limit: 10).count == 2)
    }

    @Test func `what waits may be put off, given up or left out`() async throws {
        let world = try BridgeWorld()
        _ = try await world.store.store(
            [.fixture(5), .fixture(6), .fixture(7)],
            todo: [TodoRequest(PostID(5), why: .editable, notBefore: world.now + 9), TodoRequest(PostID(6))],
            skipped: [PostID(7): "tooOld"])
        #expect(try world.store.todo(limit: 9).map(\.why) == [.editable, .new])
        try await world.store.postpone(UserID(10), PostID(6), .failed, until: world.now + 50)
        let row = try #require(try world.store.todo(of: UserID(10), after: PostID(5), limit: 1).first)
        #expect(row.why == .failed && row.attempts == 1 && row.notBefore == world.now + 50)
        try await world.store.giveUp(UserID(10), PostID(6), .skipped, reason: "opted out")
        #expect(try world.store.state(of: PostID(6))?.reason == "opted out")
        #expect(try world.store.state(of: PostID(7))?.fate == .skipped)
        _ = try await world.store.store([.fixture(7)], todo: [TodoRequest(PostID(7))])
        #expect(try world.store.todo(limit: 9).map(\.post) == [PostID(5)])
    }
}

extension Array {
    fileprivate var nonEmpty: [Element]? { isEmpty ? nil : self }
}
