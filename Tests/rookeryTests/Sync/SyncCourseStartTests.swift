// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import rookery

/// How a one-shot sync begins with relays that want a key, or do not know negentropy.
@Suite struct SyncCourseStartTests {
    private static let events = (0..<4).map { Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)") }
    private static let proof = Event.fixture(kind: .clientAuthentication)

    @Test(arguments: [true, false])
    func `a key is shown once it is asked for, and the question is asked again`(
        isChallengedFirst: Bool
    ) {
        var peer = SyncPeer()
        let open = peer.say(.opened)
        let (challenge, refusal) = (
            RelayMessage.authChallenge("c"),
            RelayMessage.negentropyError("neg", message: "auth-required: who?")
        )
        _ = peer.hear(isChallengedFirst ? challenge : refusal)
        #expect(peer.hear(isChallengedFirst ? refusal : challenge) == [.sign("c")])
        #expect(peer.say(.signed(Self.proof)) == [.send(.authenticate(ParsedEvent(event: Self.proof)))])
        #expect(peer.hear(.ok(Self.proof.id, accepted: true, message: "")) == open)
        #expect(peer.hear(.negentropyError("neg", message: "auth-required: not you")) == [.stop])
        #expect(peer.course.tally.failure?.contains("not you") == true)
    }

    @Test func `a key that is not taken ends it`() {
        var peer = SyncPeer()
        _ = peer.say(.opened)
        _ = peer.hear(.authChallenge("c"))
        _ = peer.hear(.negentropyError("neg", message: "auth-required: who?"))
        _ = peer.say(.signed(Self.proof))
        #expect(peer.hear(.ok(Self.proof.id, accepted: false, message: "invalid: no")) == [.stop])
    }

    @Test(arguments: [
        RelayMessage.negentropyError("neg", message: "blocked: too many", most: 7),
        .closed("neg", message: "unsupported: no"), .notice("ERROR: bad msg: negentropy disabled"),
        .negentropyMessage("neg", "zz"),
    ])
    func `a relay that does not reconcile is read page by page, and told of`(answer: RelayMessage) {
        var peer = SyncPeer(direction: .down)
        _ = peer.say(.opened)
        var effects = peer.hear(answer)
        if effects == [.step("zz")] {
            effects = peer.say(.stepped(nil))
            #expect(effects.removeFirst() == .send(.negentropyClose("neg")))
        }
        guard case .tell? = effects.first, case .send(.request("s1", let filters))? = effects.last else {
            Issue.record("\(effects)")
            return
        }
        #expect(filters == [Filter(limit: 500)])
        #expect(peer.give(Self.events[...], "s1") == [.submit(Self.events[...])])
        let next = peer.hear(.endOfStoredEvents("s1"))
        guard case .send(.request("s2", let older))? = next.last else {
            Issue.record("\(next)")
            return
        }
        #expect(older.first?.until?.seconds == 1_700_000_000)
        _ = peer.give(Self.events[..<1], "s2")
        #expect(peer.hear(.endOfStoredEvents("s2")) == [.send(.close("s2"))])
        #expect(peer.judge() == [.stop])
        let tally = peer.course.tally
        #expect(tally.isInStep(.down, isDry: false) && tally.received == 4 && tally.method == .pages)
    }

    @Test func `without an answer it is read page by page`() {
        var peer = SyncPeer(direction: .down)
        _ = peer.say(.opened)
        #expect(peer.say(.tick, at: 9) == [])
        #expect(peer.say(.tick, at: 10).count == 2)
    }

    @Test func `what it lacks cannot be found out by pages, and that is no success`() {
        let refusal = RelayMessage.negentropyError("neg", message: "blocked: no")
        for (direction, isDry) in [(SyncDirection.up, false), (.down, true), (.both, true)] {
            var peer = SyncPeer(direction: direction, isDry: isDry)
            _ = peer.say(.opened)
            #expect(peer.hear(refusal) == [.stop])
            #expect(!peer.course.tally.isInStep(direction, isDry: isDry))
        }
        var peer = SyncPeer()
        _ = peer.say(.opened)
        _ = peer.hear(refusal)
        #expect(peer.hear(.endOfStoredEvents("s1")) == [.send(.close("s1")), .stop])
        #expect(!peer.course.tally.isInStep(.both, isDry: false))
    }

