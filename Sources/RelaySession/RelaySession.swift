// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// One client conversation: what is said to a relay, and what has to be done about it.
///
/// Messages are served in the order they came. Events may be in flight together; a request or a count begins
/// when every earlier event has its answer, so that it sees them; whatever comes after a request that is being read
/// begins when its first page was read. What waits is bounded: see ``SessionLimits``.
public struct RelaySession: Sendable {
    let terms: SessionTerms
    var subscriptions = SubscriptionTable()
    var scans: ScanRotation
    var reconciliations = ReconciliationTable()
    var answers = AnswerQueue()
    var backlog: Backlog
    /// The request or count whose first page later messages wait for.
    var opening: ScanNumber?
    /// What the client may read.
    public internal(set) var scope: ReadScope
    let ownChallenge: Challenge
    /// The client was asked who it is.
    var isChallenged = false
    /// Its proof is being looked at.
    var isAuthenticating = false
    /// Of whoever has to be asked about requests.
    var inquiry = Inquiry.none
    private var isReadingPaused = false
    private var patience = Patience()
    /// The client was shown the door: nothing it says is heard any more.
    private var isOver = false

    /// Whether the queue towards the client has room. The shell keeps it up to date.
    public var isWritable = true

    /// Whether somebody is asked about every request before it is served. The shell keeps it up to date.
    public var asksAboutReading = false

    public init(_ terms: SessionTerms, challenge: Challenge) {
        self.terms = terms
        scope = terms.strangersScope
        ownChallenge = challenge
        scans = ScanRotation(limit: terms.bounds.runningScans)
        backlog = Backlog(
            messageLimit: terms.bounds.waitingMessages, byteLimit: terms.bounds.waitingBytes)
    }

    var limits: RelayLimits { terms.limits }
    var bounds: SessionLimits { terms.bounds }

    /// How many subscriptions are open.
    public var openSubscriptions: Int { subscriptions.count }
    public var openSlots: [SubscriptionSlot] { subscriptions.openSlots }
    /// Events submitted and not yet judged.
    public var eventsInFlight: Int { answers.inFlight }

    public mutating func reduce(_ input: SessionInput) -> [SessionAction] {
        var actions: [SessionAction] = []
        reduce(input, into: &actions)
        return actions
    }

    /// Takes one input and appends what has to be done, in order.
    public mutating func reduce(_ input: SessionInput, into actions: inout [SessionAction]) {
        if isOver { return }
        switch input {
        case .opened: if terms.features.challengesAtOnce { challenge(&actions) }
        case .message(let message, let size, let arrived): arrive((.usable(message), size, arrived), &actions)
        case .unusable(let error, let isHasty, let size, let arrived):
            arrive((.unusable(error, isHasty: isHasty), size, arrived), &actions)
        case .limited(let message, let wait, let size, let arrived):
            arrive((.limited(message, wait: wait), size, arrived), &actions)
        case .judged(let ticket, let accepted, let message, let arrived):
            judged(ticket, accepted, message, at: arrived, &actions)
        case .authenticated(let event, let refusal, let arrived):
            authenticated(event, refusal, at: arrived, &actions)
        case .permitted(let number, let filters): permitted(number, instead: filters, &actions)
        case .forbidden(let number, let reason): forbidden(number, reason, &actions)
        case .pageRead(let number, let report): pageRead(number, report, &actions)
        case .counting(let number): counting(number)
        case .counted(let number, let answer): counted(number, answer, &actions)
        case .caughtUp(let number, let report): caughtUp(number, report, &actions)
        case .gathered(let number, let report): gathered(number, report, &actions)
        case .reconciled(let number, let report, let now): reconciled(number, report, at: now, &actions)
        case .timePassed(let now): endIdleReconciliations(at: now, &actions)
        case .writability(let isWritable): self.isWritable = isWritable
        }
        proceed(&actions)
    }

