// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore

/// Writes what verifiers let through: everything that is ready in one transaction, one fsync for all.
///
/// Lives on a thread of its own, which alone touches `access` and `gatekeeper`; that is what makes this class
/// safe to hand to it.
final class BatchWriter: @unchecked Sendable {
    private let queue: Monitor<IngestQueue>
    private let status: NIOLockedValueBox<IngestStatus>
    private let limits: IngestLimits
    private let now: @Sendable () -> Timestamp
    private let uptime: @Sendable () -> Uptime
    private let observer: any IngestObserver
    private let feed: any CommitFeed
    private let board: NIOLockedValueBox<Admission>
    private let gatekeeper: Gatekeeper
    private var access: WriteAccess
    private var lastSweep: Uptime
    /// Events of the last batch.
    private var batchEvents = 0
    /// When chores may be tried again after one failed.
    private var choresRest: Uptime?
    /// A step of chores is this part of what it may be: removing needs room, too, less of it for less.
    private var choresPart = 1
    /// Expired events that the next sweep's transaction removes.
    private var sweepEvents: Int

    init(
        access: consuming WriteAccess, feed: any CommitFeed, board: NIOLockedValueBox<Admission>,
        limits: IngestLimits,
        queue: Monitor<IngestQueue>, status: NIOLockedValueBox<IngestStatus>,
        now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Uptime,
        observer: any IngestObserver
    ) {
        self.access = access
        self.feed = feed
        self.limits = limits
        self.queue = queue
        self.status = status
        self.now = now
        self.uptime = uptime
        self.observer = observer
        self.board = board
        gatekeeper = Gatekeeper(board.withLockedValue { $0 }, limits: limits)
        lastSweep = uptime()
        sweepEvents = limits.expirySweepEvents
    }

    /// Writes until the queue is closed and empty.
    func run() {
        while true {
            switch nextTurn() {
            case .batch(let submissions): write(submissions)
            case .chores: break
            case .idle: rest()
            case .closed: return finish()
            }
            sweepExpired()
            doChores()
        }
    }

    private func nextTurn() -> IngestQueue.Turn {
        let rest = nextRest()
        let linger = Duration.milliseconds(limits.bulkLingerMilliseconds)
        var lingersUntil: ContinuousClock.Instant?
        return queue.wait(for: IngestQueue.Signal.ready) { queue, timedOut in
            guard queue.hasReady else {
                if queue.isFinished { return .done(.closed) }
                if mayDoChores { return .done(.chores) }
                // Those who wake this thread for nothing do not postpone what is due.
                let left = rest - uptime()
                if timedOut || left <= .zero { return .done(.idle) }
                return .waitAtMost(milliseconds: 1 + Int(left / .milliseconds(1)))
            }
            if queue.mayGrow {
                let moment = ContinuousClock.now
                let end = lingersUntil ?? moment + linger
                lingersUntil = end
                if moment < end {
                    return .waitAtMost(milliseconds: 1 + Int((end - moment) / .milliseconds(1)))
                }
            }
            let batch = queue.takeBatch()
            return batch.isEmpty ? .wait : .done(.batch(batch))
        }
    }

    /// When something is due though nobody sends anything.
    private func nextRest() -> Uptime {
        var rest = lastSweep + .seconds(limits.expirySweepSeconds)
        if .sound != status.withLockedValue(\.health) {
            rest = min(rest, uptime() + .milliseconds(limits.probeMilliseconds))
        }
        if gatekeeper.hasChores, let choresRest { rest = min(rest, choresRest) }
        if let patience = access.syncPatience { rest = min(rest, uptime() + patience) }
        return rest
    }

    private func write(_ submissions: [Submission]) {
        gatekeeper.adopt(board.withLockedValue { $0 })
        batchEvents = submissions.reduce(0) { $0 + $1.eventCount }
        var retries = limits.faultRetries
        var waiting = [(units: submissions.map { BatchUnit($0) }, releases: true)]
        while let (units, releases) = waiting.popLast() {
            do {
                try attempt(units, releases: releases)
            } catch {
                if retries > 0, error.mayBeOnePart, let halves = BatchUnit.halves(of: units) {
                    retries -= 1
                    waiting.append((halves.second, releases))
                    waiting.append((halves.first, releases))
                } else if case .full = error, releases, gatekeeper.holding.count > 0 {
                    // There may be room for these without those that would come with them.
                    waiting.append((units, false))
                } else {
                    for unit in units { unit.submission.fail(unit.range, error.reasonForSenders) }
                }
            }
        }
        for submission in submissions { submission.answer(observer) }
        queue.withLock { $0.leave(submissions) }
    }

