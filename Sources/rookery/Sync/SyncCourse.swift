// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore
import SyncPlanner

/// Decides what a one-shot sync with one relay says and does; no socket, store or clock of its own.
///
/// What differs is found by negentropy (NIP-77) or, where the other relay does not know that, by reading all pages. Events that
/// are needed are asked for while that goes on, and events that are lacking there are sent.
struct SyncCourse: Sendable {
    /// What is wanted.
    struct Terms: Sendable {
        var filter = Filter()
        var direction = SyncDirection.both
        /// Only the difference is found out.
        var isDry = false
        var limits = SyncCourseLimits()
        /// How pages are read, where they have to be.
        var pages = UpstreamLimits()
        /// What is older need not be read page by page.
        var pagesSince: Timestamp?
    }

    enum Input: Sendable {
        /// The conversation is open.
        case opened
        /// The same, and our set cannot be reconciled; says why.
        case openedWithoutSet(String)
        case received([RelayMessage])
        /// What follows from the other side's message; `nil` when it makes no sense.
        case stepped(Found?)
        /// Our set had to be gathered anew, and this is its first message.
        case regathered(TagValue)
        /// Our door has judged events.
        case judged(bytes: Int, ImportReport)
        /// Events that are to be sent; those that are gone by now are not among them.
        case loaded([Event])
        /// The answer to a challenge.
        case signed(Event)
        /// Whether the relay took our key, when somebody else has shown it.
        case keyShown(taken: Bool, String)
        case closed(String)
        case interrupted
        /// What it owes could not be heard for a while.
        case resumed
        /// Time passes.
        case tick
    }

    /// What came out of one round of negentropy.
    struct Found: Sendable {
        /// Hexadecimal text; `nil` at the end.
        var message: TagValue?
        var have: [EventID] = []
        var need: [EventID] = []
    }

    enum Effect: Hashable, Sendable {
        case send(ClientMessage)
        /// Reconcile the other side's message with our set; ``Input/stepped(_:)`` says what follows.
        case step(TagValue)
        /// Hand events to our own door; ``Input/judged(bytes:_:)`` says what became of them.
        case submit([ParsedEvent], bytes: Int)
        /// Read events of our own; ``Input/loaded(_:)`` brings them.
        case load([EventID])
        /// Sign a challenge; ``Input/signed(_:)`` brings the answer.
        case sign(String)
        case pauseReading
        case resumeReading
        /// Something that whoever looks on should know.
        case tell(String)
        /// Nothing more is owed or wanted.
        case stop
    }

    let terms: Terms
    /// Our first message, in hexadecimal text.
    var first: TagValue
    var tally = SyncTally()
    var stage = Stage.waiting
    var authentication = Authentication.idle
    /// Ids to be asked for.
    var wanted: Deque<EventID> = []
    /// Every id that was found to differ, so that none is dealt with twice where our set was gathered anew.
    var found: Set<EventID> = []
    /// Whether all of it is read page by page because nothing is here yet.
    var readsAll = false
    /// Why what differs could not be found out by negentropy; `nil`: it could, or that was not tried.
    var cannotReconcile: String?
    /// How often ids were asked for in vain; those that were not are absent.
    var vain: [EventID: Int] = [:]
    var requests: [SubscriptionID: Request] = [:]
    var idsPerRequest: Int
    /// The oldest second that pages have brought, and what is known of it.
    var oldest: (second: Timestamp, ids: Set<EventID>) = (Timestamp(.max), [])
    /// Ids to be sent.
    var offers: Deque<EventID> = []
    /// Ids that are being read.
    var loading: Set<EventID> = []
    var unanswered: [EventID: Event] = [:]
    var unansweredBytes = 0
    var unjudgedBytes = 0
    var isPaused = false
    /// Nothing is asked or sent until then.
    var rest: Uptime?
    /// How often we were asked to go slower, or began again.
    var setbacks = 0
    private var nextName = 0
    /// `nil` until the conversation is open: how long that may take, the dial knows.
    private var lastHeard: Uptime?
    var now = Uptime.zero
    /// Nothing more is asked for or sent.
    private(set) var hasFailed = false
    private(set) var isOver = false

    /// A REQ that is open.
    struct Request: Sendable {
        /// How many ids it asked for.
        let asked: Int
        /// Those that have not come.
        var rest: Set<EventID>
    }

