// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import SyncPlanner

/// Decides what one conversation of a stream says and does, for ever: no socket, store or clock of its own.
///
/// ```
/// waiting → connecting → open: live subscription → back-fill → live
///    ↑___________|__________|_________|_______________|
/// ```
/// What differs is found by a ``SyncCourse``, once the live subscription is open, so that nothing falls between the
/// two. What it finds to be lacking there and what our own feed brings go into one ``StreamOutbox``.
struct StreamCourse: Sendable {
    enum Input: Sendable {
        case tick
        /// There is something new in our feed.
        case news
        /// Of one conversation, by its number; what comes of an earlier one is ignored.
        case heard(UInt64, Heard)
    }

    enum Heard: Sendable {
        /// The conversation is open; our feed is at this place.
        case opened(CommitSequence)
        /// Messages, and how many others nobody could read.
        case received([RelayMessage], unreadable: Int)
        /// An event that was too long to be read has passed.
        case skipped
        case lost(String)
        case prepared(Preparation)
        case stepped(SyncCourse.Found?)
        /// Our set had to be gathered anew, and this is its first message.
        case regathered(TagValue)
        case judged(Part, bytes: Int, ImportReport, unwanted: [EventID])
        case followed(FeedPage, seen: [EventID])
        case loaded([Event])
        case signed(Event)
        /// Our own store cannot be read.
        case storeFailed(String)
    }

    /// What has come of preparing a back-fill.
    enum Preparation: Sendable {
        /// Our set is there; `first` is the first message about it, in hexadecimal text.
        case set(first: TagValue, count: Int, Manners)
        /// Our set is too large to be reconciled.
        case tooMany(Manners)
        /// There is no room for it now.
        case noRoom(Manners)
    }

    /// What the relay lets us ask and send.
    struct Manners: Hashable, Sendable {
        var limits = SyncCourseLimits()
        var pages = UpstreamLimits()
        /// **Bytes** of a message to it; `nil`: it does not say.
        var messageLength: Int?
    }

    /// Which part of the conversation brought events.
    enum Part: Hashable, Sendable {
        case live, filling
    }

    enum Effect: Hashable, Sendable {
        /// Open a conversation of this number.
        case dial(UInt64)
        case hangUp
        case send(ClientMessage)
        /// Ask the relay about itself and gather our set; ``Heard/prepared(_:)`` follows.
        case prepare
        /// Reconcile the relay's message with our set; ``Heard/stepped(_:)`` or ``Heard/regathered(_:)`` follows.
        case step(TagValue)
        /// Our set is of no use any more.
        case dropSet
        /// Hand events to our own door; ``Heard/judged(_:bytes:_:unwanted:)`` follows.
        case submit([ParsedEvent], bytes: Int, Part)
        /// Read our feed on; ``Heard/followed(_:seen:)`` follows.
        case follow(after: CommitSequence)
        /// Read events of our own; ``Heard/loaded(_:)`` follows.
        case load([EventID])
        /// Sign a challenge; ``Heard/signed(_:)`` follows.
        case sign(String)
        case pauseReading
        case resumeReading
        case note(StreamFact)
    }

    let terms: StreamTerms
    var phase = Phase.waiting(until: .zero)
    /// The number of the conversation; grows with each.
    var number: UInt64 = 0
    var backoff = Backoff()
    /// What the relay has for certain, or does not want: never sent to it.
    var settled: RecentIDs
    /// What our own door does not want.
    var unwanted: RecentIDs
    /// Since when, by our clock, something may be missing; `nil`: everything may.
    var covered: Timestamp?
    /// Whether the relay reconciles; `nil` until that is known.
    var reconciles: Bool?
    /// Up to which place in our feed the relay has answered for everything.
    var resume: CommitSequence?
    /// The conversation that is open.
    var talk: StreamTalk
    var now = Uptime.zero
    var wall = Timestamp.epoch

    enum Phase: Hashable, Sendable {
        /// → `connecting`
        case waiting(until: Uptime)
        /// → `open`, `waiting`
        case connecting
        /// → `waiting`
        case open
    }

    init(_ terms: StreamTerms) {
        self.terms = terms
        settled = RecentIDs(capacity: terms.limits.settled)
        unwanted = RecentIDs(capacity: terms.limits.unwanted)
        talk = StreamTalk(terms, at: .zero, wall: .epoch, feed: .zero)
    }

    var limits: StreamLimits { terms.limits }
    var takes: Bool { terms.direction.takes }
    var gives: Bool { terms.direction.gives }

