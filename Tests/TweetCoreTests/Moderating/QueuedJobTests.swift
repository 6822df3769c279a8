// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import TweetCore

@Suite struct QueuedJobTests {
    private let policy = JobRetries(attempts: 3)

    private func job(moderation: UInt64? = nil) -> QueuedJob {
        QueuedJob(
            number: 1, queue: "outbound", action: "tweet", payload: "{}", key: "x:1", notBefore: 100,
            moderation: moderation, at: 50)
    }

    private func taken(_ lease: QueuedJob.Lease?) throws -> QueuedJob.Lease { try #require(lease) }

    @Test func `a job is handed out when it is due, to one`() throws {
        var job = job()
        #expect(job.lease(to: "a", for: 60, at: 99) == nil)
        let lease = try taken(job.lease(to: "a", for: 60, at: 100))
        #expect(lease.until == 160 && job.state == .leased && job.attempts == 1)
        #expect(job.lease(to: "b", for: 60, at: 101) == nil)
        #expect(job.places == [.key(queue: "outbound", "x:1"), .leased(until: 160, 1)])
    }

    @Test func `what needs approval is not handed out before it`() {
        var job = job(moderation: 9)
        #expect(job.state == .waiting && job.places == [.key(queue: "outbound", "x:1")])
        #expect(job.lease(to: "a", for: 60, at: 200) == nil)
        #expect(job.admit() == true)
        #expect(job.lease(to: "a", for: 60, at: 200) != nil)
    }

    @Test func `only who holds the lease says that it is done, and of what is done only the key stays`()
        throws
    {
        var chance = SplitMix64(seed: 1)
        var job = job()
        let lost = try taken(job.lease(to: "a", for: 60, at: 100))
        #expect(job.expire(policy: policy, at: 160, using: &chance) == true)
        let held = try taken(job.lease(to: "b", for: 60, at: job.notBefore))
        #expect(job.acknowledge(lost, at: 300) == false)
        #expect(job.fail(lost, .permanent, "", policy: policy, at: 300, using: &chance) == false)
        #expect(job.acknowledge(held, at: 300) == true)
        #expect(job.state == .done && job.payload.isEmpty && job.places.contains(.ended(at: 300, 1)))
        #expect(job.acknowledge(held, at: 301) == false)
    }

    @Test func `a lease that was extended does not expire at its first end`() throws {
        var chance = SplitMix64(seed: 1)
        var job = job()
        let lease = try taken(job.lease(to: "a", for: 60, at: 100))
        #expect(job.extend(lease, for: 60, at: 150) == true)
        #expect(job.expire(policy: policy, at: 209, using: &chance) == false)
        #expect(job.holds(lease))
        #expect(job.expire(policy: policy, at: 210, using: &chance) == true)
        #expect(job.lastError != nil)
    }

    @Test func `a job that fails too often is dead, and lives again when somebody says so`() throws {
        var chance = SplitMix64(seed: 2)
        var job = job()
        var now: Int64 = 100
        for _ in 1...3 {
            let lease = try taken(job.lease(to: "a", for: 60, at: now))
            #expect(job.fail(lease, .transient, "no", policy: policy, at: now, using: &chance) == true)
            now = max(now, job.notBefore)
        }
        #expect(job.state == .dead && job.places.contains(.dead(1)) && job.lastError == "no")
        #expect(job.revive(at: now) == true)
        #expect(job.state == .ready && job.failures == 0 && job.attempts == 3)
    }

    @Test func `each class of failure has its own way back`() throws {
        var chance = SplitMix64(seed: 3)
        func after(_ failure: RetryClass) throws -> QueuedJob {
            var job = job()
            let lease = try taken(job.lease(to: "a", for: 60, at: 1_000))
            #expect(job.fail(lease, failure, "", policy: policy, at: 1_000, using: &chance) == true)
            return job
        }
        #expect(try after(.permanent).state == .dead)
        let limited = try after(.limited(until: 9_000))
        #expect(limited.notBefore == 14_000 && limited.failures == 0)
        #expect(try after(.paused(until: 50_000)).notBefore == 50_000)
        #expect(try after(.paused(until: nil)).notBefore == 3_601_000)
        #expect((1_500...2_000).contains(try after(.transient).notBefore))
    }

    @Test func `waits double from a second to a minute, and after five minutes to an hour`() {
        var chance = SplitMix64(seed: 4)
        let policy = JobRetries()
        for failures in 1...40 {
            let eager = min(60_000, Int64(1_000) << Int64(min(failures - 1, 30)))
            let wait = policy.wait(after: failures, since: 299_999, using: &chance)
            #expect((eager / 2...eager).contains(wait))
            let late = min(3_600_000, Int64(1_000) << Int64(min(failures - 1, 30)))
            #expect((late / 2...late).contains(policy.wait(after: failures, since: 300_000, using: &chance)))
        }
    }

    @Test func `what is refused or done is not handed out any more`() {
        var job = job()
        #expect(job.refuse(at: 60) == true)
        #expect(job.lease(to: "a", for: 1, at: 200) == nil)
        #expect([job.admit(), job.revive(at: 200), job.refuse(at: 200)] == [false, false, false])
    }

    @Test(arguments: 0..<50)
    func `whatever happens to a job, at most one worker holds it and its places follow`(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        var job = job(moderation: seed % 2 == 0 ? 4 : nil)
        var leases: [QueuedJob.Lease] = []
        var now: Int64 = 0
        for _ in 0..<200 {
            now += Int64.random(in: 0...30_000, using: &chance)
            let old = leases.randomElement(using: &chance)
            switch Int.random(in: 0..<9, using: &chance) {
            case 0, 1: if let lease = job.lease(to: "w\(now)", for: 20_000, at: now) { leases.append(lease) }
            case 2: if let old { _ = job.fail(old, .transient, "", policy: policy, at: now, using: &chance) }
            case 3: if let old { _ = job.extend(old, for: 20_000, at: now) }
            case 4: _ = job.expire(policy: policy, at: now, using: &chance)
            case 5: _ = job.admit()
            case 6: _ = job.suspend()
            case 7: _ = job.revive(at: now)
            default:
                if Int.random(in: 0..<20, using: &chance) == 0, let old { _ = job.acknowledge(old, at: now) }
            }
            #expect(leases.filter { job.holds($0) }.count == (job.state == .leased ? 1 : 0))
            #expect((job.lease != nil) == (job.state == .leased))
            #expect(job.places.count == (job.state == .waiting ? 1 : 2))
        }
    }
}
