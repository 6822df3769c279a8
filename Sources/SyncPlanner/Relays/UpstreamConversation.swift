// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What is being said with one relay over the link that is up: its subscriptions and what waits for judgement.
struct UpstreamConversation: Hashable, Sendable {
    let link: LinkID
    let startedAt: Uptime
    /// The same by our clock.
    let startedAtWall: Timestamp
    var subscriptions: [SubscriptionID: Subscription] = [:]
    /// What each established live subscription covers; no item is in two.
    var placement: [SubscriptionID: ItemSet] = [:]
    /// Live subscriptions of a relay that leaves little room; ``placement`` is empty then.
    var packed: PackedLive?
    /// **Bytes** of all live subscriptions together, where the relay refused to hold more.
    var liveBytesMax: Int?
    /// The one live subscription that has not answered yet: live ones change one at a time.
    var liveChange: SubscriptionID?
    /// Live subscriptions that cover what is no longer wanted, or less than they could.
    var rewriteIsDue = false
    var caps: ObservedCaps
    /// When anything was heard, by both clocks.
    var heardAt: Uptime
    var heardAtWall: Timestamp
    var unjudged = Load()
    /// When each unanswered submission arrived.
    var arrivals: [SubmissionID: Timestamp] = [:]
    var isPaused = false
    var pausedAt = Uptime.zero
    /// Since when, by our clock, something may wait unread because reading was paused.
    var behindSince: Timestamp?
    /// When reading went on after the last pause.
    var resumedAt = Uptime.zero
    /// How often the relay ended a live subscription.
    var liveLosses = 0
    /// Whether it has answered anything: only then the dial counts as a success.
    var hasAnswered = false
    /// Messages that nobody could read.
    var unreadable = 0
    /// **Bytes** of events that were passed over and asked for, since the last offence counted for them.
    var skippedLength = 0
    /// Whether it has given anything that it was asked for.
    var hasGiven = false
    var authentication = UpstreamAuthentication()
    /// Until when it is awaited what the relay says of itself.
    var informationDeadline: Uptime?
    /// No `REQ` before.
    var nextRequestAt: Uptime?
    /// Reconciliations that went wrong since the last that did not.
    var reconciliationLosses = 0
    /// Ids that one `REQ` brings at most, where it brought fewer than were asked.
    var idsMax: Int?
    /// Filters that one `REQ` may have, where it refused more.
    var filtersMax: Int?
    /// When it last sent a NOTICE.
    var noticedAt: Uptime?
    /// What that said.
    var lastNotice: String?
    var offences = Offences()
    /// What may still be on its way of subscriptions that we ended.
    var lateAllowance = 0
    private var nextNumber = 1

    init(link: LinkID, at now: Uptime, wall: Timestamp, smallestCap: Int) {
        self.link = link
        startedAt = now
        startedAtWall = wall
        heardAt = now
        heardAtWall = wall
        caps = ObservedCaps(atLeast: smallestCap)
    }

    /// What no honest relay sends, or not often, in the last ten minutes or so.
    struct Offences: Hashable, Sendable {
        private(set) var count = 0
        private var since = Uptime.zero

        static let memory = Duration.seconds(600)

        mutating func add(_ weight: Int, at now: Uptime) {
            if now - since > Self.memory { (count, since) = (0, now) }
            count += weight
        }
    }

    /// One subscription: it ends by EOSE, CLOSED, timeout or the end of the link, whichever comes first.
    struct Subscription: Hashable, Sendable {
        let role: Role
        let filters: [Filter]
        let openedAt: Uptime
        /// When it has ended if nothing more is heard of it; `nil` once it is established.
        var deadline: Uptime?
        /// However much is heard of it, it has ended by then.
        var latest: Uptime

        enum Role: Hashable, Sendable {
            case live(Live)
            case history(BatchID)
            /// A session of negentropy.
            case reconciliation(ReconciliationID)
            /// Reads events by the ids that a reconciliation found.
            case fetch(ReconciliationID)
            /// Asks whether the relay is there.
            case probe
        }

        struct Live: Hashable, Sendable {
            let items: ItemSet
            let cost: FilterCost
            /// Closed once this one is established.
            let replacing: [SubscriptionID]
            /// Whose history waits for this one.
            let batch: BatchID?
            /// Which of the packed ones it is.
            let bin: Int?
        }