    /// One transaction, and what follows from it.
    private func attempt(_ units: [BatchUnit], releases: Bool) throws(StoreError) {
        let started = ContinuousClock.now
        let moment = now()
        var size = (events: 0, bytes: 0)
        var outcomes: [(submission: Submission, index: Int, outcome: Gatekeeper.Outcome)] = []
        var refused: [BatchUnit] = []
        let commit: Commit?
        gatekeeper.begin(at: moment, releases: releases)
        do {
            (_, commit) = try access.transaction(now: moment) { writer throws(StoreError) in
                for unit in units {
                    guard try Self.holds(unit.submission.required, in: writer) else {
                        refused.append(unit)
                        continue
                    }
                    for (index, event) in unit.verified {
                        size.events += 1
                        size.bytes += event.json.count
                        let source = unit.submission.source
                        let outcome = try gatekeeper.settle(event, from: source, in: &writer)
                        outcomes.append((unit.submission, index, outcome))
                    }
                    for row in unit.submission.side { try writer.put(row) }
                    if let errand = unit.submission.errand { try gatekeeper.run(errand, in: &writer) }
                }
            }
        } catch {
            gatekeeper.rolledBack()
            observer.wrote(
                events: size.events, bytes: size.bytes, in: ContinuousClock.now - started, failed: true)
            if error.isTheStores { note(.failing(error.description)) }
            throw error
        }
        let passing = gatekeeper.committed()
        observer.wrote(
            events: size.events, bytes: size.bytes, in: ContinuousClock.now - started, failed: false)
        note(showsRoom(commit) ? .sound : nil)
        let sequence = commit?.sequence ?? feed.latest
        for (submission, index, outcome) in outcomes {
            switch outcome {
            case .stored: submission.slots[index] = .decided(.stored(sequence))
            case .verdict(let verdict): submission.slots[index] = .decided(verdict)
            }
        }
        for unit in refused { unit.submission.fail(unit.range, Verdict.conflictReason) }
        for event in passing { feed.publishEphemeral(event) }
    }

    private static func holds(_ rows: [SideWrite], in writer: borrowing StoreWriter) throws(StoreError)
        -> Bool
    {
        for row in rows where try writer.side(row.table, key: row.key) != row.value { return false }
        return true
    }
}

extension BatchWriter {
    /// Whether a commit shows that a store that failed takes events again: a row of a few bytes, or something removed, does not.
    private func showsRoom(_ commit: Commit?) -> Bool { commit?.stored.isEmpty == false }

    private func note(_ health: IngestHealth?) {
        let held = gatekeeper.holding.count
        status.withLockedValue { status in
            if let health, status.health != .closed { status.health = health }
            status.held = held
        }
    }

    /// Nobody sends anything: what can be done meanwhile.
    private func rest() {
        do throws(StoreError) { try access.sync() } catch { return note(.failing(error.description)) }
        probe()
    }

    /// Everything was answered; what was written goes to the disk.
    private func finish() {
        do throws(StoreError) { try access.sync() } catch {
            status.withLockedValue { $0.lastFailure = error.description }
        }
    }

    /// A store that failed is tried with a row, so that it is known to be sound again even when nobody sends anything.
    ///
    /// There has to be room for an event: a map that takes no more than a few bytes is full. The row itself stays small.
    private func probe() {
        guard case .failing = status.withLockedValue(\.health) else { return }
        func row(_ value: [UInt8]) -> SideWrite {
            SideWrite(Ingest.probeTable, key: Array("probe".utf8), value: value)
        }
        let (large, small) = (row(Array(repeating: 0, count: limits.probeBytes)), row(Array("\(now())".utf8)))
        do {
            _ = try access.transaction(now: now()) { writer throws(StoreError) in
                try writer.put(large)
                try writer.put(small)
            }
            note(.sound)
        } catch {
            // Without the table the store still was good enough to begin.
            note(error.isTheStores ? .failing(error.description) : .sound)
        }
    }

    private var mayDoChores: Bool {
        guard gatekeeper.hasChores || board.withLockedValue({ gatekeeper.isToClear($0) }) else {
            return false
        }
        return choresRest.map { $0 <= uptime() } ?? true
    }

    /// One step of what is left to do when nobody waits.
    private func doChores() {
        guard mayDoChores else { return }
        gatekeeper.adopt(board.withLockedValue { $0 })
        gatekeeper.begin(at: now())
        do {
            // Building must gain on what is written meanwhile.
            let rows = max(limits.buildRows, 2 * batchEvents)
            var limits = limits
            limits.vanishSweepEvents = max(1, limits.vanishSweepEvents / choresPart)
            limits.clearingEvents = max(1, limits.clearingEvents / choresPart)
            let (more, _) = try access.transaction(now: now()) { writer throws(StoreError) in
                try gatekeeper.doChores(limits, reading: rows, in: &writer)
            }
            choresPart = max(1, choresPart / 2)
            _ = gatekeeper.committed()
            gatekeeper.hasChores = more
            choresRest = nil
            note(nil)
        } catch {
            gatekeeper.rolledBack()
            if case .full = error, !gatekeeper.isBuilding, choresPart < limits.vanishSweepEvents {
                choresPart *= 4
                return
            }
            choresRest = uptime() + .milliseconds(limits.probeMilliseconds)
            if error.isTheStores, !gatekeeper.isBuilding { note(.failing(error.description)) }
        }
    }

    /// Removes events that have expired (NIP-40), some at a time.
    private func sweepExpired() {
        let start = uptime()
        guard start >= lastSweep + .seconds(limits.expirySweepSeconds) else { return }
        let moment = now()
        gatekeeper.begin(at: moment)
        do {
            let (removed, _) = try access.transaction(now: moment) { writer throws(StoreError) in
                try gatekeeper.removeExpired(limit: sweepEvents, in: &writer)
            }
            _ = gatekeeper.committed()
            if removed < sweepEvents { lastSweep = start }
            sweepEvents = min(2 * sweepEvents, limits.expirySweepEvents)
            note(nil)
        } catch {
            gatekeeper.rolledBack()
            // Removing needs room too, less of it for fewer.
            if case .full = error, sweepEvents > 1 {
                sweepEvents /= 2
            } else {
                lastSweep = start
            }
            note(.failing(error.description))
        }
    }
}
