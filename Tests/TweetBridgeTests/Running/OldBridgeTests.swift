// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// What older bridges got wrong between a list of X and an event; `docs/explanation/earlier-bridges.md` has all of it.
@Suite(.timeLimit(.minutes(3))) struct OldBridgeTests {
    private func scene(_ change: (inout BridgeConfiguration) -> Void = { _ in }) async throws -> BridgeScene {
        let ada = try #require(Handle("ada"))
        return try await BridgeScene {
            $0.handles = [ada]
            $0.planner.backfill = 1_000
            change(&$0)
        }
    }

    /// 250 posts: three pages. Each quotes a post of an account of its own, and shows a picture of its own.
    private func richPosts(_ scene: BridgeScene) throws {
        try scene.x.withWorld { world in
            let ada = try world.addUser("ada")
            for number in 0..<250 {
                let other = try world.addUser("other\(number)")
                let quoted = try world.post("quoted \(number)", by: other)
                let photo = try world.addMedia(XMediaDraft(altText: "picture \(number)"))
                world.advance(by: .seconds(1))
                _ = try world.post(XDraft("post \(number)", quoting: quoted, mediaKeys: [photo]), by: ada)
            }
        }
        scene.pass(.seconds(310))
    }

    @Test func `a post that a list brings has its quote, its picture and its profile at once (D6)`()
        async throws
    {
        let scene = try await scene { $0.context = .all }
        try richPosts(scene)
        try await scene.once(cap: 100_000_000)
        #expect(scene.observer.now.errors == [])
        let notes = try scene.events().filter { $0.content.hasPrefix("post ") }
        #expect(notes.count == 250)
        // Each quotes an event that is here, by an author who has a profile, and shows its own picture.
        let ids = Set(try scene.events().map(\.id.hex))
        let profiles = Set(try scene.events([.metadata]).map(\.pubkey.hex))
        for note in notes {
            let number = note.content.dropFirst(5).prefix { $0.isNumber }
            let quote = try #require(note.tags.first { $0.name == "q" })
            #expect(ids.contains(quote.elements[1].string))
            #expect(profiles.contains(quote.elements[3].string))
            #expect(note.content.contains("nostr:nevent1"))
            let picture = try #require(note.tags.first { $0.name == "imeta" })
            #expect(picture.elements.contains { $0.string == "alt picture \(number)" })
        }
        try await scene.end()
    }

    @Test func `every page of a list keeps what came along with it (D7)`() async throws {
        let scene = try await scene()
        try richPosts(scene)
        try await scene.once(cap: 100_000_000)
        let ada = try #require(Handle("ada"))
        let user = try #require(try scene.world.store.user(of: ada))
        let posts = try scene.world.store.posts(by: user, limit: 300)
        #expect(posts.count == 250)
        for id in posts {
            let snapshot = try #require(try scene.world.store.post(id)).snapshot
            let number = snapshot.post.text.dropFirst(5).prefix { $0.isNumber }
            #expect(snapshot.author?.handle == "ada")
            #expect(snapshot.referenced(.quoted)?.author?.handle == "other\(number)")
            #expect(snapshot.media.map(\.alternativeText) == ["picture \(number)"])
        }
        // One key signs them: that of their author, and never that of nobody.
        let keys = Set(try scene.events().map(\.pubkey))
        let nobody = KeyRing(.nip06ID, seed: try Mnemonic(BridgeScene.mnemonic).seed).key(
            of: UserID(0), index: nil)
        #expect(keys.count == 1 && nobody.map { !keys.contains($0.publicKey) } == true)
        try await scene.end()
    }

    @Test(
        arguments: [
            (.status(503), "transient"), (.html(502), "transient"), (.status(401), "unauthorized"),
            (.clientForbidden("client-not-enrolled"), "forbidden"), (.rateLimited, "limited"),
            (.usageCapped, "usage_capped"), (.creditsDepleted, "out_of_credits"),
        ] as [(XFault.Effect, String)])
    func `what X refuses is known by its kind where it is decided what follows (D8)`(
        effect: XFault.Effect, label: String
    ) async throws {
        let scene = try await scene()
        _ = try scene.x.withWorld { try $0.post("hello", by: try $0.addUser("ada")) }
        scene.pass(.seconds(60))
        let path = "/2/users/" + String(scene.x.withWorld { $0.user(named: "ada")?.id ?? 0 })
        try scene.x.withWorld { try $0.add(XFault(effect, path: path, times: nil)) }
        try await scene.once()
        #expect(Set(scene.observer.now.failures.map(\.label)) == [label])
        #expect(try scene.texts() == [])
        scene.x.withWorld { $0.clearFaults() }
        scene.pass(.seconds(3_700))
        try await scene.once()
        #expect(try scene.texts() == ["hello"])
        try await scene.end()
    }

    @Test func `an event is the same whatever was read before it (D11)`() async throws {
        var ids: [EventID] = []
        for knows in [false, true] {
            let scene = try await scene()
            let (ada, bob) = try scene.x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
            if knows {
                // Profiles and posts of those who are mentioned, and an older answer about the same account.
                var known = User(id: UserID(bob), handle: "bob", name: "Bob of old")
                known.about = "read long ago"
                let post = ReadPost.fixture(77, by: bob) { $0.author = known }
                _ = try await scene.world.store.store([post], users: [known])
            }
            _ = try scene.x.withWorld { try $0.post("hello @bob and @nobody", by: ada) }
            scene.pass(.seconds(60))
            try await scene.once()
            ids.append(try #require(try scene.events().first).id)
            // The same again, as after an answer of a relay that never came, makes no other event.
            scene.pass(.seconds(600))
            try await scene.once()
            #expect(try scene.events().map(\.id) == [ids.last])
            try await scene.end()
        }
        #expect(Set(ids).count == 1)
    }

    @Test func `a search that was left for more than a week goes on, and does not fail for ever (D17)`()
        async throws
    {
        let scene = try await scene {
            $0.planner.terms = [.mentions]
        }
        let bob = try scene.x.withWorld { world in
            _ = try world.addUser("ada")
            return try world.addUser("bob")
        }
        scene.pass(.seconds(60))
        try await scene.once()
        _ = try scene.x.withWorld { try $0.post("@ada early", by: bob) }
        scene.pass(.seconds(600))
        try await scene.once()
        scene.pass(.seconds(9 * 86_400))
        _ = try scene.x.withWorld { try $0.post("@ada late", by: bob) }
        scene.pass(.seconds(60))
        for _ in 0..<2 {
            try await scene.once()
            scene.pass(.seconds(600))
        }
        #expect(scene.observer.now.failures.allSatisfy { $0.label == "stale_since" })
        #expect(try scene.texts().map { $0.contains("late") } == [false, true])
        try await scene.end()
    }
}
