// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct DecisionFollowerTests {
    private let relay = TestKey.publicKey(77)

    /// Two items that wait; ann, key 2, moderates.
    private func world(appoints: Bool = true) async throws -> BridgeWorld {
        let world = try BridgeWorld()
        for id in [UInt64(5), 6] {
            let ruling = ModerationRuling(effect: .ask, hits: [])
            _ = try await world.store.store(
                [.fixture(id)],
                todo: [TodoRequest(PostID(id), screening: Screening(ruling, preview: "post \(id)"))])
        }
        if appoints { try await appoint("ann", 2, in: world) }
        return world
    }

    private func appoint(
        _ name: String, _ key: Int, as role: ModeratorRole = .moderator, in world: BridgeWorld
    ) async throws {
        let key = TestKey.publicKey(key)
        try await world.store.appoint(
            try #require(Moderator(name: name, role: role, key: key, at: world.now - 86_400_000)))
    }

    private func follower(_ world: BridgeWorld, _ counted: NIOLockedValueBox<Int> = .init(0))
        -> DecisionFollower
    {
        let clock = BridgeClock(now: { world.now }, sleep: { _ in try await Task.sleep(for: .seconds(60)) })
        return DecisionFollower(world.store, relay: relay, clock: clock, logger: Logger(label: "decisions")) {
            count in counted.withLockedValue { $0 += count }
        }
    }

    private func label(_ word: String, _ post: Int, at moment: Int64? = nil, by key: Int) -> Event {
        let space = ModerationDecision.namespace
        return .fixture(
            kind: 1985, at: moment ?? BridgeWorld.noon / 1_000,
            tags: [.of("L", space), .of("l", word, space), .of("i", "twitter:\(post)")], by: key)
    }

    private func publish(_ events: Event..., in world: BridgeWorld) async {
        _ = await world.ingest.submit(events.map { ParsedEvent(event: $0) }, from: .importer)
    }

    @Test func `what a moderator publishes is decided, what others publish is not`() async throws {
        let (world, counted) = (try await world(), NIOLockedValueBox(0))
        let follower = follower(world, counted)
        while try await follower.follow() {}
        await publish(label("approve", 5, by: 2), label("reject", 6, by: 9), in: world)
        while try await follower.follow() {}
        #expect(try world.store.items(limit: 9).map(\.state) == [.approved, .pending])
        #expect(try world.store.audit(of: 1).last?.actor == .moderator("ann", through: .nostr))
        #expect(counted.withLockedValue { $0 } == 1)
    }

    @Test func `what came while nobody followed is decided afterwards, and once`() async throws {
        let world = try await world()
        while try await follower(world).follow() {}
        await publish(label("approve", 5, by: 2), in: world)
        while try await follower(world).follow() {}
        try await world.store.decide(ModerationDecision(.hold, .item(1)), by: "ann", through: .commandLine)
        // As if the place had not been written.
        try await world.store.remember(StateKey("decisions:cursor"), "1")
        while try await follower(world).follow() {}
        #expect(try world.store.item(1)?.state == .held)
    }

    @Test func `who is appointed decides from then on, who is dismissed no more`() async throws {
        let world = try await world(appoints: false)
        let follower = follower(world)
        while try await follower.follow() {}
        #expect(try world.store.remembered(StateKey("decisions:cursor")) == nil)
        await publish(label("approve", 5, by: 2), in: world)
        while try await follower.follow() {}
        try await appoint("ann", 2, in: world)
        while try await follower.follow() {}
        #expect(try world.store.item(1)?.state == .pending)
        await publish(label("hold", 5, by: 2), in: world)
        while try await follower.follow() {}
        #expect(try world.store.item(1)?.state == .held)
        try await world.store.dismiss("ann")
        await publish(label("approve", 6, by: 2), in: world)
        while try await follower.follow() {}
        #expect(try world.store.item(2)?.state == .pending)
    }

    @Test func `what somebody published before they were appointed decides nothing, whoever brings it later`()
        async throws
    {
        let world = try await world()
        let follower = follower(world)
        while try await follower.follow() {}
        await publish(label("approve", 5, at: 1_500_000_000, by: 2), in: world)
        while try await follower.follow() {}
        #expect(try world.store.item(1)?.state == .pending)
    }

    @Test func `who only looks decides nothing`() async throws {
        let world = try await world(appoints: false)
        try await appoint("vic", 2, as: .viewer, in: world)
        let follower = follower(world)
        while try await follower.follow() {}
        await publish(label("approve", 5, by: 2), in: world)
        while try await follower.follow() {}
        #expect(try world.store.item(1)?.state == .pending)
    }

    @Test func `it runs by itself until it is cancelled`() async throws {
        let world = try await world()
        let follower = follower(world)
        while try await follower.follow() {}
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await follower.run() }
            await publish(label("approve", 5, by: 2), in: world)
            try await eventually("the decision") { try world.store.item(1)?.state == .approved }
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
