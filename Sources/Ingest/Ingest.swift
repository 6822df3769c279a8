// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
import NIOConcurrencyHelpers
public import NostrCore

/// The one door: every event enters the store through here, whoever sends it, and nobody else can write.
///
/// ```
/// submit → known id? → id → signature → policies        verifier threads, one a core
///        → admission → put → held events again → fsync   the writer's thread, everything ready at once
///        → reply
/// ```
public final class Ingest: Sendable {
    static let probeTable = SideTable("ingest_probe")
    /// Tables that the door needs in the store.
    public static let sideTables: [SideTable] = [probeTable, Moderation.table]

    /// Its bounds.
    public let limits: IngestLimits
    private let queue: Monitor<IngestQueue>
    private let status = NIOLockedValueBox(IngestStatus())
    private let threads = ThreadGroup()
    private let observer: any IngestObserver
    private let consultant: (any EventConsultant)?
    /// What is in force, where verifiers and the writer look.
    private let board: NIOLockedValueBox<Admission>

    /// Opens the door; its threads run until ``shutdown()`` or until nobody holds it any more.
    public init(
        writer: consuming WriteAccess, store: EventStore, admission: Admission,
        limits: IngestLimits = IngestLimits(), now: @escaping @Sendable () -> Timestamp,
        uptime: @escaping @Sendable () -> Uptime = Ingest.systemUptime,
        consultant: (any EventConsultant)? = nil, observer: some IngestObserver = SilentObserver()
    ) {
        let verifiers = max(1, limits.verifierThreads ?? OwnThread.cores)
        let queue = Monitor(
            IngestQueue(limits: limits, verifiers: verifiers), signals: IngestQueue.Signal.count)
        self.limits = limits
        self.queue = queue
        self.observer = observer
        self.consultant = consultant
        board = NIOLockedValueBox(admission)
        let pool = VerificationPool(
            store: store, board: board, limits: limits, now: now, observer: observer)
        let batches = BatchWriter(
            access: writer, feed: store.feed, board: board, limits: limits, queue: queue,
            status: status, now: now, uptime: uptime, observer: observer)
        for _ in 1...verifiers {
            threads.start { Self.verify(queue, pool, consultant, now, observer) }
        }
        threads.start { batches.run() }
    }

    deinit { close() }

    /// Judges by other rules from the next batch on; what is stored stays.
    public func adopt(_ rules: AdmissionRules) { board.withLockedValue { $0.rules = rules } }

    /// Judges by other lists: what is submitted from now on, and what was submitted but is not written yet.
    public func adopt(_ lists: ModerationLists) { board.withLockedValue { $0.lists = lists } }

    /// Removes what is banned and was stored before, some at a time when nobody waits. Returns at once.
    func clear() {
        board.withLockedValue { $0.clear() }
        queue.notify(IngestQueue.Signal.ready)
    }

    /// Obeys other requests to vanish from the next batch on.
    public func adopt(_ vanishing: VanishPolicy) {
        board.withLockedValue { $0.vanishing = vanishing }
    }

    /// Stores other events beside what the rules want, from the next batch on.
    public func adopt(_ welcomed: WelcomedEvents) {
        board.withLockedValue { $0.welcomed = welcomed }
    }

    /// Judges events and stores what may be stored. Never blocks.
    ///
    /// The events of a submission are written in their order and with its side rows in one transaction;
    /// the rows are written whatever the verdicts, unless those are ``Verdict/failed(_:)``.
    /// Submissions of one source are written in the order in which they come.
    /// - Parameter required: rows that must be as given when it is written (no value: must not be there). Is one of
    ///   them different, nothing is written, and every event that was not refused before gets ``Verdict/conflict``.
    /// - Parameter reply: called exactly once, with a verdict an event, in their order; on a thread of the
    ///   door's own or, when the door is full or closed, inside this call. It must only enqueue. When there
    ///   were rows alone and they could not be written, it gets one ``Verdict/failed(_:)``.
    /// - Returns: whether they came in; otherwise they have been answered already.
    @discardableResult
    public func submit(
        _ events: [ParsedEvent], from source: IngestSource, with side: [SideWrite] = [],
        requiring required: [SideWrite] = [], reply: @escaping @Sendable ([Verdict]) -> Void
    ) -> Bool {
        enter(Submission(events, from: source, with: side, requiring: required, reply: reply))
    }

    @discardableResult
    private func enter(_ submission: Submission) -> Bool {
        if let consultant, submission.eventCount > 0 {
            submission.isConsulted = consultant.concerns(submission.source)
        }
        if let refusal = queue.withLock({ $0.enter(submission) }) {
            submission.fail(0..<submission.eventCount, refusal)
            submission.answer(observer)
            return false
        }
        if submission.eventCount == 0 {
            queue.notify(IngestQueue.Signal.ready)
        } else if submission.eventCount == 1 {
            queue.notify(IngestQueue.Signal.work)
        } else {
            queue.notifyAll(IngestQueue.Signal.work)
        }
        return true
    }