        /// Whose history it reads, or whose history waits for it.
        var batch: BatchID? {
            switch role {
            case .live(let live): live.batch
            case .history(let batch): batch
            case .reconciliation(let id), .fetch(let id): id.batch
            case .probe: nil
            }
        }
        var live: Live? { if case .live(let live) = role { live } else { nil } }
        var isEstablished: Bool { deadline == nil }
        var isReconciliation: Bool { if case .reconciliation = role { true } else { false } }
        /// Whether it is of some history.
        var isOfHistory: Bool {
            switch role {
            case .history, .reconciliation, .fetch: true
            case .live, .probe: false
            }
        }
    }

    /// Why it is given up that gives no answer.
    var noAnswer: LinkEnd { unreadable > 0 && !hasAnswered ? .garbage : .noAnswer }

    /// What is followed live.
    var followed: ItemSet {
        packed?.followed ?? placement.values.reduce(into: ItemSet()) { $0.formUnion($1) }
    }

    /// How often the relay ended a live subscription: of packed ones each as often as that one, or as all do.
    func losses(of bin: Int?) -> Int {
        guard let bin, let packed else { return liveLosses }
        return max(packed.setbacks[bin]?.attempts ?? 0, liveLosses / max(1, packed.packing.bins.count))
    }

    /// The relay ended a live subscription.
    ///
    /// - Returns: what is no longer followed.
    mutating func lose(_ id: SubscriptionID, _ live: Subscription.Live) -> ItemSet {
        guard let bin = live.bin, let followed = packed?.followed else {
            return placement.removeValue(forKey: id) ?? ItemSet()
        }
        packed?.subscriptions[bin] = nil
        packed?.changed.insert(bin)
        packed?.followed = followed.subtracting(live.items)
        return followed.intersection(live.items)
    }

    /// From now on these are covered by this subscription alone.
    mutating func place(_ items: ItemSet, in id: SubscriptionID) {
        for (other, covered) in placement { placement[other] = covered.subtracting(items) }
        placement[id] = items
    }

    /// A name that was never used on this link: short, and telling what it is for.
    mutating func newID(_ letter: String) -> SubscriptionID {
        defer { nextNumber += 1 }
        return SubscriptionID(TagValue("\(letter)\(nextNumber)"))
    }

    /// Whether a subscription of this name was open once: its events may still come for a while.
    func wasOpen(_ id: SubscriptionID) -> Bool {
        let digits = id.text.bytes.dropFirst()
        guard !digits.isEmpty, digits.count < 10, digits.allSatisfy({ (48...57).contains($0) }) else {
            return false
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) } < nextNumber
    }

    /// Live subscriptions by name, the oldest first; the one being opened is not among them.
    var liveSubscriptions: [(id: SubscriptionID, live: Subscription.Live)] {
        subscriptions.compactMap { id, subscription in
            subscription.isEstablished ? subscription.live.map { (id, $0) } : nil
        }.sorted { ($0.id.text.bytes.count, $0.id.text) < ($1.id.text.bytes.count, $1.id.text) }
    }

    /// Whether some subscription has not ended and is not established.
    var isAwaitingAnswer: Bool { subscriptions.values.contains { !$0.isEstablished } }

    /// Until when (by our clock) everything that was received is stored.
    var storedUntil: Timestamp {
        min(heardAtWall, arrivals.values.min() ?? heardAtWall, behindSince ?? heardAtWall)
    }

    /// What was asked after the pause is answered: nothing from before it waits any longer.
    mutating func answered(_ subscription: Subscription) {
        if !isPaused, subscription.openedAt >= resumedAt { behindSince = nil }
    }
}

/// Some events of one relay at the one door.
struct Submission: Hashable, Sendable {
    let link: LinkID
    /// `nil`: from a live subscription.
    let batch: BatchID?
    let source: SyncSource
    let load: Load
}

/// Events that wait for their verdicts.
struct Load: Hashable, Sendable {
    var events = 0
    var bytes = 0

    init() {}

    init(_ events: some Sequence<ParsedEvent>) {
        for event in events {
            self.events += 1
            bytes += event.event.json.count
        }
    }

    static func += (a: inout Load, b: Load) {
        a.events += b.events
        a.bytes += b.bytes
    }

    static func -= (a: inout Load, b: Load) {
        a.events -= b.events
        a.bytes -= b.bytes
    }

    func isOver(events most: Int, bytes mostBytes: Int) -> Bool { events > most || bytes > mostBytes }
}
