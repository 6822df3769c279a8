// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOPosix
import NostrCore
import RelayTransport
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite(.timeLimit(.minutes(3))) struct OutboxRunnerTests {
    /// Runs an outbox on this world's clock and on real sockets, as long as `body` goes on.
    private func posting(
        _ world: BridgeWorld, _ change: (inout PostingLimits) -> Void = { _ in },
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        var limits = PostingLimits()
        limits.eventsPerSecond = 10_000
        limits.burst = 10_000
        limits.backoff = .milliseconds(20)
        limits.rest = .milliseconds(20)
        limits.retry = 20
        change(&limits)
        let dialer = try Dialer(group: group)
        defer { dialer.shutdown() }
        let start = ContinuousClock.now
        // The wall goes on with the machine, so that what is due comes due.
        let clock = PostingClock(
            uptime: { .zero + (ContinuousClock.now - start) }, wall: { world.now },
            sleep: { try await Task.sleep(for: $0) })
        let runner = OutboxRunner(
            store: world.store, dialer: dialer, group: group, key: TestKey.secret(77), clock: clock,
            limits: limits)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { await runner.run() }
            tasks.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(2))
                    world.pass(2)
                }
            }
            defer { tasks.cancelAll() }
            try await body()
        }
    }

    private func publish(_ ids: ClosedRange<UInt64>, in world: BridgeWorld, to relays: [RelayURL])
        async throws
    {
        let posts = ids.map { ReadPost.fixture($0) }
        _ = try await world.store.store(posts, todo: posts.map { TodoRequest($0.id) })
        _ = try await world.store.publish(ids.map { .of($0, relays: relays) })
    }

    private func states(_ id: EventID, _ world: BridgeWorld) throws -> [DeliveryRow.State] {
        try world.store.deliveries(of: id).sorted { $0.key < $1.key }.map(\.value.state)
    }

    @Test func `everything goes to every relay once, with the same bytes, and a dead one slows nobody (D14)`()
        async throws
    {
        let world = try BridgeWorld()
        let (one, two, dead) = (
            try await ScriptedRelay(), try await ScriptedRelay(), try await ScriptedRelay()
        )
        let relays = [try one.relayURL, try dead.relayURL, try two.relayURL]
        try await dead.close()
        try await posting(world) {
            try await publish(1...200, in: world, to: relays)
            try await eventually("all events at the living") {
                one.eventCount == 200 && two.eventCount == 200
            }
            try await eventually("their settlement") {
                try world.store.waiting(for: 0) == 0 && world.store.waiting(for: 2) == 0
            }
        }
        for relay in [one, two] {
            #expect(relay.record.published.count == 200)
            // Nobody asks a relay what is known here.
            #expect(relay.record.requests.isEmpty)
        }
        #expect(one.record.published == (1...200).map { Event.mirroring($0).id })
        #expect(try world.store.waiting(for: 1) == 200)
        #expect(try states(Event.mirroring(7).id, world) == [.accepted, .pending, .accepted])
    }

    @Test func `answers are kept: accepted, refused for good, too old, and tried again`() async throws {
        let world = try BridgeWorld()
        let seen = NIOLockedValueBox<[EventID: Int]>([:])
        let ids = (1...5).map { Event.mirroring($0).id }
        let relay = try await ScriptedRelay { script in
            script.refusal = { event in
                let count = seen.withLockedValue { seen in
                    seen[event.id, default: 0] += 1
                    return seen[event.id, default: 0]
                }
                switch event.id {
                case ids[1]: return "blocked: no"
                case ids[2]: return "invalid: created_at too early"
                case ids[3]: return count < 3 ? "error: busy" : nil
                case ids[4]: return count < 3 ? "rate-limited: slow down" : nil
                default: return nil
                }
            }
        }
        let url = try relay.relayURL
        try await posting(world) {
            try await publish(1...5, in: world, to: [url])
            try await eventually("the end of it") { try world.store.nextDelivery(to: 0) == nil }
        }
        let rows = try ids.map { try #require(try world.store.deliveries(of: $0)[0]) }
        #expect(rows.map(\.state) == [.accepted, .rejected, .old, .accepted, .accepted])
        #expect(rows[1].reason == "blocked: no")
        #expect(seen.withLockedValue { $0 } == [ids[0]: 1, ids[1]: 1, ids[2]: 1, ids[3]: 3, ids[4]: 3])
    }

    @Test func `a relay that says how old events may be is not sent older ones`() async throws {
        let world = try BridgeWorld()
        let relay = try await ScriptedRelay { script in
            script.information = .document("{\"limitation\":{\"created_at_lower_limit\":3600}}")
        }
        let url = try relay.relayURL
        try await posting(world) {
            try await publish(1...1, in: world, to: [url])
            try await eventually("the end of it") { try world.store.nextDelivery(to: 0) == nil }
        }
        #expect(try states(Event.mirroring(1).id, world) == [.old])
        #expect(relay.record.published.isEmpty)
    }

    @Test func `a relay that wants to know us is told who we are (NIP-42)`() async throws {
        let world = try BridgeWorld()
        let shown = NIOLockedValueBox(false)
        let relay = try await ScriptedRelay { script in
            script.authentication = .required(challenge: "tell me")
            script.refusal = { _ in shown.withLockedValue { $0 } ? nil : "auth-required: who are you" }
        }
        let url = try relay.relayURL
        try await posting(world) {
            try await publish(1...3, in: world, to: [url])
            try await eventually("our name") { relay.record.authentications.count == 1 }
            shown.withLockedValue { $0 = true }
            try await eventually("the end of it") { try world.store.nextDelivery(to: 0) == nil }
        }
        let proof = try #require(relay.record.authentications.first)
        #expect(proof.pubkey == TestKey.publicKey(77))
        #expect(proof.firstValue(of: "relay") == TagValue(url.text))
        #expect(relay.eventCount == 3)
    }

    @Test
    func `a relay that hangs up in the middle gets the rest, and nothing is lost when the process ends`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let relay = try await ScriptedRelay()
        let url = try relay.relayURL
        do {
            let world = try BridgeWorld(in: directory)
            try await posting(world, { $0.inFlight = 8 }) {
                try await publish(1...100, in: world, to: [url])
                try await eventually("some events") { relay.eventCount > 20 }
                relay.hangUp()
                try await eventually("more events") { relay.eventCount > 50 }
            }
            await world.ingest.shutdown()
        }
        // What was on its way at the end is sent again at once.
        let world = try await BridgeWorld.again(in: directory, at: BridgeWorld.noon + 60_000)
        try await posting(world) {
            try await eventually("all events") { relay.eventCount == 100 }
            try await eventually("their settlement") { try world.store.nextDelivery(to: 0) == nil }
        }
        for number in UInt64(1)...100 {
            #expect(try states(Event.mirroring(number).id, world) == [.accepted])
        }
    }

    @Test func `a deletion follows the event wherever it went, and nowhere else`() async throws {
        let world = try BridgeWorld()
        let (one, two) = (
            try await ScriptedRelay(), try await ScriptedRelay { $0.refusal = { _ in "blocked: no" } }
        )
        let dead = try await ScriptedRelay()
        let relays = [try one.relayURL, try two.relayURL, try dead.relayURL]
        try await dead.close()
        let id = Event.mirroring(1).id
        let deletion = Event.fixture(kind: .deletion, tags: [.of("e", id.hex), .of("k", "1")], by: 10)
        try await posting(world) {
            try await publish(1...1, in: world, to: relays)
            try await eventually("both answers") {
                try states(id, world) == [.accepted, .rejected, .pending]
            }
            _ = try await world.store.publish(Publication([.init(deletion, .deletion(of: [id]))]))
            try await eventually("the deletion there") { one.record.published.contains(deletion.id) }
            try await eventually("its settlement") { try world.store.nextDelivery(to: 0) == nil }
        }
        #expect(one.eventCount == 1)
        #expect(two.record.published == [id])
        #expect(try states(id, world) == [.accepted, .rejected, .withdrawn])
        #expect(try world.store.deliveries(of: deletion.id).keys.sorted() == [0])
        #expect(try world.store.waiting(for: 2) == 0)
    }
}