    mutating func reduce(
        _ input: Input, at now: Uptime, wall: Timestamp, using chance: inout some RandomNumberGenerator
    ) -> [Effect] {
        (self.now, self.wall) = (now, wall)
        var effects: [Effect] = []
        switch input {
        case .tick: break
        case .news: if !talk.hasNews { noteNews() }
        case .heard(let number, let heard) where number == self.number: hear(heard, &effects)
        case .heard: break
        }
        if phase == .open { lookAtClock(&effects) }
        if phase == .open { goOn(&effects) }
        if let reason = talk.failure { end(reason, &effects, using: &chance) }
        if case .waiting(let until) = phase, now >= until {
            number += 1
            phase = .connecting
            effects.append(.dial(number))
        }
        return effects
    }

    private mutating func hear(_ heard: Heard, _ effects: inout [Effect]) {
        if case .opened(let feed) = heard, phase == .connecting { return open(feed, &effects) }
        if case .lost(let reason) = heard, phase != .open { return talk.failure = reason }
        guard phase == .open else { return }
        switch heard {
        case .opened: break
        case .received(let messages, let unreadable):
            talk.strays += unreadable
            hear(messages, &effects)
        case .skipped: effects.append(.note(.arrived(.tooLong, 1)))
        case .lost(let reason): talk.failure = reason
        case .prepared(let preparation): prepared(preparation, &effects)
        case .stepped(let found): stepped(found, &effects)
        case .regathered(let first): passOn(.regathered(first), &effects)
        case .judged(let part, let bytes, let report, let unwanted):
            self.unwanted.insert(unwanted)
            judged(part, bytes, report, &effects)
        case .followed(let page, let seen):
            settled.insert(seen)
            followed(page, &effects)
        case .loaded(let events): loaded(events, &effects)
        case .signed(let proof): signed(proof, &effects)
        case .storeFailed(let reason): talk.failure = "our own store cannot be read: \(reason)"
        }
    }

    private mutating func open(_ feed: CommitSequence, _ effects: inout [Effect]) {
        phase = .open
        // Who cannot be asked what it lacks is sent what it did not answer for before.
        let start = reconciles == false ? resume : nil
        talk = StreamTalk(terms, at: now, wall: wall, feed: min(start ?? feed, feed))
        talk.isResumed = start != nil
        noteNews()
        effects.append(.note(.opened))
    }

    /// Ends the conversation, or what was to be one; another is begun after a while.
    private mutating func end(
        _ reason: String, _ effects: inout [Effect], using chance: inout some RandomNumberGenerator
    ) {
        let wait = backoff.failed(
            at: now, base: terms.backoffBase, most: terms.backoffMost, using: &chance)
        if phase == .open {
            if gives { resume = talk.safe }
            if takes, talk.isFilled, case .open = talk.live { covered = wall }
        }
        talk = StreamTalk(terms, at: now, wall: wall, feed: talk.feed)
        phase = .waiting(until: now + wait)
        // What is still to come of it is not heard any more.
        number += 1
        effects += [.hangUp, .dropSet, .note(.ended(reason, retryIn: wait))]
    }

    /// Does what can be done now.
    private mutating func goOn(_ effects: inout [Effect]) {
        if backoff.attempts > 0, now - talk.openedAt >= limits.settles, talk.isLiveOpen {
            backoff.succeeded()
        }
        if talk.strays > limits.strays {
            talk.failure = "it sends what was not asked for, or what nobody can read"
        }
        guard talk.failure == nil else { return }
        if let rest = talk.rest, now >= rest { talk.rest = nil }
        if talk.rest == nil, !talk.authentication.isUnderWay {
            openLive(&effects)
            fill(&effects)
            if talk.manners != nil, let ids = talk.outbox.next() { effects.append(.load(ids)) }
        }
        follow(&effects)
        if talk.outbox.isEmpty, !talk.outbox.isOverfull { talk.safe = talk.feed }
    }

    /// The relay wants us to go slower.
    mutating func takeRest(_ effects: inout [Effect]) {
        guard talk.rest == nil else { return }
        talk.rest = now + min(limits.restMost, limits.rest * (1 << min(talk.rests, 20)))
        talk.rests += 1
        effects.append(.note(.rests))
    }

    /// How it stands.
    var snapshot: StreamSnapshot {
        var snapshot = StreamSnapshot(state: state, waiting: talk.outbox.count)
        if case .waiting(let until) = phase { snapshot.retryAt = until }
        return snapshot
    }

    private var state: StreamState {
        switch phase {
        case .waiting: .waiting
        case .connecting: .connecting
        case .open:
            switch talk.filling {
            case .preparing, .running: .filling
            case .due where talk.failedFillings == 0 && !talk.isFilled: .filling
            case .due, .resting:
                talk.isFilled && talk.isLiveOpen && !talk.hasGaps ? .live : .liveWithGaps
            }
        }
    }
}