    /// Does what has become possible: begins waiting messages, takes the next turn, reads on or stops reading.
    private mutating func proceed(_ actions: inout [SessionAction]) {
        while let next = backlog.first, !isOver, mayBegin(next), let entry = backlog.removeFirst() {
            begin(entry, &actions)
        }
        if isOver { return }
        takeTurn(&actions)
        if isReadingPaused, backlog.hasRoom {
            isReadingPaused = false
            actions.append(.resumeReading)
        } else if !isReadingPaused, backlog.isFull {
            isReadingPaused = true
            actions.append(.pauseReading)
        }
    }

    private mutating func arrive(_ entry: Backlog.Entry, _ actions: inout [SessionAction]) {
        if inquiry.isOpen, withdraws(entry.message) { return }
        guard backlog.isEmpty, mayBegin(entry.message) else { return backlog.append(entry) }
        begin(entry, &actions)
    }

    /// Whether everything that the message has to wait for is over.
    private func mayBegin(_ message: Backlog.Message) -> Bool {
        guard !isAuthenticating, !inquiry.isOpen else { return false }
        if case .usable(.close) = message, isWaitingForRoom { return true }
        guard opening == nil else { return false }
        let mayAnswer = isWritable && answers.count < bounds.eventsInFlight
        switch message {
        case .usable(.close), .usable(.negentropyClose): return true
        case .usable(.request), .usable(.count): return isWritable && answers.isEmpty
        case .usable(.negentropyOpen(let id, _, _)):
            return isWritable && answers.isEmpty && mayReconcile(anew: id)
        case .usable(.negentropyMessage(let id, _)): return mayAnswer && mayReconcile(id)
        case .usable(.event), .usable(.authenticate), .unusable, .limited: return mayAnswer
        }
    }

    /// What later messages wait for has not begun itself: a `CLOSE` may make room for it.
    private var isWaitingForRoom: Bool { opening.map(scans.isWaiting) ?? false }

    private mutating func begin(_ entry: Backlog.Entry, _ actions: inout [SessionAction]) {
        if case .usable(let message) = entry.message, message.asksForSomething {
            patience.heardSense(bounds)
        }
        switch entry.message {
        case .usable(.event(let event)):
            actions.append(.submit(answers.wait(for: event.event.id), event))
        case .usable(.request(let id, let filters)): request(id, filters, entry, &actions)
        case .usable(.count(let id, let filters)): count(id, filters, entry, &actions)
        case .usable(.close(let id)):
            if let slot = subscriptions.slot(of: id) { end(slot, &actions) }
        case .usable(.authenticate(let event)): authenticate(event, at: entry.arrived, &actions)
        case .usable(.negentropyOpen(let id, let filter, let message)):
            reconcile(id, filter, message, entry, &actions)
        case .usable(.negentropyMessage(let id, let message)): reconcile(id, message, entry, &actions)
        case .usable(.negentropyClose(let id)): endReconciliation(id, &actions)
        case .limited(let message, let wait): refuse(message, wait: wait, entry, &actions)
        case .unusable(let error, let isHasty):
            // The last one is answered, too.
            refuse(error, &actions)
            lose(patienceFor: error, at: entry.arrived, &actions)
            if isHasty, !isOver { losePatienceWithHaste(entry, &actions) }
        }
    }

    /// A message made no sense; after too many the client is shown the door.
    mutating func lose(
        patienceFor error: ClientMessageError, at now: Uptime, _ actions: inout [SessionAction]
    ) {
        if !patience.bears(error, at: now, bounds) { expel(SessionText.tooMuchNonsense, &actions) }
    }

    /// An event was no true one.
    mutating func losePatience(forFalseEventAt now: Uptime, _ actions: inout [SessionAction]) {
        if !patience.bearsFalseEvent(at: now, bounds) { expel(SessionText.tooMuchNonsense, &actions) }
    }

    /// A message came too soon; whoever goes on and on is shown the door.
    mutating func losePatienceWithHaste(_ entry: Backlog.Entry, _ actions: inout [SessionAction]) {
        if !patience.bearsHaste(size: entry.size, at: entry.arrived, bounds) {
            expel(SessionText.tooMuchHaste, &actions)
        }
    }

    private mutating func expel(_ reason: String, _ actions: inout [SessionAction]) {
        isOver = true
        actions.append(.expel(reason: reason))
    }
}
