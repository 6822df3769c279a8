// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore

/// What is inside the door: two lanes, bounded together. Guarded by the lock of a ``Monitor``.
///
/// The interactive lane goes first, but every fourth turn is the other's, so that neither starves.
struct IngestQueue {
    /// What threads wait for: numbers of the monitor's signals.
    enum Signal {
        static let work = 0
        static let ready = 1
        static let count = 2
    }

    /// What the writer does next.
    enum Turn {
        case batch([Submission])
        /// Nobody waits, and something is left to be done.
        case chores
        /// Nothing came for as long as it wanted to wait.
        case idle
        case closed
    }

    private let limits: IngestLimits
    private let verifiers: Int
    private var interactive = IngestLane()
    private var bulk = IngestLane()
    private var waiting = WaitingLines()
    /// Marks that wait until nothing older is in `waiting`.
    private var marks: [Submission] = []
    private var number: UInt64 = 0
    private var jobTurn = 0
    private var batchTurn = 0
    /// Events between submission and verdict.
    private(set) var events = 0
    private(set) var rows = 0
    private(set) var bytes = 0
    /// Of those, what somebody may be asked about.
    private var consulted = (events: 0, bytes: 0)
    private(set) var isClosed = false

    init(limits: IngestLimits, verifiers: Int) {
        self.limits = limits
        self.verifiers = verifiers
    }

    /// Takes a submission in.
    ///
    /// - Returns: why not.
    mutating func enter(_ submission: Submission) -> String? {
        if isClosed { return "shutting down" }
        if submission.eventCount > limits.submissionEvents || submission.rowCount > limits.submissionRows {
            return "too much in one submission"
        }
        if !submission.isMark, isFull(for: submission) { return Verdict.busyReason }
        events += submission.eventCount
        rows += submission.rowCount
        bytes += submission.bytes
        if submission.isConsulted {
            consulted.events += submission.eventCount
            consulted.bytes += submission.bytes
        }
        number += 1
        submission.number = number
        let lane = Self.lane(of: submission)
        // Behind what its source has sent before, if that waits.
        if !waiting.isEmpty, waiting.has(submission.line), !submission.isMark {
            waiting.append(submission)
            self[keyPath: lane].appendJobs(of: submission)
        } else {
            self[keyPath: lane].append(submission)
        }
        return nil
    }

    private static func lane(of submission: Submission) -> WritableKeyPath<IngestQueue, IngestLane> {
        submission.source.isInteractive ? \.interactive : \.bulk
    }

    private func isFull(for submission: Submission) -> Bool {
        let share = submission.source.isInteractive ? 1 : limits.bulkShare
        func part(_ limit: Int) -> Int { Int(Double(limit) * share) }
        // What is alone may be as large as it likes: it has passed the bounds of one message.
        if events == 0, rows == 0 { return false }
        if submission.isConsulted, consulted.events > 0,
            consulted.events + submission.eventCount > part(limits.consultedEvents)
                || consulted.bytes + submission.bytes > part(limits.consultedBytes)
        {
            return true
        }
        return events + submission.eventCount > part(limits.queuedEvents)
            || rows + submission.rowCount > part(limits.queuedRows)
            || bytes + submission.bytes > part(limits.queuedBytes)
    }

    mutating func close() { isClosed = true }

    /// Work for one verifier: at most its fair part of what is waiting; `nil` when there is none.
    mutating func takeJobs() -> [VerificationJob]? {
        let waiting = interactive.waitingEvents + bulk.waitingEvents
        guard waiting > 0 else { return nil }
        let fair = max(4, (waiting + verifiers - 1) / verifiers)
        let count = min(limits.verifierEvents, fair)
        jobTurn &+= 1
        let bulkFirst = interactive.waitingEvents == 0 || (bulk.waitingEvents > 0 && jobTurn % 4 == 0)
        return bulkFirst ? bulk.takeJobs(count) : interactive.takeJobs(count)
    }

