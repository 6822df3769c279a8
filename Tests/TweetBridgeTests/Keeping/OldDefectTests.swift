// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import Testing
import TweetCore

@testable import TweetBridge

/// What older daemons got wrong when they looked for the newest post of an account in file names.
@Suite struct OldDefectTests {
    @Test func `the newest post is the one with the greatest number, not the last by the alphabet (D1)`()
        async throws
    {
        let world = try BridgeWorld()
        let ids: [UInt64] = [
            999_999_999_999_999_999, 1_002_530_000_000_000_000, 20, 2_083_157_183_716_917_248,
        ]
        for id in ids { _ = try await world.store.store([.fixture(id)]) }
        #expect(try world.store.posts(by: UserID(10), limit: 9).map(\.number) == ids.sorted().reversed())
        let scope = FetchScope.timeline(UserID(10))
        for id in ids {
            _ = try await world.store.store([], cursor: CursorChange(scope, advance: PostID(id)))
        }
        #expect(try world.store.cursor(scope)?.number == ids.max())
    }

    @Test func `the number of an account is never taken for that of a post (D2)`() async throws {
        let world = try BridgeWorld()
        let account: UInt64 = 9_000_000_000_000_000_000
        _ = try await world.store.store(
            [.fixture(2_083_157_183_716_917_248, by: account)], users: [.fixture(account, handle: "big")])
        #expect(try world.store.posts(by: UserID(account), limit: 1) == [PostID(2_083_157_183_716_917_248)])
        #expect(try world.store.cursor(.timeline(UserID(account))) == nil)
        #expect(try world.store.post(PostID(account)) == nil)
    }

    @Test func `an account whose handle ends like another's keeps its posts to itself (D3)`() async throws {
        let world = try BridgeWorld()
        let bob = ReadPost.fixture(5, by: 1) { $0.author?.handle = "bob" }
        let foo = ReadPost.fixture(6, by: 2) { $0.author?.handle = "foo_bob" }
        _ = try await world.store.store([bob, foo])
        #expect(try world.store.posts(by: UserID(1), limit: 9) == [PostID(5)])
        #expect(try world.store.posts(by: UserID(2), limit: 9) == [PostID(6)])
        #expect(try world.store.user(of: try #require(Handle("bob"))) == UserID(1))
        #expect(try world.store.user(of: try #require(Handle("@FOO_bob"))) == UserID(2))
        #expect(try world.store.user(of: try #require(Handle("foo"))) == nil)
        // A post whose number is part of another's.
        #expect(try world.store.post(PostID(56)) == nil)
    }

    @Test func `what paging left out is a gap in the same transaction as the cursor (D5)`() async throws {
        let submissions = NIOLockedValueBox(0)
        let world = try BridgeWorld {
            submissions.withLockedValue { $0 += 1 }
            return .none
        }
        let scope = FetchScope.timeline(UserID(10))
        let page = (501...600).map { ReadPost.fixture($0) }
        let gap = GapRow(scope, low: PostID(100), high: PostID(501), token: "next", at: world.now)
        _ = try await world.store.store(page, cursor: CursorChange(scope, advance: PostID(600), gaps: [gap]))
        #expect(submissions.withLockedValue { $0 } == 1)
        #expect(try world.store.gaps(scope).first?.token == "next")
    }
}