    /// How far the difference is found out.
    enum Stage: Sendable {
        /// The conversation is not open. → `reconciling`
        case waiting
        /// → `ready`, `paging`; `hasAnswer`: the other side knows negentropy.
        case reconciling(since: Uptime, hasAnswer: Bool)
        /// → `ready`
        case paging(HistoryPages, ObservedCaps, SubscriptionID)
        /// The next page is asked for after a rest. → `paging`
        case resting(HistoryPages, ObservedCaps)
        case ready
    }

    init(_ terms: Terms, first: TagValue, local: Int) {
        self.terms = terms
        self.first = first
        idsPerRequest = terms.limits.idsPerRequest
        tally.local = local
    }

    var limits: SyncCourseLimits { terms.limits }

    mutating func reduce(_ input: Input, at now: Uptime) -> [Effect] {
        guard !isOver else { return [] }
        self.now = now
        var effects: [Effect] = []
        switch input {
        case .opened:
            lastHeard = now
            begin(&effects)
        case .openedWithoutSet(let reason):
            lastHeard = now
            takePages(reason, &effects)
        case .received(let messages):
            // To talk of something else is no answer.
            if messages.contains(where: \.isAnswer) { lastHeard = now }
            hear(messages, &effects)
        case .stepped(let found): stepped(found, &effects)
        case .regathered(let first): regathered(first, &effects)
        case .judged(let bytes, let report): judged(bytes, report, &effects)
        case .loaded(let events): loaded(events, &effects)
        case .signed(let event): signed(event, &effects)
        case .keyShown(let isTaken, let reason): authenticated(isTaken, reason, &effects)
        case .closed(let reason): fail(reason)
        case .interrupted: fail("interrupted; run it again to go on")
        case .resumed: resumed()
        case .tick: lookAtClock(&effects)
        }
        goOn(&effects)
        return effects
    }

    /// Nothing more is asked or sent; what came is still judged.
    mutating func fail(_ reason: String) {
        tally.failure = hasFailed ? tally.failure : reason
        hasFailed = true
        if authentication.isUnderWay { authentication = .refused }
        tally.missing += wanted.count + requests.values.reduce(0) { $0 + $1.rest.count }
        tally.refused += offers.count + loading.count + unanswered.count
        (wanted, requests, offers, loading, unanswered) = ([], [:], [], [], [:])
        stage = .ready
    }

    mutating func makeName() -> SubscriptionID {
        nextName += 1
        return SubscriptionID(TagValue("s\(nextName)"))
    }

    private mutating func goOn(_ effects: inout [Effect]) {
        if let rest, now >= rest { self.rest = nil }
        if rest == nil, !authentication.isUnderWay, !hasFailed {
            askForMore(&effects)
            offerMore(&effects)
        }
        guard case .ready = stage, !owesAnything, unjudgedBytes == 0 else { return }
        isOver = true
        effects.append(.stop)
    }

    /// Whether the other relay, or our own store, has still to do something.
    private var owesAnything: Bool {
        !wanted.isEmpty || !requests.isEmpty || !offers.isEmpty || !loading.isEmpty || !unanswered.isEmpty
            || authentication.isUnderWay
    }

    private mutating func judged(_ bytes: Int, _ report: ImportReport, _ effects: inout [Effect]) {
        unjudgedBytes -= bytes
        tally.judged.add(report, after: 0)
        if let failure = report.failure { fail("our own store takes nothing more: \(failure)") }
        if tally.judged[.malformed] > limits.malformedMax { fail("it sends what is no event") }
        if isPaused, unjudgedBytes <= limits.unjudgedBytes / 2 {
            isPaused = false
            resumed()
            effects.append(.resumeReading)
        }
    }

    /// What it owes could not be heard meanwhile: it has its time anew.
    private mutating func resumed() {
        lastHeard = now
        if case .reconciling(_, false) = stage { stage = .reconciling(since: now, hasAnswer: false) }
    }

    private mutating func lookAtClock(_ effects: inout [Effect]) {
        if case .reconciling(let since, false) = stage, now - since >= limits.firstAnswer, rest == nil {
            return takePages("it does not answer", &effects)
        }
        guard let lastHeard else { return }
        if isPaused || rest != nil {
            self.lastHeard = now
        } else if now - lastHeard >= limits.silence {
            fail("it says nothing any more")
        }
    }
}
