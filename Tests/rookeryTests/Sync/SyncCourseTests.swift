// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import rookery

/// What a one-shot sync says and does, without a socket.
@Suite struct SyncCourseTests {
    private static let theirs = (0..<12).map {
        Event.fixture(at: 1_700_000_000 + Int64($0), content: "t\($0)")
    }
    private static let ours = (0..<5).map { Event.fixture(at: 1_700_000_100 + Int64($0), content: "o\($0)") }

    @Test func `what differs is asked for and sent while it is being found out, then both are in step`() {
        var peer = SyncPeer(limits: { $0.idsPerRequest = 4 })
        #expect(peer.say(.opened) == [.send(.negentropyOpen("neg", Filter(), "61"))])
        #expect(peer.hear(.negentropyMessage("neg", "6100")) == [.step("6100")])
        // Six ids: one request is full, another waits for more.
        let first = peer.say(.found("62", have: Self.ours[..<2], need: Self.theirs[..<6]))
        #expect(
            first == [
                .send(.negentropyMessage("neg", "62")), .ask("s1", Self.theirs[..<4]),
                .load(Self.ours[..<2].map(\.id)),
            ])
        #expect(peer.give(Self.theirs[..<4], "s1").contains(.submit(Self.theirs[..<4])))
        #expect(peer.hear(.endOfStoredEvents("s1")) == [.send(.close("s1")), .ask("s2", Self.theirs[4..<6])])
        #expect(peer.say(.loaded(Array(Self.ours[..<2]))) == Self.ours[..<2].map { .offer($0) })
        for event in Self.ours[..<2] { #expect(peer.hear(.ok(event.id, accepted: true, message: "")) == []) }
        _ = peer.hear(.negentropyMessage("neg", "6100"))
        #expect(peer.say(.found(nil)) == [.send(.negentropyClose("neg"))])
        _ = peer.give(Self.theirs[4..<6], "s2")
        #expect(peer.hear(.endOfStoredEvents("s2")) == [.send(.close("s2"))])
        #expect(peer.judge() == [.stop])
        let tally = peer.course.tally
        #expect(tally.isInStep(.both, isDry: false))
        #expect((tally.received, tally.sent, tally.rounds) == (6, 2, 2))
        #expect((tally.remoteOnly, tally.localOnly) == (6, 2))
    }

    @Test(arguments: SyncDirection.allCases) func `one direction asks for nothing of the other`(
        direction: SyncDirection
    ) {
        for isDry in [true, false] {
            var peer = SyncPeer(direction: direction, isDry: isDry)
            _ = peer.say(.opened)
            let effects = peer.say(.found(nil, have: Self.ours[...], need: Self.theirs[...]))
            #expect(effects.contains(.ask("s1", Self.theirs[...])) == (direction != .up && !isDry))
            #expect(effects.contains(.load(Self.ours.map(\.id))) == (direction != .down && !isDry))
            #expect(effects.contains(.stop) == isDry)
            #expect(!isDry || !peer.course.tally.isInStep(direction, isDry: true))
        }
    }

    @Test func `a relay that returns less than is asked for in silence is asked for the rest`() {
        var peer = SyncPeer(limits: {
            $0.idsPerRequest = 200
            $0.requests = 1
        })
        let many = (0..<200).map { Event.fixture(at: Int64($0), content: "\($0)") }
        _ = peer.say(.opened)
        var effects = peer.say(.found(nil, need: many[...]))
        for _ in 0..<20 {
            guard case .send(.request(let name, let filters))? = effects.last else { break }
            let asked = many.filter { filters[0].ids?.contains($0.id) == true }
            _ = peer.give(asked.prefix(50), name)
            _ = peer.judge()
            effects = peer.hear(.endOfStoredEvents(name))
        }
        #expect(peer.course.tally.received == 200)
        #expect(effects.last == .stop && peer.course.tally.isInStep(.both, isDry: false))
    }

    @Test func `what is listed and never given is missing, and told`() {
        var peer = SyncPeer()
        _ = peer.say(.opened)
        _ = peer.say(.found(nil, need: Self.theirs[..<3]))
        _ = peer.give(Self.theirs[..<1], "s1")
        _ = peer.judge()
        #expect(peer.hear(.endOfStoredEvents("s1")) == [.send(.close("s1")), .ask("s2", Self.theirs[1..<3])])
        #expect(peer.hear(.endOfStoredEvents("s2")) == [.send(.close("s2")), .ask("s3", Self.theirs[1..<3])])
        #expect(peer.hear(.closed("s3", message: "error: no")) == [.stop])
        let tally = peer.course.tally
        #expect(tally.missing == 2 && tally.reasons == ["error: no"])
        #expect(!tally.isInStep(.both, isDry: false))
    }

