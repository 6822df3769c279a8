// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// Accounts that change their handle, are closed, and come back.
@Suite(.timeLimit(.minutes(3))) struct AccountFatesTests {
    private let ada = Handle("ada")

    private func scene(_ change: (inout BridgeConfiguration) -> Void = { _ in }) async throws -> BridgeScene {
        let handle = try #require(ada)
        return try await BridgeScene {
            $0.handles = [handle]
            $0.conversion.nip05Domain = "mirrors.test"
            change(&$0)
        }
    }

    @Test func `a handle that somebody else takes is neither read, nor named, nor signed for`() async throws {
        let scene = try await scene()
        let first = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("by the first", by: first) }
        scene.pass(.seconds(60))
        try await scene.once()
        let key = try #require(try await (try scene.bridge()).key(ofHandle: "ada"))
        let second = try scene.x.withWorld { world in
            try world.rename(first, to: "countess")
            return try world.addUser("ada")
        }
        _ = try scene.x.withWorld { try $0.post("by the second", by: second) }
        scene.pass(.seconds(1))
        _ = try scene.x.withWorld { try $0.post("by the first again", by: first) }
        scene.pass(.seconds(25 * 3_600))
        // The configuration still says "ada", also after a restart.
        for _ in 0..<2 { try await scene.once() }
        #expect(scene.observer.now.errors == [])
        #expect(try scene.texts() == ["by the first", "by the first again"])
        #expect(Set(try scene.events().map(\.pubkey)) == [key])
        let bridge = try scene.bridge()
        #expect(try await bridge.key(ofHandle: "ada") == nil)
        #expect(try await bridge.key(ofHandle: "Countess") == key)
        #expect(try scene.events([.metadata]).allSatisfy { $0.content.contains("countess@mirrors.test") })
        // Somebody else, if the operator wants them: with a key and a name of their own.
        _ = try await bridge.addAccounts([try #require(ada)])
        scene.pass(.seconds(3_600))
        try await scene.once()
        let other = try #require(try await bridge.key(ofHandle: "ada"))
        #expect(other != key)
        for event in try scene.events() {
            #expect(event.pubkey == (event.content == "by the second" ? other : key), "\(event.content)")
        }
        #expect(try await bridge.key(ofHandle: "countess") == key)
        try await scene.end()
    }

    enum Fate: String, CaseIterable {
        case suspended, protected, deactivated

        func befall(_ user: XUserID, in world: inout XWorld) throws {
            switch self {
            case .suspended: try world.setStanding(.suspended, of: user)
            case .protected: try world.change(user) { $0.isProtected = true }
            case .deactivated: try world.setStanding(.deactivated, of: user)
            }
        }

        func end(_ user: XUserID, in world: inout XWorld) throws {
            switch self {
            case .suspended, .deactivated: try world.setStanding(.active, of: user)
            case .protected: try world.change(user) { $0.isProtected = false }
            }
        }

        var absence: Absence {
            switch self {
            case .suspended: .suspended
            case .protected: .protected
            case .deactivated: .deleted
            }
        }
    }

    @Test(arguments: [Fate.suspended, .protected])
    func `an account that cannot be read keeps its events, and goes on when it can`(
        fate: Fate
    ) async throws {
        let scene = try await scene()
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("before", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        try scene.x.withWorld { try fate.befall(user, in: &$0) }
        scene.pass(.seconds(3 * 86_400))
        try await scene.once()
        #expect(try scene.world.store.accounts().map(\.absence) == [fate.absence])
        #expect(try scene.world.store.accounts().map(\.isActive) == [true])
        #expect(try scene.texts() == ["before"])
        try scene.x.withWorld { world in
            try fate.end(user, in: &world)
            _ = try world.post("after", by: user)
        }
        scene.pass(.seconds(25 * 3_600))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        #expect(try scene.world.store.accounts().map(\.absence) == [nil])
        #expect(try scene.texts() == ["before", "after"])
        try await scene.end()
    }

    @Test(arguments: [Fate.suspended, .protected])
    func `where the operator wants so, its events are taken back`(fate: Fate) async throws {
        let scene = try await scene { $0.takesBackHidden = true }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("before", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        try scene.x.withWorld { try fate.befall(user, in: &$0) }
        scene.pass(.seconds(25 * 3_600))
        try await scene.once()
        #expect(try scene.texts() == [])
        #expect(try scene.events([.metadata]).isEmpty)
        try scene.x.withWorld { world in
            try fate.end(user, in: &world)
            _ = try world.post("after", by: user)
        }
        scene.pass(.seconds(25 * 3_600))
        try await scene.once()
        #expect(try scene.texts() == ["after"], "what was taken back stays so")
        #expect(try scene.events([.metadata]).count == 1)
        try await scene.end()
    }

    @Test func `counts are read again, are paid for once a day, and nothing else of a post is lost by it`()
        async throws
    {
        let scene = try await scene()
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        let post = try scene.x.withWorld { try $0.post("Hello #nostr", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        let raw = try scene.world.store.raw(PostID(post))
        try scene.x.withWorld { world in
            var metrics = XPost.Metrics()
            metrics.likes = 42
            try world.setMetrics(metrics, of: post)
        }
        scene.pass(.seconds(5 * 3_600))
        try await scene.once()
        let row = try #require(try scene.world.store.post(PostID(post)))
        #expect(row.snapshot.post.metrics?.likes == 42)
        #expect(row.snapshot.post.entities.hashtags == ["nostr"])
        #expect(try scene.world.store.raw(row.snapshot.post.id) == raw)
        let ledger = SpendLedger.restored(
            try SpendRows(store: scene.world.store).load(), policy: SpendPolicy(), at: scene.world.now
        ).0
        #expect(ledger.spent == scene.x.withWorld { $0.spend.total })
        try await scene.end()
    }
}
