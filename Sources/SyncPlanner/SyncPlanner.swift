// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
import RepositoryRules

/// Decides what to gather from where; performs nothing.
///
/// Three indexes hold everything: ``RepoSyncIndex`` what is wanted, ``RelaySyncIndex`` what is complete,
/// ``PendingSyncIndex`` what is in flight. The one decision, for each relay, is
///
///     new = wanted − pending − confirmed
///
/// and one sync goes: a commit is followed → the plan is made anew → a batch is recorded → its live
/// subscription opens → its history is read → its events are judged → the follower has seen what they
/// led to → the batch confirms and its cursors are written.
///
/// Time and chance are handed in; the same inputs give the same effects.
public struct SyncPlanner: Sendable {
    public internal(set) var configuration: SyncConfiguration
    /// What we want.
    public internal(set) var repositories = RepoSyncIndex()
    /// What we have.
    public internal(set) var relays = RelaySyncIndex()
    /// What is in flight.
    public internal(set) var pending = PendingSyncIndex()

    /// The number of everything that is wanted, had or in flight.
    var items = ItemTable()
    var pool = RelayURLPool()
    var phase = Phase.idle
    var followSet: FollowSet
    var references = ReferenceTable()
    var storeQuestions = StoreQuestions()
    /// How far the commit feed was followed.
    var followedThrough = CommitPosition.start
    var conversations: [RelayURL: UpstreamConversation] = [:]
    var submissions: [SubmissionID: Submission] = [:]
    /// Everything at the one door.
    var unjudged = Load()
    /// Relays that were complete and of which that was not told yet.
    var untold: Set<RelayURL> = []
    /// Relays that are not read for the time being.
    var pausedRelays: Set<RelayURL> = []
    var rows = RowBuffer()
    /// When, by our clock, any relay last answered.
    var answeredAt: Timestamp?
    var newRelays = NewRelayBudget()
    /// Whether some relay waits for its namers' budget of another day.
    var newRelaysWait = false
    /// Relays that are named and not followed, of which that was told; as many as may be followed.
    var untracked: Set<RelayURL> = []
    /// What an earlier run knew of relays that were not met yet.
    var restored: [RelayURL: RestoredRelay] = [:]

    /// When news that was gathered becomes a plan.
    var replanAt: Uptime?
    var announcementsChanged = false
    /// Repositories and roots as they were told last.
    var toldFollowing: [Int] = []
    /// Relays whose wanted items may have changed.
    var dirtyRelays: Set<RelayURL> = []
    var disconnectCheckAt: Uptime?
    var cursorsAt: Uptime?
    /// Our own store does not take events: nobody is asked for any.
    var storeTrouble = Backoff()
    /// When each relay next needs attention.
    var deadlines = Deadlines()
    var nextNumber: UInt64 = 1

    // The input being reduced.
    var now = Uptime.zero
    var wall = Timestamp.epoch
    var chance = Chance()
    var effects: [SyncEffect] = []
    /// Whether somebody may have become free to be dialled.
    var mayDial = false
    var touched: Set<RelayURL> = []

    enum Phase: Hashable, Sendable {
        /// Becomes loading.
        case idle
        /// Our own store is being read; nobody is dialled. Becomes running or stopped.
        case loading
        /// Becomes stopped.
        case running
        case stopped
    }

    public init(configuration: SyncConfiguration) {
        self.configuration = configuration
        followSet = FollowSet(configuration.interest)
    }

    /// Takes one input and says what to do about it.
    ///
    /// - Parameters:
    ///   - now: for waiting; never runs backwards.
    ///   - wall: for cursors; may jump.
    public mutating func reduce(
        _ input: SyncInput, at now: Uptime, wall: Timestamp, using rng: inout some RandomNumberGenerator
    ) -> [SyncEffect] {
        guard phase != .stopped else { return [] }
        let late = nextDeadline.map { now - $0 } ?? .zero
        self.now = now
        self.wall = wall
        if late > Self.lateness { wereLate(by: late) }
        chance = Chance(state: rng.next())
        take(input)
        runDue()
        settle()
        defer { effects.removeAll() }
        return effects
    }

    private mutating func take(_ input: SyncInput) {
        switch input {
        case .start(let rows): start(rows)
        case .followed(let stored, let removed, let position):
            follow(stored: stored, removed: removed, through: position)
        case .rescanStarted: startRescan()
        case .caughtUp: finishScan()
        case .found(let id, let events, let isLast): found(id, events, isLast: isLast)
        case .absent(let id, let absent): foundAbsent(id, absent)
        case .ownership(let relay, let isOurs): ownership(of: relay, isOurs: isOurs)
        case .linkUp(let link): linkUp(link)
        case .dialFailed(let link, let failure, let detail): dialFailed(link, failure, detail)
        case .linkDown(let link, let end): linkDown(link, end)
        case .received(let link, let messages): received(link, messages)
        case .unreadable(let link, let count):
            guard conversations[link.relay]?.link == link else { return }
            conversations[link.relay]?.unreadable += count
            offended(link.relay, weight: count)
        case .skipping(let link): skipping(link)
        case .skipped(let link, let event): skipped(link, event)
        case .gathered(let id, let set): gathered(id, set)
        case .reconciled(let id, let need, let isDone): reconciled(id, need: need, isDone: isDone)
        case .reconciliationFailed(let id, let fault): reconciliationFailed(id, fault)
        case .information(let link, let information): self.information(link, information)
        case .authenticating(let link, let id): authenticating(link, id)
        case .reconfigured(let archive, let curation): reconfigure(archive: archive, curation: curation)
        case .judged(let id, let judgements): judged(id, judgements)
        case .tick: break
        case .stop: stop()
        }
    }

    /// The earliest moment at which ``reduce(_:at:wall:using:)`` must be called with ``SyncInput/tick``.
    public var nextDeadline: Uptime? {
        guard phase != .stopped else { return nil }
        let own = [replanAt, disconnectCheckAt, cursorsAt, rows.flushAt, storeTrouble.notBefore].compactMap {
            $0
        }.min()
        guard let relay = deadlines.first else { return own }
        return own.map { min($0, relay) } ?? relay
    }

    /// Whether nothing is missing: nothing wanted is unasked or in flight, the store was read, and the
    /// follower has seen everything that was stored meanwhile. Relays that failed do not count.
    public var isHistoryComplete: Bool {
        phase == .running && replanAt == nil && storeQuestions.isEmpty && !references.hasUnchecked
            && pending.count == 0
            && relays.entries.values.allSatisfy { $0.queue.isEmpty && $0.setbacks.isEmpty }
    }

    /// From when on a deadline that is looked at late is our own fault.
    static let lateness = Duration.seconds(1)

    mutating func number() -> UInt64 {
        defer { nextNumber += 1 }
        return nextNumber
    }

    mutating func report(_ fact: SyncFact) { effects.append(.report(fact)) }
}
