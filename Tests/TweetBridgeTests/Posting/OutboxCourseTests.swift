// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import TweetBridge

@Suite struct OutboxCourseTests {
    /// A course, its clock, and what it has decided.
    private struct Run {
        var course: OutboxCourse
        var now = Uptime.zero
        var wall: Int64 = 1_700_000_000_000
        var chance = SplitMix64(seed: 1)
        var effects: [OutboxCourse.Effect] = []

        init(_ change: (inout PostingLimits) -> Void = { _ in }) {
            var limits = PostingLimits()
            change(&limits)
            course = OutboxCourse(limits)
        }

        @discardableResult
        mutating func take(_ input: OutboxCourse.Input) -> [OutboxCourse.Effect] {
            effects = course.reduce(input, at: now, wall: wall, using: &chance)
            return effects
        }

        mutating func hear(_ heard: OutboxCourse.Heard) -> [OutboxCourse.Effect] {
            take(.heard(course.number, heard))
        }

        mutating func answer(_ event: Event, _ accepted: Bool, _ message: String = "") -> [OutboxCourse
            .Effect]
        {
            hear(.message(.ok(event.id, accepted: accepted, message: message)))
        }

        mutating func pass(_ span: Duration) {
            now = now + span
            wall += span.milliseconds
        }

        /// Connected, with these events taken.
        mutating func open(_ events: [Event], oldest: Int64? = nil) -> [OutboxCourse.Effect] {
            take(.due(wall))
            take(.information(oldest: oldest))
            _ = hear(.opened)
            return take(.claimed(events.map { OutboundEvent(event: $0, attempts: 1) }, due: nil))
        }

        /// What is written down now.
        var outcomes: [EventID: DeliveryOutcome] {
            for case .settle(let outcomes) in effects { return outcomes }
            return [:]
        }

        var sent: [EventID] {
            effects.compactMap { if case .send(.event(let event)) = $0 { event.id } else { nil } }
        }
    }

    private let a = Event.fixture(content: "a")
    private let b = Event.fixture(content: "b")

    @Test
    func `it dials when there is work, asks what the relay says of itself, and takes only when it is open`() {
        var run = Run()
        #expect(run.take(.due(nil)).isEmpty && run.course.phase == .idle)
        #expect(run.take(.due(run.wall + 5_000)).isEmpty)
        #expect(run.course.nextDeadline == run.now + .seconds(5))
        run.pass(.seconds(5))
        #expect(run.take(.tick) == [.inquire])
        #expect(run.take(.information(oldest: nil)) == [.dial(1)])
        #expect(run.hear(.opened) == [.claim(64)])
        #expect(run.take(.claimed([OutboundEvent(event: a, attempts: 1)], due: nil)).count == 1)
        #expect(run.sent == [a.id])
        #expect(run.answer(a, true) == [.settle([a.id: .accepted])])
        #expect(run.take(.settled(due: nil)).isEmpty)
        run.pass(.seconds(60))
        #expect(run.take(.tick) == [.hangUp])
        #expect(run.course.phase == .idle && run.course.nextDeadline == nil)
        // Not asked twice a day.
        #expect(run.take(.due(run.wall)) == [.dial(run.course.number)])
    }

    @Test func `each answer is written down for what it is`() {
        var run = Run()
        _ = run.open([a, b])
        #expect(run.answer(a, false, "blocked: no").contains(.settle([a.id: .rejected("blocked: no")])))
        _ = run.take(.settled(due: nil))
        _ = run.answer(b, false, "invalid: created_at too early")
        #expect(run.outcomes == [b.id: .old("invalid: created_at too early")])
        // An answer to nothing that was asked, or the same again.
        #expect(run.answer(b, true).isEmpty)
    }

    @Test func `an error is tried again later each time, and given up in the end`() {
        var waits: [Int64] = []
        for attempts in [1, 2, 3, 15] {
            var run = Run()
            _ = run.open([])
            _ = run.take(.claimed([OutboundEvent(event: a, attempts: attempts)], due: nil))
            _ = run.answer(a, false, "error: busy")
            guard case .again(let moment, "error: busy") = run.outcomes[a.id] else {
                Issue.record("not tried again")
                return
            }
            waits.append(moment - run.wall)
        }
        #expect((2_500...5_000).contains(waits[0]) && (5_000...10_000).contains(waits[1]))
        #expect((10_000...20_000).contains(waits[2]) && (1_800_000...3_600_000).contains(waits[3]))
        var run = Run()
        _ = run.open([])
        _ = run.take(.claimed([OutboundEvent(event: a, attempts: 16)], due: nil))
        _ = run.answer(a, false, "error: busy")
        #expect(run.outcomes == [a.id: .rejected("given up: error: busy")])
    }

    @Test func `what is too old by the relay's own word is not sent`() {
        var run = Run()
        let old = Event.fixture(at: 1_699_000_000, content: "old")
        _ = run.open([old, a], oldest: 86_400)
        #expect(run.sent == [a.id])
        #expect(run.outcomes == [old.id: .old("created_at_lower_limit is 86400 seconds")])
    }

    @Test func `a relay that limits us is left in peace, longer each time`() {
        var run = Run()
        _ = run.open([a, b])
        #expect(run.answer(a, false, "rate-limited: slow").contains(.note(.rests(.seconds(2)))))
        #expect(run.outcomes == [a.id: .unsent(run.wall + 2_000)])
        _ = run.take(.settled(due: run.wall))
        #expect(!run.effects.contains(.claim(63)) && run.course.nextDeadline == run.now + .seconds(2))
        _ = run.answer(b, false, "rate-limited: slow")
        run.pass(.seconds(2))
        #expect(run.take(.settled(due: run.wall)) == [.claim(64)])
        _ = run.take(.claimed([OutboundEvent(event: a, attempts: 1)], due: nil))
        #expect(run.answer(a, false, "rate-limited:").contains(.note(.rests(.seconds(4)))))
    }

