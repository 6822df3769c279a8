// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
public import Ingest
public import Logging
import NIOPosix
public import NostrCore
public import RepositoryRules
public import ServiceLifecycle
public import SyncPlanner

/// Gathers: feeds the planner what happens, in order, and performs what it decides.
///
/// There is one loop. It takes an input from the mailbox, lets `SyncPlanner` reduce it, and performs every effect
/// before the next input; no effect blocks or suspends, so nothing interleaves and one dead upstream slows no
/// other. What takes time (sockets, the one door, our own store) goes on elsewhere and comes back as an input.
public actor SyncManager: Service {
    let ingest: Ingest
    let connector: any UpstreamConnector
    let ownership: any RelayOwnership
    let observer: any SyncObserver
    let logger: Logger
    let mailbox: SyncMailbox
    let limits: SyncEngineLimits
    let reader: StoreReader
    /// Signs our answers to challenges (NIP-42).
    let key: SecretKey?
    let bell = Bell()
    let rowWriter: RowWriter
    let reconciler: Reconciler
    let clock: SyncClock
    private let readerThreads: NIOThreadPool

    private var planner: SyncPlanner
    private var chance = SystemRandomNumberGenerator()
    var links: [LinkID: LinkHandle] = [:]
    var questions: AsyncStream<Question>.Continuation?
    var isStopped = false
    /// Of what strangers may bring about at any rate.
    var thinning: LogThinning<SyncFact.OverLimit>
    var untrackedThinning: LogThinning<SyncFact.NotTracked>
    var relayThinning: LogThinning<RelayLine>
    /// What the log said last of how much is followed; roots alone have a line now and then.
    var saidFollowing: (repositories: Int, hasRoots: Bool)?
    var followingThinning: LogThinning<Bool>
    /// The moment for which a timer is set.
    private var alarm: Uptime?
    private var shownAt: Uptime?
    private var showsLater = false
    /// Whether nothing was shown yet but that our own store is being read.
    private var showedNothing = true
    private var showInterval = Duration.zero

    public init(
        configuration: SyncConfiguration, store: EventStore, ingest: Ingest, key: SecretKey? = nil,
        connector: any UpstreamConnector, ownership: any RelayOwnership = SoleOwnership(), clock: SyncClock,
        limits: SyncEngineLimits = SyncEngineLimits(), observer: any SyncObserver = SilentSyncObserver(),
        logger: Logger
    ) {
        self.ingest = ingest
        self.key = key
        self.connector = connector
        self.ownership = ownership
        self.observer = observer
        self.logger = logger
        self.clock = clock
        self.limits = limits
        mailbox = SyncMailbox(bytesMax: limits.mailboxBytesInTotal)
        thinning = LogThinning(interval: limits.sameLineInterval)
        untrackedThinning = LogThinning(interval: limits.sameLineInterval)
        relayThinning = LogThinning(interval: limits.sameLineInterval)
        followingThinning = LogThinning(interval: limits.sameLineInterval)
        rowWriter = RowWriter(ingest, clock: clock, limits: limits)
        planner = SyncPlanner(configuration: configuration)
        readerThreads = NIOThreadPool(numberOfThreads: limits.readerThreads)
        reader = StoreReader(
            store: store, threads: readerThreads, clock: clock, limits: limits, logger: logger)
        reconciler = Reconciler(reader: reader, mailbox: mailbox, observer: observer, limits: limits)
    }

    /// Gathers until a graceful shutdown or cancellation; then writes down what is known and hangs up.
    public func run() async throws {
        readerThreads.start()
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await gather()
            } onCancel: {
                mailbox.put(.stop)
            }
        } onGracefulShutdown: {
            self.mailbox.put(.stop)
        }
        try? await readerThreads.shutdownGracefully()
    }

    private func gather() async {
        // Cancelled before it began.
        guard let rows = try? await reader.rows() else { return }
        reduce(.start(restored: rows))
        let (asked, questions) = AsyncStream.makeStream(of: Question.self)
        self.questions = questions
        await withTaskGroup(of: Void.self) { group in
            let follower = CommitFollower(reader: reader, mailbox: mailbox, bell: bell)
            // Either ends by cancellation only; what it was doing is done again after the next start.
            group.addTask { try? await follower.run() }
            group.addTask { [reader, mailbox] in
                for await question in asked { try? await question.answer(from: reader, to: mailbox) }
            }
            group.addTask { [reconciler] in try? await reconciler.runGathering() }
            group.addTask { [reconciler] in try? await reconciler.runSpeaking() }
            await loop()
            mailbox.close()
            await rowWriter.drain()
            questions.finish()
            reconciler.finish()
            group.cancelAll()
        }
    }

    private func loop() async {
        while !isStopped {
            let letters = await mailbox.take()
            for letter in letters {
                reduce(letter.input)
                letter.taken?()
            }
            if letters.isEmpty { reduce(.tick) }
            setAlarm()
            show()
        }
    }

    private func reduce(_ input: SyncInput) {
        // Over by itself: the planner will not hang it up.
        switch input {
        case .dialFailed(let link, _, _), .linkDown(let link, _): links[link] = nil
        default: reconciler.note(input, at: clock.wall())
        }
        let effects = planner.reduce(input, at: clock.uptime(), wall: clock.wall(), using: &chance)
        for effect in effects { perform(effect) }
    }

    /// One timer, for the planner's next deadline; one that turns out to be early does no harm.
    private func setAlarm() {
        let now = clock.uptime()
        if let alarm, alarm <= now { self.alarm = nil }
        guard let deadline = planner.nextDeadline, alarm.map({ deadline < $0 }) ?? true else { return }
        alarm = max(deadline, now)
        clock.after(max(.zero, deadline - now)) { [mailbox] in mailbox.ring() }
    }

    private func show() {
        let now = clock.uptime()
        // The first that there is to see is shown at once.
        let isFirst = showedNothing && !planner.isReadingStore
        if let shownAt, !isFirst, now - shownAt < showInterval {
            // What is not shown now is shown a little later, or the last change would stay unseen.
            guard !showsLater else { return }
            showsLater = true
            clock.after(showInterval - (now - shownAt)) { [mailbox] in mailbox.ring() }
            return
        }
        showsLater = false
        showedNothing = planner.isReadingStore
        shownAt = now
        observer.stands(planner.snapshot(at: now), at: clock.wall())
        let range = limits.snapshotInterval
        showInterval = min(range.upperBound, max(range.lowerBound, (clock.uptime() - now) * 50))
    }

    /// Follows other repositories from now on; from any thread.
    public nonisolated func reconfigure(
        archive: [ArchivePattern]? = nil, curation: RepositoryCuration? = nil
    ) {
        mailbox.put(.reconfigured(archive: archive, curation: curation))
    }

    /// How everything stands.
    public func snapshot() -> PlanSnapshot { planner.snapshot(at: clock.uptime()) }

    /// Why a relay is followed and what is wanted, in flight and complete there; `nil` when it is not followed.
    public func explain(_ relay: RelayURL) -> RelayExplanation? {
        planner.explain(relay, at: clock.uptime())
    }

    /// Why a relay is not followed.
    public func absence(of relay: RelayURL) -> RelayAbsence { planner.absence(of: relay) }
}