    /// The same, waiting for the verdicts.
    public func submit(
        _ events: [ParsedEvent], from source: IngestSource, with side: [SideWrite] = [],
        requiring required: [SideWrite] = []
    ) async -> [Verdict] {
        await withCheckedContinuation { waiting in
            submit(events, from: source, with: side, requiring: required) { waiting.resume(returning: $0) }
        }
    }

    /// Removes stored events that match, newest first, at most `limit` of them in one transaction.
    ///
    /// `kept` stay.
    ///
    /// - Returns: how many; `nil` when it could not be done.
    public func remove(
        _ filter: Filter, keeping kept: Set<EventID> = [], limit: Int
    ) async -> Int? {
        await run(Errand(.matching(filter, keeping: kept, limit: limit)))
    }

    /// Removes stored events by name, in one transaction.
    ///
    /// - Returns: how many were there and did not stay; `nil` when it could not be done: all are as they were.
    public func remove(_ order: RemovalOrder) async -> Int? { await run(Errand(.named(order))) }

    /// Has the sums of sets that are reconciled (NIP-77) made anew, in steps while nobody waits.
    ///
    /// - Returns: whether that has begun.
    public func makeTreesAnew() async -> Bool { await run(Errand(.trees)) != nil }

    private func run(_ errand: Errand) async -> Int? {
        await withCheckedContinuation { waiting in
            let submission = Submission(errand) { verdicts in
                waiting.resume(returning: verdicts.isEmpty ? errand.removed : nil)
            }
            enter(submission)
        }
    }

    /// Events between submission and verdict.
    public var queuedEvents: Int { queue.withLock { $0.events } }
    /// Whether the writer can write.
    public var health: IngestHealth { status.withLockedValue(\.health) }
    /// Events in the holding area.
    public var heldEvents: Int { status.withLockedValue(\.held) }
}

extension Ingest {
    /// Returns when everything submitted before has been answered.
    public func drain() async {
        // Lanes are answered in order, so that an empty submission at the end of each is the mark.
        await submitMark(.operator)
        await submitMark(.importer)
    }

    /// Takes nothing more, answers what is inside, ends the threads.
    ///
    /// - Returns: why the last relaxed writes may not be on the disk.
    @discardableResult
    public func shutdown() async -> String? {
        close()
        await threads.wait()
        return status.withLockedValue { status in
            status.health = .closed
            return status.lastFailure
        }
    }

    /// The system's clock that only moves forward.
    @Sendable public static func systemUptime() -> Uptime {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Uptime(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private static let start = ContinuousClock.now

    private func submitMark(_ source: IngestSource) async {
        if queue.withLock({ $0.isClosed }) { return await threads.wait() }
        _ = await submit([], from: source)
    }

    private func close() {
        queue.withLock { $0.close() }
        queue.notifyAll(IngestQueue.Signal.work)
        queue.notifyAll(IngestQueue.Signal.ready)
    }

    /// A verifier's life: take some events, judge them, put down what was found.
    private static func verify(
        _ queue: Monitor<IngestQueue>, _ pool: VerificationPool, _ consultant: (any EventConsultant)?,
        _ now: @Sendable () -> Timestamp, _ observer: any IngestObserver
    ) {
        var cache = PointCache()
        while let jobs = queue.wait(for: IngestQueue.Signal.work, nextJobs) {
            let events = queue.withLock { _ in jobs.map(\.events) }
            let found = pool.judge(jobs, events, cache: &cache)
            let (decided, open) = queue.withLock { $0.finish(jobs, found) }
            tell(decided, queue, observer)
            if let consultant {
                for submission in open { ask(consultant, submission, at: now(), queue, observer) }
            }
            queue.notify(IngestQueue.Signal.ready)
        }
    }

    /// Asks about a submission; what is thought of it decides where it goes on.
    private static func ask(
        _ consultant: any EventConsultant, _ submission: Submission, at moment: Timestamp,
        _ queue: Monitor<IngestQueue>, _ observer: any IngestObserver
    ) {
        let verified = submission.verified
        let question = Consultation(
            events: verified.map(\.event), source: submission.source, receivedAt: moment)
        consultant.consult(question) { opinions in
            let found = zip(verified, opinions).map { (index: $0.index, opinion: $1) }
            let decided = queue.withLock { $0.consulted(submission, found) }
            tell(decided, queue, observer)
            queue.notify(IngestQueue.Signal.ready)
        }
    }

    private static func tell(
        _ decided: [Submission], _ queue: Monitor<IngestQueue>, _ observer: any IngestObserver
    ) {
        for submission in decided { submission.answer(observer) }
        if !decided.isEmpty { queue.withLock { $0.leave(decided) } }
    }

    /// - Returns: `nil` when nothing will come any more.
    private static func nextJobs(_ queue: inout IngestQueue, timedOut: Bool)
        -> Monitor<IngestQueue>.Step<
            [VerificationJob]?
        >
    {
        if let jobs = queue.takeJobs() { return .done(jobs) }
        return queue.isClosed ? .done(nil) : .wait
    }
}