    @Test func `no more than the bucket holds, and no more than may be unanswered`() {
        var run = Run {
            $0.burst = 2
            $0.eventsPerSecond = 1
            $0.inFlight = 4
        }
        let events = (0..<4).map { Event.fixture(content: "\($0)") }
        _ = run.open(events)
        #expect(run.sent == events[..<2].map(\.id))
        run.pass(.milliseconds(1_001))
        _ = run.take(.due(run.wall))
        #expect(run.sent == [events[2].id])
        #expect(!run.effects.contains { if case .claim = $0 { true } else { false } })
    }

    @Test func `events of many bytes wait for the answers of those before`() {
        var run = Run { $0.inFlightBytes = 300 }
        _ = run.open([a, b])
        #expect(run.sent == [a.id])
        _ = run.answer(a, true)
        #expect(run.sent == [b.id])
    }

    @Test func `a key is shown when it is wanted, and the event goes after it`() {
        var run = Run()
        _ = run.open([a])
        _ = run.hear(.message(.authChallenge("word")))
        #expect(run.effects.isEmpty)
        #expect(run.answer(a, false, "auth-required: who").contains(.sign("word")))
        let proof = Event.fixture(kind: .clientAuthentication)
        #expect(run.hear(.signed(proof)) == [.send(.authenticate(ParsedEvent(event: proof)))])
        _ = run.answer(proof, true)
        #expect(run.sent == [a.id])
        // It knows us now: what it says then is its last word for a while.
        _ = run.answer(a, false, "auth-required: not you")
        guard case .again = run.outcomes[a.id] else {
            Issue.record("not put off")
            return
        }
    }

    @Test func `a relay that wants a key and says nothing to sign does not stop the others for ever`() {
        var run = Run()
        _ = run.open([a, b])
        #expect(run.answer(a, false, "auth-required:").allSatisfy { $0 != .hangUp })
        #expect(run.answer(b, true).contains(.settle([b.id: .accepted])))
        _ = run.take(.settled(due: nil))
        run.pass(.seconds(10))
        _ = run.take(.tick)
        #expect(run.outcomes == [a.id: .unsent(run.wall)])
    }

    @Test func `what was sent into a broken connection is sent again, what was not is as before`() {
        var run = Run { $0.burst = 1 }
        _ = run.open([a, b])
        #expect(run.hear(.ended("lost")).contains(.hangUp))
        guard case .again = run.outcomes[a.id] else {
            Issue.record("not sent again")
            return
        }
        #expect(run.outcomes[b.id] == .unsent(run.wall))
        guard case .waiting(let until) = run.course.phase else {
            Issue.record("it does not wait")
            return
        }
        #expect((.milliseconds(2_500)...(.seconds(5))).contains(until - run.now))
        _ = run.take(.settled(due: run.wall))
        #expect(run.effects.isEmpty)
        run.pass(until - run.now)
        #expect(run.take(.tick) == [.dial(run.course.number)])
        // What the old conversation still says is not heard.
        #expect(run.take(.heard(1, .opened)).isEmpty)
        #expect(run.course.phase == .connecting)
    }

    @Test func `a relay that cannot be reached is dialled ever less often`() {
        var run = Run()
        var waits: [Duration] = []
        run.take(.due(run.wall))
        run.take(.information(oldest: nil))
        for _ in 0..<14 {
            _ = run.hear(.ended("no"))
            guard case .waiting(let until) = run.course.phase else { break }
            waits.append(until - run.now)
            run.pass(until - run.now)
            run.take(.due(run.wall))
        }
        #expect(waits.count == 14)
        #expect(
            waits.enumerated().allSatisfy { index, wait in
                let full = min(Duration.seconds(3_600), .seconds(5) * (1 << index))
                return (full / 2...full).contains(wait)
            })
    }

    @Test func `a relay that does not answer is hung up on`() {
        var run = Run()
        _ = run.open([a])
        #expect(run.course.nextDeadline == run.now + .seconds(30))
        run.pass(.seconds(30))
        #expect(run.take(.tick).contains(.hangUp))
        guard case .again = run.outcomes[a.id] else {
            Issue.record("not sent again")
            return
        }
    }

    @Test func `a store that fails is asked again, and nothing is forgotten meanwhile`() {
        var run = Run()
        _ = run.open([a, b])
        _ = run.answer(a, true)
        #expect(run.take(.storeFailed([a.id: .accepted])).isEmpty)
        _ = run.answer(b, true)
        #expect(run.effects.isEmpty)
        run.pass(.seconds(1))
        _ = run.take(.tick)
        #expect(run.outcomes == [a.id: .accepted, b.id: .accepted])
    }

    @Test func `events that come after the end of a conversation go back`() {
        var run = Run()
        run.take(.due(run.wall))
        run.take(.information(oldest: nil))
        #expect(run.hear(.opened) == [.claim(64)])
        _ = run.hear(.ended("lost"))
        _ = run.take(.claimed([OutboundEvent(event: a, attempts: 1)], due: nil))
        #expect(run.outcomes == [a.id: .unsent(run.wall)])
    }
}
