// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import rookery

/// Relays that want a key, refuse, are silent, or send what nobody asked for.
@Suite struct StreamMannersTests {
    private static let proof = Event.fixture(kind: .clientAuthentication)
    private static let event = Event.fixture()

    @Test(arguments: [true, false])
    func `a key is shown once for everything, and what was refused is asked again`(isChallengedFirst: Bool) {
        var peer = StreamPeer()
        _ = peer.open()
        let (challenge, refusal) = (
            RelayMessage.authChallenge("c"), RelayMessage.closed("live", message: "auth-required: who?")
        )
        #expect(peer.hear(isChallengedFirst ? challenge : refusal) == [])
        #expect(peer.hear(isChallengedFirst ? refusal : challenge) == [.sign("c")])
        #expect(peer.say(.signed(Self.proof)) == [.send(.authenticate(ParsedEvent(event: Self.proof)))])
        #expect(peer.hear(.ok(Self.proof.id, accepted: true, message: "")) == [.live(Filter(limit: 0))])
        #expect(peer.facts.contains(.keyShown(taken: true, "")))
    }

    @Test func `a back-fill that wants a key waits for it, and so does an event`() {
        var peer = StreamPeer()
        let open = peer.beginFilling()
        _ = peer.hear(.authChallenge("c"))
        #expect(peer.hear(.negentropyError("neg", message: "auth-required: who?")) == [.sign("c")])
        _ = peer.say(.signed(Self.proof))
        #expect(peer.hear(.ok(Self.proof.id, accepted: true, message: "")) == open)

        var up = StreamPeer(.up)
        _ = up.goLive()
        _ = up.commit([Self.event])
        _ = up.say(.loaded([Self.event]))
        _ = up.hear(.authChallenge("c"))
        #expect(up.hear(.ok(Self.event.id, accepted: false, message: "auth-required: who?")) == [.sign("c")])
        _ = up.say(.signed(Self.proof))
        #expect(up.hear(.ok(Self.proof.id, accepted: true, message: "")) == [.load([Self.event.id])])
    }

    @Test func `a key that is not taken ends the conversation in the end, and is told`() {
        var peer = StreamPeer()
        _ = peer.beginFilling()
        _ = peer.hear(.authChallenge("c"))
        _ = peer.hear(.negentropyError("neg", message: "auth-required: who?"))
        _ = peer.say(.signed(Self.proof))
        _ = peer.hear(.ok(Self.proof.id, accepted: false, message: "restricted: not you"))
        #expect(peer.facts.contains(.keyShown(taken: false, "restricted: not you")))
        for _ in 0..<3 {
            _ = peer.pass(60)
            _ = peer.prepare()
            _ = peer.hear(.negentropyError("neg", message: "auth-required: who?"))
        }
        #expect(peer.facts.contains { if case .ended = $0 { true } else { false } })
    }

    @Test func `who is never told what to sign does not wait for ever`() {
        var peer = StreamPeer()
        _ = peer.open()
        _ = peer.pass(20)
        _ = peer.hear(.closed("live", message: "auth-required: who?"))
        #expect(peer.pass(29) == [])
        #expect(peer.pass(1) == [.hangUp, .dropSet])
    }

    @Test func `a relay that takes no subscription without stored events is asked for the latest`() {
        var peer = StreamPeer()
        _ = peer.open()
        let effects = peer.hear(.closed("live", message: "invalid: limit"))
        #expect(effects == [.live(Filter(since: Timestamp(1_800_000_000 - 900)))])
        #expect(peer.hear(.endOfStoredEvents("live")) == [.prepare])
    }

    @Test func `an ended live subscription is opened again, and what was missed is found out`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        #expect(peer.hear(.closed("live", message: "error: restarting")) == [])
        #expect(peer.facts.contains(.liveEnded("error: restarting")))
        #expect(peer.pass(1) == [.live(Filter(limit: 0))])
        #expect(peer.hear(.endOfStoredEvents("live")) == [.prepare])
    }

    @Test func `who ends it again and again is left`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        for loss in 1...6 {
            let effects = peer.hear(.closed("live", message: "blocked: no"))
            #expect(effects.contains(.hangUp) == (loss == 6), "\(loss)")
            _ = peer.pass(32)
            _ = peer.hear(.endOfStoredEvents("live"))
            _ = peer.prepare()
            _ = peer.find(nil)
        }
    }

    @Test func `haste of ours is rested for`() {
        var peer = StreamPeer()
        _ = peer.open()
        #expect(peer.hear(.closed("live", message: "rate-limited: slow down")) == [])
        #expect(peer.pass(0.5) == [])
        #expect(peer.pass(0.5) == [.live(Filter(limit: 0))])
    }

    @Test func `a relay that never answers is left`() {
        var peer = StreamPeer()
        _ = peer.open()
        #expect(peer.course.nextDeadline != nil)
        #expect(peer.pass(30) == [.hangUp, .dropSet], "the subscription")

        var up = StreamPeer(.up)
        _ = up.goLive()
        _ = up.commit([Self.event])
        _ = up.say(.loaded([Self.event]))
        #expect(up.pass(29) == [])
        #expect(up.pass(1) == [.hangUp, .dropSet], "the event")
        #expect(up.course.nextDeadline != nil)
    }

    @Test func `a relay that owes nothing may be silent, and nobody looks at the clock for it`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        _ = peer.pass(1)
        #expect(peer.pass(100) == [])
        let next = peer.course.nextDeadline.map { $0 - .zero } ?? .zero
        #expect(next >= .seconds(3_600), "but for the next comparison")
    }

    @Test func `what does not match is not taken, and who floods with it is left`() {
        var peer = StreamPeer(filter: Filter(kinds: [1]), limits: { $0.strays = 3 })
        _ = peer.goLive()
        let stray = RelayMessage.event("live", .fixture(kind: 7))
        #expect(peer.hear(stray, stray, .event("other", .fixture())) == [])
        #expect(peer.facts.contains(.arrived(.unasked, 1)))
        #expect(peer.hear(stray) == [.hangUp, .dropSet])
    }

    @Test func `what nobody can read counts alike`() {
        var peer = StreamPeer(limits: { $0.strays = 3 })
        _ = peer.goLive()
        #expect(peer.say(.received([], unreadable: 4)) == [.hangUp, .dropSet])
    }

    @Test func `ids are remembered up to a bound`() {
        var ids = RecentIDs(capacity: 2)
        let events = (0..<5).map { Event.fixture(content: "\($0)").id }
        ids.insert(events)
        #expect(events.map(ids.contains) == [false, false, true, true, true])
        ids.insert(events[3])
        #expect(ids.contains(events[4]) && ids.contains(events[3]))
    }
}
