// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOConcurrencyHelpers
import NostrCore
import Telemetry
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct OutboundWorkerTests {
    /// What X answers, and what it was asked.
    private final class FakeX: Sendable {
        let answers: NIOLockedValueBox<[Result<UInt64, OutboundDoor.Failure>]>
        let asked = NIOLockedValueBox<[String]>([])

        init(_ answers: Result<UInt64, OutboundDoor.Failure>...) { self.answers = NIOLockedValueBox(answers) }

        private func next(_ asked: String) throws(OutboundDoor.Failure) -> UInt64 {
            self.asked.withLockedValue { $0.append(asked) }
            let answer = answers.withLockedValue { $0.isEmpty ? .success(1) : $0.removeFirst() }
            return try answer.get()
        }

        var door: OutboundDoor {
            OutboundDoor(
                post: { draft throws(OutboundDoor.Failure) in PostID(try self.next("post \(draft.text)")) },
                delete: { id throws(OutboundDoor.Failure) in try self.next("delete \(id)") != 0 })
        }
    }

    private func worker(
        _ world: BridgeWorld, _ x: FakeX, _ change: (inout OutboundSettings) -> Void = { _ in },
        observer: any OutboundObserver = SilentOutboundObserver()
    ) -> OutboundWorker {
        var settings = OutboundSettings()
        settings.isAllowed = true
        change(&settings)
        let clock = BridgeClock(now: { world.now }, sleep: { _ in try await Task.sleep(for: .seconds(60)) })
        return OutboundWorker(
            world.store, x.door, settings, clock: clock, observer: observer, logger: Logger(label: "outbound")
        )
    }

    @discardableResult
    private func enqueue(
        _ world: BridgeWorld, _ action: String, _ payload: String, _ effect: ModerationRule.Effect = .approve
    ) async throws -> QueuedJob {
        let screening = Screening(ModerationRuling(effect: effect, hits: []), preview: "")
        return try await world.store.enqueue([
            JobRequest(
                OutboundQueue.name, action, payload: payload, key: "\(action) \(payload)",
                screening: screening)
        ])[0]
    }

    @Test func `nothing is done unless it is allowed and approved`() async throws {
        let (world, x) = (try BridgeWorld(), FakeX())
        try await enqueue(world, "tweet", #"{"text":"a"}"#)
        try await enqueue(world, "tweet", #"{"text":"b"}"#, .ask)
        let off = worker(world, x) { $0.isAllowed = false }
        await off.run()
        #expect(try await off.step() == false)
        let on = worker(world, x)
        while try await on.step() {}
        #expect(x.asked.withLockedValue { $0 } == ["post a"])
        #expect(try world.store.jobs(limit: 9).map(\.state) == [.done, .waiting])
        #expect(try world.store.items(.executed, limit: 9).count == 1)
    }

    @Test func `what was posted is never mirrored back, whenever it is read`() async throws {
        let (world, x) = (try BridgeWorld(), FakeX(.success(500), .success(501)))
        let event = Event.fixture(content: "a", by: 5)
        // The second is read before X's answer is.
        _ = try await world.store.store([.fixture(501)], todo: [TodoRequest(PostID(501))])
        try await enqueue(world, "tweet", #"{"text":"a","event":"\#(event.id.hex)"}"#)
        try await enqueue(world, "tweet", #"{"text":"b"}"#)
        let worker = worker(world, x)
        while try await worker.step() {}
        #expect(try world.store.isOutbound(PostID(500)))
        #expect(try world.store.outboundPost(of: event.id) == PostID(500))
        #expect(try world.store.todo(limit: 9).isEmpty)
        let page = try await world.store.store(
            [.fixture(500), .fixture(501)], todo: [TodoRequest(PostID(500)), TodoRequest(PostID(501))])
        #expect(page.queued.isEmpty)
    }

    @Test func `what mirrors a post of X is never sent there`() async throws {
        let (world, x) = (try BridgeWorld(), FakeX())
        _ = try await world.store.store([.fixture(7)], todo: [TodoRequest(PostID(7))])
        _ = try await world.store.publish(.of(7))
        try await enqueue(world, "tweet", #"{"text":"a","event":"\#(Event.mirroring(7).id.hex)"}"#)
        try await enqueue(world, "delete", #"{"id":"7","event":"\#(Event.mirroring(7).id.hex)"}"#)
        // Of another bridge, by its tag.
        let other = Event.mirroring(8, by: 4)
        _ = await world.ingest.submit([ParsedEvent(event: other)], from: .bridge)
        try await enqueue(world, "tweet", #"{"text":"b","event":"\#(other.id.hex)"}"#)
        let worker = worker(world, x)
        while try await worker.step() {}
        #expect(x.asked.withLockedValue { $0 }.isEmpty)
        #expect(try world.store.jobs(limit: 9).map(\.state) == [.dead, .dead, .dead])
        #expect(try world.store.job(1)?.lastError == "its event mirrors post 7 of X")
        #expect(try world.store.job(3)?.lastError == "its event mirrors post 8 of X")
    }

    @Test func `links need a switch, and messages are not supported`() async throws {
        let (world, x) = (try BridgeWorld(), FakeX())
        try await enqueue(world, "tweet", #"{"text":"see a.example"}"#)
        try await enqueue(world, "dm", "{}")
        let closed = worker(world, x)
        while try await closed.step() {}
        #expect(try world.store.job(1)?.lastError?.contains("links are switched off") == true)
        #expect(try world.store.job(2)?.lastError == "direct messages are not supported by the API tier")
        #expect(try world.store.items(.failed, limit: 9).count == 2)
        try await world.store.revive(1)
        let open = worker(world, x) { $0.allowsLinks = true }
        while try await open.step() {}
        #expect(x.asked.withLockedValue { $0 } == ["post see a.example"])
    }

    @Test func `each refusal has its own way on`() async throws {
        let world = try BridgeWorld()
        let x = FakeX(
            .failure(.init(.transient("no connection"), mayBeDone: false)),
            .failure(.init(.limited(until: world.now + 60_000), mayBeDone: false)),
            .failure(.init(.outOfCredits, mayBeDone: false)), .success(9))
        try await enqueue(world, "tweet", #"{"text":"a"}"#)
        let registry = MetricsRegistry()
        let meters = WriterMeters(registry)
        let worker = worker(world, x, observer: meters)
        for (wait, state) in [(1_100, QueuedJob.State.ready), (66_000, .ready), (3_600_000, .ready)] {
            #expect(try await worker.step())
            #expect(try await worker.step() == false)
            #expect(try world.store.job(1)?.state == state)
            world.pass(Int64(wait))
        }
        #expect(try await worker.step())
        #expect(try world.store.job(1)?.state == .done)
        #expect(meters.actions["tweet"].value == 1)
    }

    @Test func `a post that X tells of before it has answered is not mirrored`() async throws {
        let world = try BridgeWorld()
        try await world.store.noteConsent(of: UserID(10))
        try await enqueue(world, "tweet", #"{"text":"a"}"#)
        let door = OutboundDoor(
            post: { _ throws(OutboundDoor.Failure) in
                do {
                    for id in [UInt64(7), 8] {
                        _ = try await world.store.store([.fixture(id)], todo: [TodoRequest(PostID(id))])
                    }
                } catch { throw OutboundDoor.Failure(.transient("\(error)"), mayBeDone: false) }
                return PostID(7)
            }, delete: { _ throws(OutboundDoor.Failure) in true })
        var settings = OutboundSettings()
        settings.isAllowed = true
        let worker = OutboundWorker(
            world.store, door, settings, clock: BridgeClock(now: { world.now }, sleep: { _ in }),
            logger: Logger(label: "outbound"))
        #expect(try await worker.step())
        // The other one is the user's own: it only waited.
        let left = try world.store.todo(limit: 9)
        #expect(left.map(\.post) == [PostID(8)])
        #expect(left.allSatisfy { $0.notBefore == world.now + 120_000 })
        #expect(try world.store.state(of: PostID(7))?.fate == .skipped)
        _ = try await world.store.store([.fixture(9)], todo: [TodoRequest(PostID(9))])
        #expect(try world.store.todo(limit: 9).last?.notBefore == 0)
    }

    @Test func `what waits for a credential is due once there is one`() async throws {
        let world = try BridgeWorld()
        let x = FakeX(.failure(.init(.unauthorized("there are no tokens"), mayBeDone: false)), .success(9))
        try await enqueue(world, "tweet", #"{"text":"a"}"#)
        let worker = worker(world, x)
        #expect(try await worker.step())
        #expect(try await worker.step() == false)
        try await world.store.hasten(OutboundQueue.name)
        #expect(try await worker.step())
        #expect(try world.store.job(1)?.state == .done)
    }

    @Test func `a post that may have been made is not made again by itself`() async throws {
        let (world, x) = (
            try BridgeWorld(), FakeX(.failure(.init(.transient("closed"), mayBeDone: true)), .success(9))
        )
        try await enqueue(world, "tweet", #"{"text":"a"}"#)
        let worker = worker(world, x)
        while try await worker.step() {}
        world.pass(10_000_000)
        while try await worker.step() {}
        #expect(x.asked.withLockedValue { $0.count } == 1)
        #expect(try world.store.job(1)?.lastError?.contains("it may be posted") == true)
        try await world.store.revive(1)
        while try await worker.step() {}
        #expect(x.asked.withLockedValue { $0.count } == 2)
        #expect(try world.store.job(1)?.state == .done)
    }

    @Test(arguments: 1...12) func `wherever it ends, nothing is posted twice`(end: Int) async throws {
        let directory = try TemporaryDirectory()
        let x = FakeX()
        let count = NIOLockedValueBox(0)
        do {
            let world = try BridgeWorld(in: directory) {
                let number = count.withLockedValue {
                    $0 += 1; return $0
                }
                return number > end ? .before : number == end ? .after : .none
            }
            do {
                try await enqueue(world, "tweet", #"{"text":"a"}"#)
                while try await worker(world, x).step() {}
            } catch { #expect("\(error)" == "the process ends here") }
            await world.ingest.shutdown()
        }
        let world = try await BridgeWorld.again(in: directory, at: BridgeWorld.noon + 10_000_000)
        let worker = worker(world, x)
        for _ in 0..<3 {
            while try await worker.step() {}
            world.pass(10_000_000)
        }
        #expect(x.asked.withLockedValue { $0.count } <= 1)
        if let job = try world.store.job(1) { #expect(job.state == .done || job.state == .dead) }
    }

    @Test func `what is gone is removed, and what X will not remove is said`() async throws {
        let world = try BridgeWorld()
        let problem = Problem(title: "", detail: "", type: "resource-not-found")
        let x = FakeX(.success(1), .failure(.init(.absent(.deleted, problem), mayBeDone: false)), .success(0))
        for id in 1...3 { try await enqueue(world, "delete", #"{"id":"\#(id)"}"#) }
        let worker = worker(world, x)
        while try await worker.step() {}
        #expect(x.asked.withLockedValue { $0 } == ["delete 1", "delete 2", "delete 3"])
        #expect(try world.store.jobs(limit: 9).map(\.state) == [.done, .done, .dead])
    }

    @Test func `the worker wakes for what is approved, and stops at once`() async throws {
        let (world, x) = (try BridgeWorld(), FakeX())
        let worker = worker(world, x)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            try await enqueue(world, "tweet", #"{"text":"a"}"#)
            try await eventually("the post") { x.asked.withLockedValue { $0.count } == 1 }
            try await eventually("its end") { try world.store.job(1)?.state == .done }
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
