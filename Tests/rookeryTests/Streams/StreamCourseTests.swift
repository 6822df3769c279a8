// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import TestSupport
import Testing

@testable import rookery

/// The way of a stream's conversation: live first, then what was missed, then live for ever.
@Suite struct StreamCourseTests {
    private static let theirs = (0..<3).map {
        Event.fixture(at: 1_700_000_000 + Int64($0), content: "t\($0)")
    }
    private static let ours = (0..<3).map { Event.fixture(at: 1_700_000_100 + Int64($0), content: "o\($0)") }

    @Test func `the live subscription opens before what was missed is found out`() {
        var peer = StreamPeer(filter: Filter(kinds: [1]))
        #expect(peer.input(.tick) == [.dial(1)])
        #expect(peer.say(.opened(.zero)) == [.live(Filter(kinds: [1], limit: 0))])
        #expect(peer.hear(.endOfStoredEvents("live")) == [.prepare])
        #expect(peer.course.snapshot.state == .filling)
        #expect(peer.prepare() == [.send(.negentropyOpen("neg", Filter(kinds: [1]), "61"))])
        #expect(peer.hear(.negentropyMessage("neg", "6100")) == [.step("6100")])
        let found = peer.say(
            .stepped(.init(message: nil, have: [Self.ours[0].id], need: [Self.theirs[0].id])))
        #expect(found.contains(.send(.negentropyClose("neg"))))
        #expect(found.contains(.load([Self.ours[0].id])))
        #expect(found.contains(.send(.request("s1", [Filter(ids: [Self.theirs[0].id])]))))
        #expect(peer.say(.loaded([Self.ours[0]])) == [.offer(Self.ours[0])])
        let got = peer.hear(.event("s1", Self.theirs[0]), .endOfStoredEvents("s1"))
        #expect(got == [.send(.close("s1")), .submit([Self.theirs[0]], .filling)])
        #expect(peer.judge(.filling) == [.dropSet])
        _ = peer.hear(.ok(Self.ours[0].id, accepted: true, message: ""))
        #expect(peer.course.snapshot == StreamSnapshot(state: .live, waiting: 0))
        #expect(peer.facts.contains(.answered(.accepted, "")))
    }