    @Test func `haste and an idle close are rested for, then it is begun again`() {
        for reason in ["rate-limited: later", "closed: idle"] {
            var peer = SyncPeer()
            let open = peer.say(.opened)
            if reason.hasPrefix("closed") { _ = peer.hear(.negentropyMessage("neg", "61")) }
            #expect(peer.hear(.negentropyError("neg", message: reason)) == [])
            #expect(peer.say(.tick, at: 1) == open)
        }
    }

    @Test
    func `where nothing is here all of it is read page by page at once, and reconciled if that is refused`() {
        var peer = SyncPeer(local: 0)
        #expect(peer.say(.opened) == [.send(.request("s1", [Filter(limit: 500)]))])
        #expect(peer.give(Self.events[...], "s1") == [.submit(Self.events[...])])
        _ = peer.judge()
        _ = peer.hear(.endOfStoredEvents("s1"))
        #expect(peer.hear(.endOfStoredEvents("s2")).contains(.stop))
        #expect(peer.course.tally.isInStep(.both, isDry: false), "there is nothing to send")

        var other = SyncPeer(local: 0)
        _ = other.say(.opened)
        let effects = other.hear(.closed("s1", message: "blocked: too broad"))
        #expect(effects == [.send(.negentropyOpen("neg", Filter(), "61"))])
        #expect(other.course.tally.method == .negentropy)
    }

    @Test func `a set of ours that had to be gathered anew is reconciled anew, and nothing is fetched twice`()
    {
        var peer = SyncPeer()
        _ = peer.say(.opened)
        #expect(peer.say(.found("62", need: Self.events[..<2])).contains(.ask("s1", Self.events[..<2])))
        #expect(peer.say(.regathered("63")) == [.send(.negentropyClose("neg"))])
        #expect(peer.say(.tick, at: 100) == [.send(.negentropyOpen("neg", Filter(), "63"))])
        #expect(
            peer.say(.found(nil, need: Self.events[1..<3]), at: 100).contains(.ask("s2", Self.events[2..<3])))
        #expect(peer.course.tally.remoteOnly == 3)
    }

    @Test func `a page that is open goes on when a key is shown for something else`() {
        var peer = SyncPeer(local: 0)
        _ = peer.say(.opened)
        _ = peer.hear(.closed("s1", message: "auth-required: who?"))
        #expect(peer.hear(.authChallenge("c")) == [.sign("c")])
        _ = peer.say(.signed(Self.proof))
        #expect(
            peer.hear(.ok(Self.proof.id, accepted: true, message: ""))
                == [.send(.request("s2", [Filter(limit: 500)]))],
            "the page that was refused is asked for again")
    }

    @Test func `what is longer than the other takes is not offered`() {
        var peer = SyncPeer(direction: .up, limits: { $0.messageBytes = 100 })
        _ = peer.say(.opened)
        _ = peer.say(.found(nil, have: Self.events[..<1]))
        #expect(peer.say(.loaded(Array(Self.events[..<1]))) == [.stop])
        #expect(peer.course.tally.refused == 1 && !peer.course.tally.reasons.isEmpty)
    }

    @Test func `more that differs than can be held is read page by page`() {
        var peer = SyncPeer(direction: .down, limits: { $0.differenceMax = 3 })
        _ = peer.say(.opened)
        let effects = peer.say(.found("62", need: Self.events[...]))
        #expect(effects.contains(.send(.negentropyClose("neg"))) || peer.course.tally.method == .pages)
        #expect(peer.course.wanted.isEmpty)
    }
}
