// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TestSupport
import Testing

@testable import Ingest

@Suite struct IngestQueueTests {
    static let event = ParsedEvent(event: .fixture())

    func submission(_ count: Int, _ source: IngestSource = .importer) -> Submission {
        Submission(Array(repeating: Self.event, count: count), from: source, with: []) { _ in }
    }

    func queue(_ change: (inout IngestLimits) -> Void = { _ in }) -> IngestQueue {
        var limits = IngestLimits()
        change(&limits)
        return IngestQueue(limits: limits, verifiers: 2)
    }

    /// Lets every waiting event pass verification.
    func verifyAll(_ queue: inout IngestQueue, as slot: Submission.Slot = .verified(Self.event.event)) {
        while let jobs = queue.takeJobs() {
            _ = queue.finish(jobs, jobs.map { Array(repeating: slot, count: $0.range.count) })
        }
    }

    @Test func `events are split among verifiers and never taken twice`() {
        var queue = queue { $0.verifierEvents = 7 }
        let all = [submission(20), submission(3), submission(1)]
        for one in all { #expect(queue.enter(one) == nil) }
        var taken: [ObjectIdentifier: [Int]] = [:]
        while let jobs = queue.takeJobs() {
            #expect(jobs.reduce(0) { $0 + $1.range.count } <= 7)
            for job in jobs { taken[ObjectIdentifier(job.submission), default: []] += Array(job.range) }
        }
        for one in all { #expect(taken[ObjectIdentifier(one)] == Array(0..<one.eventCount)) }
    }

    @Test func `a submission waits for those before it in its lane`() {
        var queue = queue()
        let first = submission(4)
        let second = submission(4)
        _ = queue.enter(first)
        _ = queue.enter(second)
        let jobs = queue.takeJobs() ?? []
        verifyAll(&queue)
        #expect(!queue.hasReady, "the first is still with a verifier")
        _ = queue.finish(
            jobs, jobs.map { Array(repeating: .verified(Self.event.event), count: $0.range.count) })
        #expect(
            queue.takeBatch().map { ObjectIdentifier($0) } == [first, second].map { ObjectIdentifier($0) })
    }

    @Test func `what was approved is written though the next of its source is being asked about`() {
        var queue = queue()
        func client(_ number: UInt64) -> IngestSource { .client(authenticated: [], connection: number) }
        func verify(_ jobs: [VerificationJob]) -> [Submission] {
            queue.finish(
                jobs, jobs.map { Array(repeating: .verified(Self.event.event), count: $0.range.count) }
            )
            .open
        }
        let (slow, first, second) = (
            submission(1, client(1)), submission(1, client(2)), submission(1, client(2))
        )
        for one in [first, second] { one.isConsulted = true }
        _ = queue.enter(slow)
        let busy = queue.takeJobs() ?? []
        for one in [first, second] {
            _ = queue.enter(one)
            #expect(verify(queue.takeJobs() ?? []).map { ObjectIdentifier($0) } == [ObjectIdentifier(one)])
            if one === first { #expect(queue.consulted(one, []).isEmpty) }
        }
        #expect(!queue.hasReady, "another's is still with a verifier")
        _ = verify(busy)
        #expect(queue.takeBatch().map { ObjectIdentifier($0) } == [slow, first].map { ObjectIdentifier($0) })
        _ = queue.consulted(second, [])
        #expect(queue.takeBatch().map { ObjectIdentifier($0) } == [ObjectIdentifier(second)])
    }

    @Test func `a batch is bounded and takes from both lanes`() {
        var queue = queue { $0.batchEvents = 8 }
        for _ in 0..<10 { _ = queue.enter(submission(1, .importer)) }
        for _ in 0..<10 { _ = queue.enter(submission(1, .client(authenticated: []))) }
        verifyAll(&queue)
        let batch = queue.takeBatch()
        #expect(batch.count == 8)
        #expect(batch.count { $0.source == .importer } == 2)
    }

    @Test func `what is decided needs no writer and blocks its lane only until it is told`() {
        var queue = queue()
        let known = submission(2)
        let fresh = submission(2)
        _ = queue.enter(known)
        let jobs = queue.takeJobs() ?? []
        let decided = queue.finish(
            jobs, jobs.map { Array(repeating: .decided(.duplicate), count: $0.range.count) }
        ).decided
        #expect(decided.map { ObjectIdentifier($0) } == [ObjectIdentifier(known)])
        _ = queue.enter(fresh)
        verifyAll(&queue)
        #expect(!queue.hasReady)
        queue.leave(decided)
        #expect(queue.hasReady)
        queue.leave(queue.takeBatch())
        #expect(queue.events == 0 && queue.bytes == 0)
    }

    @Test func `what was answered meanwhile does not end a batch early`() {
        var queue = queue { $0.verifierEvents = 4 }
        let all = [submission(4), submission(4), submission(4)]
        for one in all { _ = queue.enter(one) }
        let jobs = (0..<3).map { _ in queue.takeJobs() ?? [] }
        func slots(_ slot: Submission.Slot) -> [[Submission.Slot]] { [Array(repeating: slot, count: 4)] }
        // The second is known, and answered while the first is still with a verifier.
        queue.leave(queue.finish(jobs[1], slots(.decided(.duplicate))).decided)
        for index in [2, 0] { _ = queue.finish(jobs[index], slots(.verified(Self.event.event))) }
        #expect(
            queue.takeBatch().map { ObjectIdentifier($0) } == [all[0], all[2]].map { ObjectIdentifier($0) })
        #expect(queue.events == 8)
    }

    @Test func `every spelling that is kept counts`() {
        let long = ParsedEvent(event: Self.event.event, asWritten: Self.event.event)
        let both = Submission([long], from: .importer, with: []) { _ in }
        #expect(both.bytes == 2 * submission(1).bytes)
    }

    @Test func `the door is full for bulk sources first`() {
        var queue = queue {
            $0.queuedEvents = 100
            $0.bulkShare = 0.5
        }
        #expect(queue.enter(submission(50)) == nil)
        #expect(queue.enter(submission(1)) == "busy, try again later")
        #expect(queue.enter(submission(50, .client(authenticated: []))) == nil)
        #expect(queue.enter(submission(1, .operator)) == "busy, try again later")
        #expect(queue.enter(submission(0)) == nil, "a mark is always taken")
    }

    @Test func `bytes are bounded as events are, and what is alone may be large`() {
        var queue = queue { $0.queuedBytes = Self.event.event.json.count * 2 }
        #expect(queue.enter(submission(10)) == nil)
        #expect(queue.enter(submission(1, .operator)) == "busy, try again later")
    }

    @Test func `rows are bounded as events are`() {
        var queue = queue { $0.queuedRows = 10 }
        let row = SideWrite(SideTable("rows"), key: [1], value: nil)
        let rows = Submission([], from: .operator, with: Array(repeating: row, count: 6)) { _ in }
        #expect(queue.enter(rows) == nil)
        #expect(queue.enter(rows) == "busy, try again later")
        queue.leave(queue.takeBatch())
        #expect(queue.rows == 0)
    }

    @Test func `a closed door ends when it is empty`() {
        var queue = queue()
        _ = queue.enter(submission(3))
        queue.close()
        #expect(queue.enter(submission(1)) == "shutting down")
        #expect(!queue.isFinished)
        verifyAll(&queue)
        _ = queue.takeBatch()
        #expect(queue.isFinished)
    }

    @Test func `a batch of bulk events may grow while more is being verified`() {
        var queue = queue()
        _ = queue.enter(submission(4))
        verifyAll(&queue)
        #expect(!queue.mayGrow, "nothing more is under way")
        _ = queue.enter(submission(4))
        #expect(queue.mayGrow)
        _ = queue.enter(submission(0, .operator))
        #expect(!queue.mayGrow, "somebody waits")
    }
}
