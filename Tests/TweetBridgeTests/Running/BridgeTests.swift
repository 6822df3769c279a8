// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// From a post on X to an event in the relay.
@Suite(.timeLimit(.minutes(3))) struct BridgeTests {
    private let ada = Handle("ada")

    private func scene(_ change: (inout BridgeConfiguration) -> Void = { _ in }) async throws -> BridgeScene {
        let handle = try #require(ada)
        return try await BridgeScene {
            $0.handles = [handle]
            change(&$0)
        }
    }

    @Test func `what an account posts is in the relay, with a profile before it`() async throws {
        let scene = try await scene()
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("Hello &amp; good morning", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        #expect(try scene.texts().count == 1)
        #expect(try scene.events([.metadata]).count == 1)
        #expect(try scene.world.store.accounts().map(\.handle) == ["ada"])
        try await scene.end()
    }

    @Test func `a thousand posts while it was down arrive, the oldest first, and none twice`() async throws {
        let scene = try await scene()
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        scene.pass(.seconds(60))
        try await scene.once()
        for number in 0..<1_000 {
            _ = try scene.x.withWorld { try $0.post("post \(number)", by: user) }
            scene.pass(.seconds(1))
        }
        scene.pass(.seconds(60))
        for _ in 0..<5 {
            try await scene.once(cap: 100_000_000)
            scene.pass(.seconds(600))
        }
        #expect(scene.observer.now.errors == [])
        let mirrored = scene.observer.now.mirrored
        #expect(mirrored == mirrored.sorted())
        #expect(mirrored.count == 1_000)
        #expect(Set(try scene.texts()).count == 1_000)
        try await scene.end()
    }

    @Test func `an edit takes the place of the older version, and a deletion takes back what there is`()
        async throws
    {
        let scene = try await scene()
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        let first = try scene.x.withWorld { try $0.post("frist", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(try scene.texts().count == 1)
        let second = try scene.x.withWorld { try $0.edit(first, text: "first") }
        scene.pass(.seconds(600))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        #expect(try scene.texts().map { $0.contains("frist") } == [false])
        #expect(try scene.events([.deletion]).count == 1)
        try scene.x.withWorld { try $0.delete(second) }
        scene.pass(.seconds(7 * 3_600))
        try await scene.once()
        #expect(try scene.texts() == [])
        #expect(scene.observer.now.tookBack.count == 1)
        try await scene.end()
    }

    @Test func `a repost embeds the event of what is reposted`() async throws {
        let scene = try await scene()
        let (user, other) = try scene.x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
        let post = try scene.x.withWorld { try $0.post("worth repeating", by: other) }
        scene.pass(.seconds(60))
        _ = try scene.x.withWorld { try $0.repost(post, by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        let repost = try #require(try scene.events([.repost]).first)
        let original = try #require(try scene.events().first)
        #expect(repost.content.contains(original.id.hex))
        #expect(original.pubkey != repost.pubkey)
        try await scene.end()
    }

    @Test func `answers are threads`() async throws {
        let scene = try await scene()
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        var last = try scene.x.withWorld { try $0.post("one", by: user) }
        for text in ["two", "three"] {
            scene.pass(.seconds(5))
            last = try scene.x.withWorld { [last] in try $0.post(XDraft(text, inReplyTo: last), by: user) }
        }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        let events = try scene.events()
        try #require(events.count == 3)
        let tags = events[2].tags.filter { $0.name == "e" }
        #expect(tags.map { $0.elements[1].string } == [events[0].id.hex, events[1].id.hex])
        try await scene.end()
    }

    @Test func `the ledger says what the stand-in counted, and nothing is read beyond the cap`() async throws
    {
        let scene = try await scene { $0.planner.backfill = 1_000 }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        for number in 0..<300 { _ = try scene.x.withWorld { try $0.post("post \(number)", by: user) } }
        scene.pass(.seconds(60))
        let cap: Int64 = 1_000_000
        try await scene.once(cap: cap)
        let spent = scene.x.withWorld { $0.spend.total }
        let ledger = SpendLedger.restored(
            try SpendRows(store: scene.world.store).load(), policy: SpendPolicy(cap: cap), at: scene.world.now
        ).0
        #expect(ledger.spent == spent)
        #expect(spent <= cap && spent > cap / 4, "\(spent)")
        try await scene.end()
    }
}
