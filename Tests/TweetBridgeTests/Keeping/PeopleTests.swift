// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct PeopleTests {
    @Test func `accounts are added, listed, changed, disabled and removed while the bridge runs`()
        async throws
    {
        let world = try BridgeWorld()
        try await world.store.addAccount(.fixture(20, handle: "zoe"))
        try await world.store.addAccount(.fixture(3, handle: "amy")) { $0.sources = [.posts, .mentions] }
        #expect(try world.store.accounts().map(\.handle) == ["amy", "zoe"])
        #expect(try world.store.accounts(after: UserID(3), limit: 1).map(\.handle) == ["zoe"])
        try await world.store.setActive(UserID(3), false, because: "suspended")
        var amy = try #require(try world.store.account(UserID(3)))
        #expect(!amy.isActive && amy.disabledBecause == "suspended")
        try await world.store.addAccount(.fixture(3, handle: "amy"))
        amy = try #require(try world.store.account(UserID(3)))
        #expect(amy.isActive && amy.sources == [.posts, .mentions])
        #expect(try await world.store.removeAccount(UserID(3)))
        #expect(try await !world.store.removeAccount(UserID(3)))
        let removed = try #require(try world.store.account(UserID(3)))
        #expect(!removed.isActive && removed.stop == .removed, "kept, so that nothing adds it by itself")
        await #expect(throws: BridgeStoreError.missing("account 4")) {
            try await world.store.updateAccount(UserID(4)) { $0.failures = 1 }
        }
    }

    @Test func `a handle that changes hands belongs to each in turn`() async throws {
        let world = try BridgeWorld()
        let bob = try #require(Handle("Bob"))
        try await world.store.addAccount(.fixture(1, handle: "bob"))
        world.pass(1_000)
        try await world.store.store(users: [.fixture(1, handle: "robert")])
        world.pass(1_000)
        try await world.store.store(users: [.fixture(2, handle: "BOB")])
        #expect(try world.store.user(of: bob) == UserID(2))
        #expect(try world.store.user(of: bob, at: BridgeWorld.noon + 500) == UserID(1))
        #expect(try world.store.holders(of: bob).map(\.user) == [UserID(1), UserID(2)])
        #expect(try world.store.user(of: try #require(Handle("robert"))) == UserID(1))
        #expect(try world.store.account(UserID(1))?.handle == "robert")
    }

    @Test func `profiles that changed are kept, counts are no change`() async throws {
        let world = try BridgeWorld()
        var user = User.fixture(1)
        #expect(try await world.store.store(users: [user]) == [UserID(1)])
        world.pass(1_000)
        user.metrics = User.Metrics()
        #expect(try await world.store.store(users: [user]).isEmpty)
        user.name = "Robert"
        #expect(try await world.store.store(users: [user]) == [UserID(1)])
        let row = try #require(try world.store.user(UserID(1)))
        #expect(row.user.name == "Robert" && row.earlier == 1 && row.firstSeen == BridgeWorld.noon)
        let earlier = try world.store.profiles(of: UserID(1))
        #expect(earlier.map(\.user.name) == ["Bob"] && earlier.map(\.until) == [world.now])
        // Little was asked for: nothing is lost.
        let bare = User(id: UserID(1), handle: "bob", name: "Robert")
        #expect(try await world.store.store(users: [bare]).isEmpty)
        #expect(try world.store.user(UserID(1))?.user.about == "about bob")
    }
}
