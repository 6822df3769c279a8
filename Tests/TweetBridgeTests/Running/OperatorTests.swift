// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// What an operator asks for by hand, against a stand-in.
@Suite(.timeLimit(.minutes(3))) struct OperatorTests {
    private let handles = [Handle("ada")].compactMap(\.self)

    private func id(_ id: XPostID) throws -> PostID { try #require(PostID("\(id)")) }

    @Test func `a post of anybody is read once, kept with what it refers to, and not mirrored`() async throws
    {
        let scene = try await BridgeScene()
        let (ada, bob) = try scene.x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
        let first = try scene.x.withWorld { try $0.post("so it begins", by: ada) }
        scene.pass(.seconds(60))
        let answer = try scene.x.withWorld { try $0.post(XDraft("indeed", inReplyTo: first), by: bob) }
        scene.pass(.seconds(60))
        let bridge = try scene.bridge()
        #expect(try await bridge.readPosts([try id(answer)]) == [try id(answer): .kept])
        let row = try #require(try scene.world.store.post(try id(answer)))
        #expect(row.snapshot.referenced(.repliedTo)?.post.text == "so it begins")
        #expect(try scene.world.store.listing(of: row).standing == .read)
        #expect(try scene.texts() == [])
        try await scene.end()
    }

    @Test func `what is gone is not asked for twice, unless somebody says so`() async throws {
        let scene = try await BridgeScene()
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        let post = try scene.x.withWorld { try $0.post("no more", by: ada) }
        try scene.x.withWorld { try $0.delete(post) }
        let bridge = try scene.bridge()
        let post1 = try id(post)
        #expect(try await bridge.readPosts([post1])[post1] == .absent(.deleted))
        let count = scene.x.withWorld { $0.spend.total }
        guard case .gone(let row) = try await bridge.readPosts([post1])[post1] else {
            Issue.record("it was asked for")
            return
        }
        #expect(row.absence == .deleted)
        #expect(scene.x.withWorld { $0.spend.total } == count)
        #expect(try await bridge.readPosts([post1], again: true)[post1] == .absent(.deleted))
        try await scene.end()
    }

    @Test func `a timeline is read as far as is wanted, and the bridge reads on where it was`() async throws {
        let scene = try await BridgeScene { $0.handles = handles }
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        for number in 0..<12 {
            _ = try scene.x.withWorld { try $0.post("post \(number)", by: ada) }
            scene.pass(.seconds(86_400))
        }
        let bridge = try scene.bridge()
        let users = try await bridge.readProfiles(handles)
        let user = try #require(users.first)
        #expect(try await bridge.readTimeline(of: user.id, count: 7, since: nil).posts.count == 7)
        let recent = try await bridge.readTimeline(
            of: user.id, count: 100, since: scene.world.now - 5 * 86_400_000 + 1)
        #expect(recent.posts.count == 4 || recent.posts.count == 5)
        #expect(try scene.world.store.cursor(.timeline(user.id)) == nil)
        try await scene.once()
        // What was read by hand is mirrored like the rest.
        #expect(try scene.texts().count == 12)
        try await scene.end()
    }

    @Test func `a filter leaves a post out, an operator has it mirrored, and never twice`() async throws {
        let scene = try await BridgeScene {
            $0.handles = handles
            $0.rules.wordsOut = ["spam"]
        }
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        let post = try id(try scene.x.withWorld { try $0.post("buy spam", by: ada) })
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(try scene.texts() == [])
        #expect(try scene.world.store.state(of: post)?.fate == .skipped)
        let bridge = try scene.bridge()
        guard case .mirrored(let event) = try await bridge.mirror(post, force: false) else {
            Issue.record("it is not mirrored")
            return
        }
        #expect(try scene.events().map(\.id) == [event])
        for force in [false, true] {
            guard case .known(let row) = try await bridge.mirror(post, force: force) else {
                Issue.record("it has a second event")
                return
            }
            #expect(row.id == event)
        }
        // A poll changes nothing of it.
        scene.pass(.seconds(600))
        try await scene.once()
        #expect(try scene.events().map(\.id) == [event])
        try await scene.end()
    }

    @Test func `a stranger's post is read and mirrored at once, with a profile`() async throws {
        let scene = try await BridgeScene()
        let bob = try scene.x.withWorld { try $0.addUser("bob") }
        let post = try id(try scene.x.withWorld { try $0.post("hello", by: bob) })
        guard case .mirrored = try await scene.bridge().mirror(post, force: false) else {
            Issue.record("it is not mirrored")
            return
        }
        #expect(try scene.events([.metadata]).count == 1)
        #expect(try scene.world.store.accounts().isEmpty)
        try await scene.end()
    }

    @Test func `what was taken back stays so, and what waits for a moderator goes on waiting`() async throws {
        let scene = try await BridgeScene {
            $0.handles = handles
            $0.moderation = ModerationRules(
                [ModerationRule("bad", when: .words([WordPattern("bad")].compactMap(\.self)), .reject)])
        }
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        let good = try id(try scene.x.withWorld { try $0.post("good", by: ada) })
        let bad = try id(try scene.x.withWorld { try $0.post("bad", by: ada) })
        scene.pass(.seconds(60))
        try await scene.once()
        let bridge = try scene.bridge()
        guard case .undecided = try await bridge.mirror(good, force: true) else {
            Issue.record("it does not wait")
            return
        }
        guard case .settled(let state) = try await bridge.mirror(bad, force: false) else {
            Issue.record("it is not rejected")
            return
        }
        #expect(state.fate == .rejected && scene.observer.now.mirrored == [])
        guard case .mirrored(let event) = try await bridge.mirror(bad, force: true) else {
            Issue.record("it cannot be overruled")
            return
        }
        let user = try #require(try scene.world.store.accounts().first)
        #expect(try await bridge.remove(user.id, erases: true) >= 1)
        guard case .known(let row) = try await bridge.mirror(bad, force: true) else {
            Issue.record("it has a second event")
            return
        }
        #expect(row.id == event && !row.isStanding)
        #expect(try scene.texts() == [])
        try await scene.end()
    }

    @Test func `a dry run makes nothing, tells what it would, and loses nothing`() async throws {
        let scene = try await BridgeScene {
            $0.handles = handles
            $0.isDryRun = true
            $0.rules.wordsOut = ["spam"]
        }
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("hello", by: ada) }
        _ = try scene.x.withWorld { try $0.post("spam", by: ada) }
        for _ in 0..<2 {
            scene.pass(.seconds(600))
            try await scene.once()
        }
        #expect(try scene.events([.textNote, .metadata, 10002]).isEmpty)
        #expect(scene.observer.now.rehearsed == [.mirror] && scene.observer.now.leftOut.count == 1)
        let (posts, _) = try scene.world.store.list(PostQuery())
        #expect(posts.map(\.standing) == [.skipped, .waiting])
        let real = try await BridgeScene(world: scene.world, x: scene.x)
        try await real.once()
        await real.leave()
        #expect(try real.texts().count == 1 && real.texts()[0].contains("hello"))
        try await scene.end()
    }

    @Test func `in a dry run what was deleted stands, and is taken back when it is none any more`()
        async throws
    {
        let scene = try await BridgeScene { $0.handles = handles }
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        let post = try scene.x.withWorld { try $0.post("hello", by: ada) }
        scene.pass(.seconds(60))
        try await scene.once()
        try scene.x.withWorld { try $0.delete(post) }
        scene.pass(.seconds(7 * 3_600))
        let dry = try await BridgeScene(world: scene.world, x: scene.x) { $0.isDryRun = true }
        try await dry.once()
        await dry.leave()
        // Told at each look: nothing notes it.
        #expect(Set(dry.observer.now.rehearsed) == [.takeBack])
        #expect(try scene.texts().count == 1)
        scene.pass(.seconds(7 * 3_600))
        try await scene.once()
        #expect(try scene.texts().isEmpty)
        try await scene.end()
    }

    @Test func `a conversation is read whole, strangers' answers and the old beginning included`()
        async throws
    {
        let scene = try await BridgeScene()
        let (ada, bob) = try scene.x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
        let first = try scene.x.withWorld { try $0.post("one", by: ada) }
        // Beyond what a search finds.
        scene.pass(.seconds(8 * 86_400))
        let second = try scene.x.withWorld { try $0.post(XDraft("two", inReplyTo: first), by: bob) }
        scene.pass(.seconds(1))
        _ = try scene.x.withWorld { try $0.post(XDraft("three", inReplyTo: second), by: ada) }
        scene.pass(.seconds(1))
        _ = try scene.x.withWorld { try $0.post(XDraft("four", inReplyTo: first), by: bob) }
        scene.pass(.seconds(60))
        let bridge = try scene.bridge()
        let reading = try await bridge.readConversation(try id(first))
        #expect(reading.isWhole)
        let (tree, isWhole) = try bridge.conversation(try id(first))
        let texts = try tree.lines.map {
            "\($0.depth) \(try scene.world.store.post($0.post)?.snapshot.post.text ?? "?")"
        }
        #expect(isWhole && texts.count == 4)
        #expect(texts[0] == "0 one" && texts[1].hasPrefix("1 ") && texts[1].hasSuffix("two"))
        #expect(tree.lines.map(\.depth) == [0, 1, 2, 1])
        try await scene.end()
    }

    /// An X whose lists have nothing in them and no end.
    private struct EndlessX: TweetSource {
        func ask(_ question: XQuestion, for purpose: SpendPurpose) async throws(XFailure) -> XAnswer {
            var page = PostPage()
            page.next = "more"
            return page
        }
    }

    @Test func `lists that have no end are left all the same`() async throws {
        let world = try BridgeWorld()
        let bridge = try Bridge(
            BridgeConfiguration(), source: EndlessX(), stream: nil, store: world.store,
            keys: KeyRing(.nip06ID, seed: try Mnemonic(BridgeScene.mnemonic).seed),
            clock: BridgeClock(now: { world.now }, sleep: { world.pass($0) }), observer: CountingObserver())
        #expect(try await !bridge.readTimeline(of: UserID(7), count: 10, since: nil).isWhole)
        #expect(try await !bridge.readConversation(PostID(7)).isWhole)
        await world.ingest.shutdown()
    }

    @Test func `in a dry run an account that is protected now is no reason to take anything back`()
        async throws
    {
        let scene = try await BridgeScene { $0.handles = handles }
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        let post = try id(try scene.x.withWorld { try $0.post("hello", by: ada) })
        scene.pass(.seconds(60))
        try await scene.once()
        let dry = try await BridgeScene(world: scene.world, x: scene.x) { $0.isDryRun = true }
        try await dry.bridge().retractor.absent(post, .protected)
        #expect(dry.observer.now.rehearsed == [])
        #expect(try scene.world.store.gone(post) == nil)
        await dry.leave()
        try await scene.end()
    }

    @Test func `the ledger says what the stand-in counted for all that is asked by hand`() async throws {
        let scene = try await BridgeScene()
        let ada = try scene.x.withWorld { try $0.addUser("ada") }
        let first = try scene.x.withWorld { try $0.post("one", by: ada) }
        scene.pass(.seconds(60))
        let bridge = try scene.bridge()
        let users = try await bridge.readProfiles(handles)
        let user = try #require(users.first)
        _ = try await bridge.readPosts([try id(first)])
        _ = try await bridge.readTimeline(of: user.id, count: 5, since: nil)
        _ = try await bridge.readConversation(try id(first))
        let rows = try SpendRows(store: scene.world.store).load()
        let (ledger, _) = SpendLedger.restored(rows, policy: SpendPolicy(cap: 1), at: scene.world.now)
        #expect(ledger.spent == scene.x.withWorld { $0.spend.total })
        #expect(ledger.spent > 0)
        try await scene.end()
    }
}