    @Test func `what is new comes and goes`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        #expect(peer.hear(.event("live", Self.theirs[0])) == [.submit([Self.theirs[0]], .live)])
        #expect(peer.commit([Self.ours[0]]) == [.load([Self.ours[0].id])])
        #expect(peer.say(.loaded([Self.ours[0]])) == [.offer(Self.ours[0])])
    }

    @Test func `what came live is not fetched once more`() {
        var peer = StreamPeer()
        _ = peer.beginFilling()
        _ = peer.hear(.event("live", Self.theirs[0]))
        #expect(peer.find(nil, need: [Self.theirs[0]]).contains(.dropSet), "nothing is left to do")
    }

    @Test func `one direction asks for nothing of the other`() {
        var down = StreamPeer(.down)
        _ = down.beginFilling()
        let downs = down.find(nil, have: Self.ours, need: [Self.theirs[0]])
        #expect(!downs.contains { if case .load = $0 { true } else { false } })
        #expect(down.commit([Self.ours[0]]).isEmpty, "our feed is not read")

        var up = StreamPeer(.up)
        #expect(up.open() == [.prepare], "no live subscription")
        _ = up.prepare()
        #expect(up.find(nil, have: [Self.ours[0]], need: Self.theirs).contains(.load([Self.ours[0].id])))
        #expect(up.course.snapshot.state == .live)
        _ = up.hear(.event("live", Self.theirs[0]))
        #expect(up.facts.contains(.arrived(.unasked, 1)))
    }

    @Test func `a lost conversation is begun anew after a while, and what was missed is found out again`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        #expect(peer.say(.lost("connection lost")) == [.hangUp, .dropSet])
        guard case .ended("connection lost", let wait)? = peer.facts.last else {
            Issue.record("\(peer.facts)")
            return
        }
        #expect(wait >= .milliseconds(500) && wait <= .seconds(5))
        #expect(peer.course.nextDeadline.map { $0 - .zero } == wait)
        let next = peer.pass(5)
        #expect(next.count == 1 && next[0].isDial)
        #expect(peer.say(.opened(.zero)) == [.live(Filter(limit: 0))])
        #expect(peer.hear(.endOfStoredEvents("live")) == [.prepare])
    }

    @Test func `what comes of an earlier conversation is ignored`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        let old = peer.course.number
        _ = peer.say(.lost("gone"))
        _ = peer.pass(5)
        _ = peer.say(.opened(.zero))
        for heard in [
            StreamCourse.Heard.lost("late"), .received([.event("live", Self.theirs[0])], unreadable: 0),
            .loaded(Self.ours), .prepared(.tooMany(StreamCourse.Manners())),
        ] {
            #expect(peer.input(.heard(old, heard)).isEmpty)
        }
        #expect(peer.course.phase == .open)
    }

    @Test func `waits grow with failures and start anew after a conversation that lasted`() {
        var peer = StreamPeer()
        for _ in 0..<12 {
            _ = peer.pass(10_000)
            _ = peer.say(.lost("cannot be reached"))
        }
        let waits = peer.facts.compactMap { if case .ended(_, let wait) = $0 { wait } else { nil } }
        #expect(waits.allSatisfy { $0 <= .seconds(3_600) } && waits.contains { $0 > .seconds(60) })
        _ = peer.pass(10_000)
        _ = peer.say(.opened(.zero))
        _ = peer.hear(.endOfStoredEvents("live"))
        _ = peer.prepare()
        _ = peer.find(nil)
        _ = peer.pass(31)
        _ = peer.say(.lost("again"))
        guard case .ended(_, let wait)? = peer.facts.last else { return }
        #expect(wait <= .seconds(5))
    }

    @Test(arguments: SyncDirection.allCases)
    func `a relay that does not reconcile is read page by page, and told of`(
        direction: SyncDirection
    ) {
        var peer = StreamPeer(direction)
        _ = peer.beginFilling()
        let effects = peer.hear(.negentropyError("neg", message: "blocked: no"))
        let isPaging = effects.contains(.send(.request("s1", [Filter(limit: 500)])))
        #expect(isPaging == direction.takes)
        if direction.takes {
            _ = peer.hear(.event("s1", Self.theirs[0]), .endOfStoredEvents("s1"))
            _ = peer.hear(.endOfStoredEvents("s2"))
            _ = peer.judge(.filling)
        }
        let told = peer.facts.contains { if case .cannotReconcile = $0 { true } else { false } }
        #expect(told == direction.gives)
        #expect(peer.course.snapshot.state == (direction.gives ? .liveWithGaps : .live))
        #expect(peer.facts.contains { if case .filled(.paged, _) = $0 { true } else { false } })
    }

    @Test func `after a short absence pages are read from a little before it, after a long one all of them`()
    {
        for (absence, since) in [(60.0, Int64?.some(900)), (1_000, nil)] {
            var peer = StreamPeer(.down)
            _ = peer.beginFilling()
            _ = peer.hear(.negentropyError("neg", message: "blocked: no"))
            _ = peer.hear(.endOfStoredEvents("s1"))
            _ = peer.pass(0)
            let lost = peer.course.wall
            _ = peer.say(.lost("gone"))
            _ = peer.pass(absence)
            _ = peer.say(.opened(.zero))
            _ = peer.hear(.endOfStoredEvents("live"))
            _ = peer.prepare()
            let effects = peer.hear(.negentropyError("neg", message: "blocked: no"))
            let filter = Filter(since: since.map { lost.advanced(by: -$0) }, limit: 500)
            #expect(effects.contains(.send(.request("s1", [filter]))), "\(effects)")
        }
    }

    @Test func `what is in step is compared again after an hour, where that costs next to nothing`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        #expect(peer.pass(3_599) == [])
        #expect(peer.pass(1) == [.prepare])
        var pages = StreamPeer(.down)
        _ = pages.beginFilling()
        _ = pages.hear(.negentropyError("neg", message: "blocked: no"))
        _ = pages.hear(.endOfStoredEvents("s1"))
        _ = pages.pass(10_000)
        #expect(pages.pass(10_000) == [] && pages.course.nextDeadline == nil)
    }

    @Test func `where nothing is here all is read page by page, and that is no gap`() {
        var peer = StreamPeer()
        _ = peer.open()
        _ = peer.hear(.endOfStoredEvents("live"))
        #expect(peer.prepare(count: 0) == [.send(.request("s1", [Filter(limit: 500)]))])
        _ = peer.hear(.event("s1", Self.theirs[0]), .endOfStoredEvents("s1"))
        _ = peer.hear(.endOfStoredEvents("s2"))
        _ = peer.judge(.filling)
        #expect(peer.course.snapshot.state == .live)
        #expect(peer.commit([Self.ours[0]]) == [.load([Self.ours[0].id])])
    }

    @Test func `a set too large to be reconciled is read page by page`() {
        var peer = StreamPeer()
        _ = peer.open()
        _ = peer.hear(.endOfStoredEvents("live"))
        let effects = peer.say(.prepared(.tooMany(StreamCourse.Manners())))
        #expect(effects == [.send(.request("s1", [Filter(limit: 500)]))])
    }

    @Test func `where there is no room for a set it is tried again`() {
        var peer = StreamPeer()
        _ = peer.open()
        _ = peer.hear(.endOfStoredEvents("live"))
        #expect(peer.say(.prepared(.noRoom(StreamCourse.Manners()))).isEmpty)
        #expect(peer.pass(1) == [.prepare])
    }

    @Test func `a back-fill that fails is tried again, and then the conversation is ended`() {
        var peer = StreamPeer()
        _ = peer.beginFilling()
        for attempt in 1...3 {
            _ = peer.find("62", need: [Self.theirs[0]])
            let effects = peer.pass(31)
            #expect(effects.contains(.hangUp) == (attempt == 3), "\(attempt)")
            guard attempt < 3 else { break }
            #expect(peer.course.snapshot.state == .liveWithGaps)
            #expect(peer.pass(20) == [.prepare])
            _ = peer.prepare()
        }
    }

    @Test func `nothing is read while our own door has enough to do`() {
        var peer = StreamPeer(limits: { $0.unjudgedBytes = 1 })
        _ = peer.beginFilling()
        #expect(
            peer.hear(.event("live", Self.theirs[0])) == [.submit([Self.theirs[0]], .live), .pauseReading])
        #expect(peer.pass(100) == [], "it could say nothing that we hear")
        #expect(peer.judge(.live) == [.resumeReading])
        #expect(peer.pass(9) == [], "it has its time anew")
    }

    @Test func `when our own store takes nothing more the conversation is ended, and all is asked for again`()
    {
        var peer = StreamPeer()
        _ = peer.goLive()
        _ = peer.hear(.event("live", Self.theirs[0]))
        var report = ImportReport()
        report.count(.failed("error: disk full"), line: 1)
        #expect(peer.judge(.live, report) == [.hangUp, .dropSet])
    }

    @Test func `what our own door refused is not asked for again`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        _ = peer.hear(.event("live", Self.theirs[0]))
        _ = peer.judge(.live, unwanted: [Self.theirs[0].id])
        _ = peer.say(.lost("gone"))
        _ = peer.pass(10)
        _ = peer.say(.opened(.zero))
        _ = peer.hear(.endOfStoredEvents("live"))
        _ = peer.prepare()
        let effects = peer.find(nil, need: [Self.theirs[0], Self.theirs[1]])
        #expect(effects.contains(.send(.request("s1", [Filter(ids: [Self.theirs[1].id])]))))
    }
}
