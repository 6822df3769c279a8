// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TestSupport

@testable import rookery

/// Drives a conversation of a stream by hand, so that a test reads as a dialogue.
struct StreamPeer {
    var course: StreamCourse
    private var chance = SplitMix64(seed: 1)
    private var second = 0.0
    private var feed: UInt64 = 100
    private(set) var facts: [StreamFact] = []
    /// Whether the feed is read whenever that is asked for; otherwise that is an effect like others.
    var answersFeed = true
    private var unread: [Commit] = []
    private var seen: [EventID] = []

    init(
        _ direction: SyncDirection = .both, filter: Filter = Filter(),
        limits: (inout StreamLimits) -> Void = { _ in }
    ) {
        var terms = StreamTerms(filter: filter, direction: direction, guardedKinds: [4, 1059, 21059])
        limits(&terms.limits)
        course = StreamCourse(terms)
    }

    /// Effects but for notes, which are kept in ``facts``, and readings of the feed, which are answered.
    mutating func input(_ input: StreamCourse.Input) -> [StreamCourse.Effect] {
        let uptime = Uptime(nanoseconds: Int64(second * 1e9))
        let effects = course.reduce(
            input, at: uptime, wall: Timestamp(1_800_000_000 + Int64(second)), using: &chance)
        var shown: [StreamCourse.Effect] = []
        for effect in effects {
            switch effect {
            case .note(let fact): facts.append(fact)
            case .follow where answersFeed:
                let page = StreamCourse.Heard.followed(.commits(unread), seen: seen)
                (unread, seen) = ([], [])
                shown += say(page)
            default: shown.append(effect)
            }
        }
        return shown
    }

    mutating func say(_ heard: StreamCourse.Heard) -> [StreamCourse.Effect] {
        input(.heard(course.number, heard))
    }

    mutating func hear(_ messages: RelayMessage...) -> [StreamCourse.Effect] {
        say(.received(messages, unreadable: 0))
    }

    mutating func pass(_ seconds: Double) -> [StreamCourse.Effect] {
        second += seconds
        return input(.tick)
    }

    /// Dials and opens.
    mutating func open() -> [StreamCourse.Effect] {
        _ = input(.tick)
        return say(.opened(CommitSequence(rawValue: feed)))
    }

    /// Opens, subscribes, and has the set ready: the back-fill has begun.
    mutating func beginFilling() -> [StreamCourse.Effect] {
        _ = open()
        if course.takes { _ = hear(.endOfStoredEvents("live")) }
        return prepare()
    }

    /// - Parameter count: of what is here.
    mutating func prepare(count: Int = 1) -> [StreamCourse.Effect] {
        say(.prepared(.set(first: "61", count: count, StreamCourse.Manners())))
    }

    /// The same, and nothing differs: all is live.
    mutating func goLive() -> [StreamCourse.Effect] {
        _ = beginFilling()
        return find(nil)
    }

    mutating func find(_ message: TagValue?, have: [Event] = [], need: [Event] = []) -> [StreamCourse.Effect]
    {
        _ = hear(.negentropyMessage("neg", "6100"))
        return say(.stepped(.init(message: message, have: have.map(\.id), need: need.map(\.id))))
    }

    /// Our own store takes these, by whichever door; the feed is read on, unless it must not be.
    mutating func commit(_ events: [Event], seen: [EventID] = []) -> [StreamCourse.Effect] {
        feed += 1
        self.seen += seen
        unread.append(
            Commit(
                sequence: CommitSequence(rawValue: feed), stored: events,
                numbers: events.indices.map { UInt64($0) }, removed: []))
        return input(.news) + pass(0.05)
    }

    /// Our own door has judged everything of a part.
    mutating func judge(
        _ part: StreamCourse.Part, _ report: ImportReport = ImportReport(), unwanted: [EventID] = []
    ) -> [StreamCourse.Effect] {
        let bytes = course.talk.unjudged[part] ?? 0
        return say(.judged(part, bytes: bytes, report, unwanted: unwanted))
    }
}

extension StreamCourse.Effect {
    static func offer(_ event: Event) -> Self { .send(.event(ParsedEvent(event: event))) }
    static func submit(_ events: [Event], _ part: StreamCourse.Part) -> Self {
        .submit(
            events.map { ParsedEvent(event: $0) }, bytes: events.reduce(0) { $0 + $1.json.count }, part)
    }
    static func live(_ filter: Filter) -> Self { .send(.request("live", [filter])) }

    var isDial: Bool { if case .dial = self { true } else { false } }
}
