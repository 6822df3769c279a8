// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// Accounts that are renamed, recycled, protected, suspended or gone, and come back.
@Suite(.timeLimit(.minutes(3))) struct AccountFateTests {
    private func scene() async throws -> (BridgeScene, XUserID) {
        let ada = try #require(Handle("ada"))
        let scene = try await BridgeScene { $0.handles = [ada] }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("before", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        return (scene, user)
    }

    @Test func `who takes a handle that became free speaks for nobody else`() async throws {
        let (scene, user) = try await scene()
        let stranger = try scene.x.withWorld { world in
            try world.rename(user, to: "countess")
            return try world.addUser("ada")
        }
        scene.pass(.seconds(600))
        try await scene.once()
        _ = try scene.x.withWorld { world in
            try world.post("a stranger", by: stranger)
            try world.post("the same as ever", by: user)
        }
        scene.pass(.seconds(25 * 3_600))
        for _ in 0..<2 {
            try await scene.once()
            scene.pass(.seconds(3_700))
        }
        let byKey = Dictionary(grouping: try scene.events(), by: \.pubkey).mapValues { $0.map(\.content) }
        #expect(byKey.values.contains(["before", "the same as ever"]))
        #expect(try !scene.texts().contains("a stranger"))
        try await scene.end()
    }

    @Test func `a mirror goes on under its key when its account has another handle`() async throws {
        let (scene, user) = try await scene()
        try scene.x.withWorld { try $0.rename(user, to: "countess") }
        _ = try scene.x.withWorld { try $0.post("after", by: user) }
        scene.pass(.seconds(25 * 3_600))
        try await scene.once()
        #expect(try scene.texts() == ["before", "after"])
        #expect(Set(try scene.events().map(\.pubkey)).count == 1)
        let profile = try #require(try scene.events([.metadata]).last)
        #expect(profile.content.contains("countess"))
        #expect(scene.observer.now.errors == [])
        try await scene.end()
    }

    /// Who left X by themselves is as if they had never been there: their posts are deleted, and so are their notes.
    @Test(arguments: ["protected": true, "suspended": true, "deactivated": false])
    func `an account that cannot be read is told of, and goes on when it is back`(
        fate: String, keepsNotes: Bool
    ) async throws {
        let (scene, user) = try await scene()
        try scene.x.withWorld { world in
            switch fate {
            case "protected": try world.change(user) { $0.isProtected = true }
            case "suspended": try world.setStanding(.suspended, of: user)
            default: try world.setStanding(.deactivated, of: user)
            }
        }
        let bridge = try scene.bridge()
        for _ in 0..<3 {
            scene.pass(.seconds(25 * 3_600))
            await bridge.once()
        }
        #expect(scene.observer.now.unreadable[UserID(user)] != nil)
        #expect(try scene.texts() == (keepsNotes ? ["before"] : []))
        try scene.x.withWorld { world in
            if fate == "protected" {
                try world.change(user) { $0.isProtected = false }
            } else {
                try world.setStanding(.active, of: user)
            }
        }
        _ = try scene.x.withWorld { try $0.post("back", by: user) }
        for _ in 0..<2 {
            scene.pass(.seconds(25 * 3_600))
            await bridge.once()
        }
        #expect(try scene.texts() == (keepsNotes ? ["before", "back"] : ["back"]))
        try await scene.end()
    }

    @Test func `a post of nobody that we mirror is not mirrored because it was pushed`() async throws {
        let (scene, _) = try await scene()
        let bridge = try scene.bridge()
        try await bridge.fetcher.keepPushed(.fixture(77, by: 88, text: "who is this"), users: [])
        await bridge.once()
        #expect(try scene.texts() == ["before"])
        try await scene.end()
    }

    @Test func `an account that was removed is not mirrored by an answer that was under way`() async throws {
        let (scene, user) = try await scene()
        let bridge = try scene.bridge()
        _ = try await scene.world.store.removeAccount(UserID(user))
        var page = PostPage()
        page.posts = [.fixture(77, by: user, text: "too late")]
        try await bridge.fetcher.keep(page, nil, of: .timeline(UserID(user)))
        _ = await bridge.publisher.publishAll()
        #expect(try scene.texts() == ["before"])
        try await scene.end()
    }
}