    @Test func `what was not asked for, or does not match, is not taken`() {
        var peer = SyncPeer(filter: Filter(kinds: [1]))
        _ = peer.say(.opened)
        let stray = Event.fixture(kind: 7)
        _ = peer.say(.found(nil, need: [stray, Self.theirs[0]]))
        #expect(peer.give([stray, Self.theirs[1], Self.theirs[0]], "s1") == [.submit(Self.theirs[..<1])])
        #expect(peer.give([Self.theirs[0]], "s1") == [], "a second time")
        #expect(peer.course.tally.unasked == 3)
    }

    @Test func `refusals are told, what it has already counts as sent, and haste is rested for`() {
        var peer = SyncPeer(direction: .up)
        _ = peer.say(.opened)
        _ = peer.say(.found(nil, have: Self.ours[..<3]))
        _ = peer.say(.loaded(Array(Self.ours[..<3])))
        let (known, hasty, bad) = (Self.ours[0].id, Self.ours[1].id, Self.ours[2].id)
        #expect(peer.hear(.ok(known, accepted: false, message: "duplicate: have it")) == [])
        #expect(peer.hear(.ok(hasty, accepted: false, message: "rate-limited: slow down")) == [])
        #expect(peer.hear(.ok(bad, accepted: false, message: "blocked: no")) == [])
        #expect(peer.say(.tick, at: 0.5) == [])
        #expect(peer.say(.tick, at: 1) == [.load([hasty])])
        #expect(peer.say(.loaded([Self.ours[1]]), at: 1) == [.offer(Self.ours[1])])
        #expect(peer.hear(.ok(hasty, accepted: true, message: ""), at: 1) == [.stop])
        let tally = peer.course.tally
        #expect((tally.sent, tally.refused, tally.reasons) == (2, 1, ["blocked: no"]))
    }

    @Test func `nothing is read while our own door has enough to do`() {
        var peer = SyncPeer(limits: { $0.unjudgedBytes = 1 })
        _ = peer.say(.opened)
        _ = peer.say(.found(nil, need: Self.theirs[..<1]))
        #expect(peer.give(Self.theirs[..<1], "s1") == [.submit(Self.theirs[..<1]), .pauseReading])
        #expect(peer.say(.tick, at: 100) == [], "it could say nothing that we hear")
        #expect(peer.judge(at: 100) == [.resumeReading])
        #expect(peer.hear(.endOfStoredEvents("s1"), at: 101) == [.send(.close("s1")), .stop])
    }

    @Test(arguments: [true, false]) func `when it leaves, what came is judged and the rest is missing`(
        isInterrupted: Bool
    ) {
        var peer = SyncPeer()
        _ = peer.say(.opened)
        _ = peer.say(.found("62", have: Self.ours[..<1], need: Self.theirs[..<3]))
        _ = peer.give(Self.theirs[..<1], "s1")
        #expect(peer.say(isInterrupted ? .interrupted : .closed("connection lost")) == [])
        #expect(peer.say(.found(nil, need: Self.theirs[4...])) == [])
        #expect(peer.judge() == [.stop])
        let tally = peer.course.tally
        #expect(tally.missing == 2 && tally.refused == 1 && tally.failure != nil)
    }

    @Test func `nobody is given up before the conversation is open, however long that takes`() {
        var peer = SyncPeer()
        #expect(peer.say(.tick, at: 1_000_000) == [])
        #expect(peer.say(.opened, at: 1_000_001) != [])
        #expect(peer.say(.tick, at: 1_000_002) == [])
        #expect(peer.course.tally.failure == nil)
    }

    @Test func `a relay that says nothing is given up`() {
        var peer = SyncPeer()
        _ = peer.say(.opened)
        _ = peer.say(.found(nil, need: Self.theirs[..<3]))
        #expect(peer.say(.tick, at: 29) == [])
        #expect(peer.say(.tick, at: 31) == [.stop])
        #expect(peer.course.tally.missing == 3)
    }
}
