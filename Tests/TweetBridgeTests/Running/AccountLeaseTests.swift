// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// Several bridges, one account (R16).
@Suite(.timeLimit(.minutes(2))) struct AccountLeaseTests {
    private let ada = UserID(1)

    @Test func `an account is one bridge's, until that one gives it back or ends`() throws {
        let directory = try TemporaryDirectory()
        let first = try AccountLeases(directory: directory.path + "/leases")
        let second = try AccountLeases(directory: directory.path + "/leases")
        #expect(first.hold([ada, UserID(2)]).ours == [ada, UserID(2)])
        #expect(second.hold([ada, UserID(3)]).ours == [UserID(3)])
        #expect(!second.take([ada]) && !second.isHeld(ada))
        #expect(first.hold([UserID(2)]).ours == [UserID(2)])
        #expect(second.take([ada]) && second.isHeld(ada))
        do {
            let third = try AccountLeases(directory: directory.path + "/leases")
            #expect(third.hold([UserID(4)]).ours == [UserID(4)])
        }
        #expect(second.take([UserID(4)]), "whoever had it is gone")
    }

    @Test func `of ten bridges that want an account at once one gets it`() async throws {
        let directory = try TemporaryDirectory()
        let bridges = try (0..<10).map { _ in try AccountLeases(directory: directory.path) }
        let winners = await withTaskGroup { tasks in
            for bridge in bridges { tasks.addTask { bridge.hold([ada]).ours.count } }
            return await tasks.reduce(0, +)
        }
        #expect(winners == 1)
    }

    @Test func `a directory that cannot be had is told at once`() {
        #expect(throws: AccountLeases.SystemFault.self) {
            try AccountLeases(directory: "/proc/leases")
        }
    }

    @Test func `who comes second waits, and goes on without a gap when the first has ended`() async throws {
        let directory = try TemporaryDirectory()
        let name = try #require(Handle("ada"))
        let one = try await BridgeScene { $0.handles = [name] }
        let two = try await BridgeScene(x: one.x) { $0.handles = [name] }
        let user = try one.x.withWorld { try $0.addUser("ada") }
        func post(_ text: String) throws {
            _ = try one.x.withWorld { try $0.post(text, by: user) }
            one.pass(.seconds(600))
            two.world.pass(600_000)
        }
        try post("one")
        do {
            let leases = try AccountLeases(directory: directory.path)
            await (try one.bridge(leases: leases)).once()
            try post("two")
            let others = try AccountLeases(directory: directory.path)
            let waiting = try two.bridge(leases: others)
            await waiting.once()
            #expect(try two.texts() == [])
            #expect(two.observer.now.leases.map(\.isOurs) == [false])
            await (try one.bridge(leases: leases)).once()
        }
        #expect(try one.texts().count == 2)
        try post("three")
        await (try two.bridge(leases: AccountLeases(directory: directory.path))).once()
        #expect(try two.texts().count == 3)
        #expect(try one.texts().count == 2)
        // One event id a post, whoever made it.
        let (made, again) = (try one.events().map(\.id), try two.events().map(\.id))
        #expect(Array(again.prefix(2)) == made)
        try await two.end()
        try await one.end()
    }
}