    /// Puts down what a verifier found.
    ///
    /// - Returns: submissions that need no writer and are to be answered by the caller, and those that somebody is to be
    ///   asked about.
    mutating func finish(
        _ jobs: [VerificationJob], _ found: [[Submission.Slot]]
    ) -> (decided: [Submission], open: [Submission]) {
        var (decided, open): ([Submission], [Submission]) = ([], [])
        for (job, slots) in zip(jobs, found) {
            let submission = job.submission
            submission.slots.replaceSubrange(job.range, with: slots)
            submission.unjudged -= job.range.count
            guard submission.unjudged == 0 else { continue }
            if submission.isConsulted, !submission.verified.isEmpty {
                park(submission)
                open.append(submission)
            } else {
                settle(submission, &decided)
            }
        }
        return (decided, open)
    }

    /// Puts down what those who were asked think.
    ///
    /// - Returns: what needs no writer and is to be answered by the caller.
    mutating func consulted(_ submission: Submission, _ opinions: [(index: Int, opinion: Opinion)])
        -> [Submission]
    {
        for (index, opinion) in opinions {
            if let verdict = opinion.verdict { submission.slots[index] = .decided(verdict) }
        }
        var decided: [Submission] = []
        settle(submission, &decided)
        return decided
    }

    /// Takes a submission, and everything of its source with it, out of its lane.
    private mutating func park(_ submission: Submission) {
        submission.stage = .consulting
        guard !waiting.has(submission.line) else { return }
        let lane = Self.lane(of: submission)
        for one in self[keyPath: lane].takeOut(submission.line) where one.stage != .answered {
            waiting.append(one)
        }
    }

    private mutating func settle(_ submission: Submission, _ decided: inout [Submission]) {
        submission.stage = submission.isDecided ? .answering : .ready
        if submission.stage == .answering { decided.append(submission) }
        if !waiting.isEmpty { advance(submission) }
    }

    /// Lets those of a source go on that need not wait any more.
    private mutating func advance(_ submission: Submission) {
        let lane = Self.lane(of: submission)
        for ready in waiting.advance(submission.line) { self[keyPath: lane].appendReady(ready) }
        for mark in marks { self[keyPath: Self.lane(of: mark)].appendReady(mark) }
        marks = []
    }

    /// Lets answered submissions go.
    mutating func leave(_ submissions: [Submission]) {
        for submission in submissions {
            submission.stage = .answered
            events -= submission.eventCount
            rows -= submission.rowCount
            bytes -= submission.bytes
            if submission.isConsulted {
                consulted.events -= submission.eventCount
                consulted.bytes -= submission.bytes
            }
        }
        interactive.dropAnswered()
        bulk.dropAnswered()
    }

    /// Whether the writer has something to do now.
    var hasReady: Bool { interactive.hasReady || bulk.hasReady }
    /// Whether nothing will come any more.
    var isFinished: Bool {
        isClosed && interactive.isEmpty && bulk.isEmpty && waiting.isEmpty && marks.isEmpty
    }

    /// Whether a larger batch is worth a short wait: nobody is waiting for the answer and more is under way.
    var mayGrow: Bool {
        guard !interactive.hasReady, !isClosed else { return false }
        let ready = bulk.readyEvents(upTo: limits.batchEvents)
        return ready < limits.batchEvents && bulk.order.contains { $0.stage == .verifying }
    }

    /// Everything that is ready, up to the bounds of a batch; nothing when only a mark was, which goes on waiting.
    mutating func takeBatch() -> [Submission] {
        var batch: [Submission] = []
        var events = 0
        var bytes = 0
        while let submission = takeReady() {
            batch.append(submission)
            events += submission.eventCount + submission.rowCount
            bytes += submission.bytes
            if events >= limits.batchEvents || bytes >= limits.batchBytes { break }
        }
        return batch
    }

    private mutating func takeReady() -> Submission? {
        batchTurn &+= 1
        if batchTurn % 4 == 0, let submission = takeReady(\.bulk) { return submission }
        return takeReady(\.interactive) ?? takeReady(\.bulk)
    }

    private mutating func takeReady(_ lane: WritableKeyPath<IngestQueue, IngestLane>) -> Submission? {
        while let submission = self[keyPath: lane].takeReady() {
            guard submission.isMark else { return submission }
            // A mark comes after everything that came in before it, also where that had to wait.
            if waiting.holdsOlder(than: submission) {
                marks.append(submission)
            } else if self[keyPath: lane].order.contains(where: { $0.number < submission.number }) {
                self[keyPath: lane].appendReady(submission)
            } else {
                return submission
            }
        }
        return nil
    }
}
