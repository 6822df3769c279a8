// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct JobQueueTests {
    private func request(
        _ number: Int, priority: UInt8 = 128, notBefore: Int64 = 0, asking: ModerationRule.Effect? = nil
    ) -> JobRequest {
        let screening = asking.map {
            Screening(ModerationRuling(effect: $0, hits: ["rule"]), preview: "job \(number)")
        }
        return JobRequest(
            "outbound", "tweet", payload: "{\"text\":\"\(number)\"}", key: "x:\(number)", priority: priority,
            notBefore: notBefore, screening: screening)
    }

    @Test func `jobs are handed out by priority, then by when they are due`() async throws {
        let world = try BridgeWorld()
        _ = try await world.store.enqueue([
            request(1), request(2, priority: 1, notBefore: world.now + 10), request(3, priority: 1),
            request(4, notBefore: world.now - 5), request(5, priority: 200),
        ])
        #expect(try await world.store.lease(from: "other", to: "w", for: 100).isEmpty)
        let first = try await world.store.lease(from: "outbound", to: "w", for: 100, limit: 9)
        #expect(first.map(\.key) == ["x:3", "x:1", "x:4", "x:5"])
        #expect(try world.store.nextJob(in: "outbound") == world.now + 10)
        world.pass(10)
        #expect(
            try await world.store.lease(from: "outbound", to: "w", for: 100, limit: 9).map(\.key) == ["x:2"])
    }

    @Test func `a second job of the same key is the first, even when that is done`() async throws {
        let world = try BridgeWorld()
        let job = try #require(try await world.store.enqueue([request(1)]).first)
        #expect(try await world.store.enqueue([request(1), request(1)]) == [job, job])
        let leased = try await world.store.lease(from: "outbound", to: "w", for: 100)
        try await world.store.acknowledge(try #require(leased.first))
        #expect(try await world.store.enqueue([request(1)]).first?.state == .done)
        #expect(try world.store.jobs(limit: 9).count == 1)
        #expect(try await world.store.lease(from: "outbound", to: "w", for: 100).isEmpty)
        world.pass(1_000)
        #expect(try await world.store.forgetJobs(endedBefore: world.now) == 1)
        #expect(try world.store.job(keyed: "x:1", in: "outbound") == nil)
        #expect(try await world.store.enqueue([request(1)]).first?.state == .ready)
    }

    @Test func `whatever pushes it, nothing is handed out that nobody approved (R52)`() async throws {
        let world = try BridgeWorld()
        let jobs = try await world.store.enqueue([
            request(1, asking: .ask), request(2, asking: .hold), request(3, asking: .reject),
            request(4, asking: .approve),
        ])
        #expect(jobs.map(\.state) == [.waiting, .waiting, .refused, .ready])
        #expect(
            try await world.store.lease(from: "outbound", to: "w", for: 100, limit: 9).map(\.key) == ["x:4"])
        // Not even when its row says ready, as long as the item does not say approved.
        _ = try await world.store.change { draft throws(BridgeStoreError) in
            guard var job = try draft.read(.job(1)) else { return }
            let before = job
            #expect(job.admit() == true)
            try draft.save(job, instead: before)
        }
        #expect(try world.store.job(1)?.state == .ready)
        #expect(try await world.store.lease(from: "outbound", to: "w", for: 100, limit: 9).isEmpty)
    }

    @Test func `a job whose worker dies comes back, and who was too slow cannot end it (R53)`() async throws {
        var chance = SplitMix64(seed: 1)
        let world = try BridgeWorld()
        _ = try await world.store.enqueue([request(1)])
        let lost = try #require(try await world.store.lease(from: "outbound", to: "dead", for: 100).first)
        #expect(try await world.store.sweepLeases(using: &chance) == 0)
        world.pass(100)
        #expect(try await world.store.sweepLeases(using: &chance) == 1)
        world.pass(1_000)
        let held = try #require(try await world.store.lease(from: "outbound", to: "alive", for: 100).first)
        #expect(held.payload == lost.payload && held.attempts == 2)
        await #expect(throws: BridgeStoreError.conflict("job 1")) { try await world.store.acknowledge(lost) }
        try await world.store.acknowledge(held)
        await #expect(throws: BridgeStoreError.conflict("job 1")) { try await world.store.acknowledge(held) }
        #expect(try world.store.nextJob(in: "outbound") == nil)
    }

    @Test func `a leased job survives the end of the process`() async throws {
        var chance = SplitMix64(seed: 1)
        let directory = try TemporaryDirectory()
        do {
            let world = try BridgeWorld(in: directory)
            _ = try await world.store.enqueue([request(1)])
            #expect(try await world.store.lease(from: "outbound", to: "dead", for: 100).count == 1)
            await world.ingest.shutdown()
        }
        // A moment later: nobody waits for the time of a worker that went with its process.
        let world = try await BridgeWorld.again(in: directory, at: BridgeWorld.noon + 50)
        #expect(try await world.store.sweepLeases(using: &chance) == 0)
        #expect(try await world.store.sweepLeases(all: true, using: &chance) == 1)
        world.pass(1_000)
        #expect(try await world.store.lease(from: "outbound", to: "w", for: 100).map(\.key) == ["x:1"])
    }

    @Test func `of many workers each job goes to one`() async throws {
        let world = try BridgeWorld()
        _ = try await world.store.enqueue((0..<40).map { request($0) })
        let keys = try await withThrowingTaskGroup { tasks in
            for worker in 0..<8 {
                tasks.addTask {
                    var keys: [String] = []
                    while case let jobs = try await world.store.lease(
                        from: "outbound", to: "w\(worker)", for: 1_000, limit: 3), !jobs.isEmpty
                    {
                        for job in jobs {
                            keys.append(job.key)
                            try await world.store.acknowledge(job)
                        }
                    }
                    return keys
                }
            }
            return try await tasks.reduce(into: [String]()) { $0 += $1 }
        }
        #expect(Set(keys).count == keys.count && keys.count == 40)
        #expect(try world.store.jobs(limit: 99).allSatisfy { $0.state == .done })
    }

    @Test func `failures wait, die and are told of in the trail; the dead are revived with their approval`()
        async throws
    {
        var chance = SplitMix64(seed: 1)
        let world = try BridgeWorld()
        _ = try await world.store.enqueue([request(1, asking: .approve)])
        let policy = JobRetries(attempts: 2)
        var job = try #require(try await world.store.lease(from: "outbound", to: "w", for: 100).first)
        job = try await world.store.fail(
            job, .limited(until: world.now + 50), "429", policy: policy, using: &chance)
        #expect(job.notBefore == world.now + 5_050)
        for _ in 0..<2 {
            world.pass(10_000)
            job = try #require(try await world.store.lease(from: "outbound", to: "w", for: 100).first)
            job = try await world.store.fail(job, .transient, "503", policy: policy, using: &chance)
        }
        #expect(job.state == .dead)
        #expect(try world.store.deadJobs(limit: 9).map(\.number) == [1])
        #expect(try world.store.item(of: .job(1))?.state == .failed)
        try await world.store.revive(1)
        let again = try #require(try await world.store.lease(from: "outbound", to: "w", for: 100).first)
        let longer = try await world.store.extend(again, for: 5_000)
        #expect(longer.lease?.until == world.now + 5_000)
        try await world.store.acknowledge(longer)
        let item = try #require(try world.store.item(of: .job(1)))
        #expect(
            try world.store.audit(of: item.number).map(\.to) == [.approved, .failed, .approved, .executed])
    }

    @Test(arguments: 0..<6)
    func `whenever the process ends, every approved job is done once and no other is`(seed: UInt64)
        async throws
    {
        let chance = NIOLockedValueBox(SplitMix64(seed: seed))
        let directory = try TemporaryDirectory()
        var now = BridgeWorld.noon
        var acknowledged: Set<String> = []
        var sweeping = SplitMix64(seed: seed)
        var starts = 0
        while true {
            starts += 1
            let odds = starts + 3
            let world = try await BridgeWorld.again(in: directory, at: now) {
                chance.withLockedValue { chance in
                    switch Int.random(in: 0..<odds, using: &chance) {
                    case 0: .before
                    case 1: .after
                    default: .none
                    }
                }
            }
            do {
                for number in 0..<20 {
                    _ = try await world.store.enqueue([
                        request(number, asking: number % 4 == 0 ? .ask : .approve)
                    ])
                }
                _ = try await world.store.sweepLeases(using: &sweeping)
                while let job = try await world.store.lease(from: "outbound", to: "w\(starts)", for: 100)
                    .first
                {
                    try await world.store.acknowledge(job)
                    #expect(acknowledged.insert(job.key).inserted)
                }
                let jobs = try world.store.jobs(limit: 99)
                let open = jobs.filter { $0.state == .ready || $0.state == .leased }
                await world.ingest.shutdown()
                if open.isEmpty {
                    #expect(jobs.count == 20)
                    #expect(jobs.filter { $0.state == .done }.count == 15)
                    #expect(jobs.filter { $0.state == .waiting }.count == 5)
                    break
                }
            } catch {
                #expect(error == .failed("the process ends here"))
                await world.ingest.shutdown()
            }
            now += 400_000
        }
    }
}
