// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TestSupport
import Testing

@testable import rookery

/// What a stream sends, and what it never sends.
@Suite struct StreamSendingTests {
    private static let events = (0..<6).map { Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)") }
    private let event = events[0]

    /// Commits events and has them sent.
    private func send(_ events: [Event], _ peer: inout StreamPeer) {
        for case .load(let ids) in peer.commit(events) {
            _ = peer.say(.loaded(events.filter { ids.contains($0.id) }))
        }
    }

    @Test func `what came from the relay is not sent back, whichever way it came`() {
        var peer = StreamPeer()
        _ = peer.beginFilling()
        _ = peer.hear(.event("live", Self.events[0]))
        _ = peer.find("62", need: [Self.events[1]])
        _ = peer.hear(.event("s1", Self.events[1]), .endOfStoredEvents("s1"))
        // A third one was heard by gathering.
        let effects = peer.commit(Array(Self.events[..<4]), seen: [Self.events[2].id])
        #expect(effects == [.load([Self.events[3].id])])
    }

    @Test func `what came from the relay is remembered when the conversation is lost`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        _ = peer.hear(.event("live", event))
        _ = peer.say(.lost("gone"))
        _ = peer.pass(10)
        _ = peer.say(.opened(.zero))
        #expect(peer.commit([event]) == [])
    }

    @Test func `our own event that comes back costs nothing`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        send([event], &peer)
        #expect(peer.hear(.event("live", event)) == [], "before its answer")
        _ = peer.hear(.ok(event.id, accepted: true, message: ""))
        #expect(peer.hear(.event("live", event)) == [], "after it")
        #expect(peer.facts.count { $0 == .arrived(.echo, 1) } == 2)
    }

    @Test func `what the relay sends while it waits to be sent is not sent`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        #expect(peer.commit([event]) == [.load([event.id])])
        _ = peer.hear(.event("live", event))
        #expect(peer.say(.loaded([event])) == [])
        #expect(peer.course.talk.outbox.isEmpty)
    }

    @Test func `an event that a back-fill and the feed find is sent once`() {
        var peer = StreamPeer()
        _ = peer.beginFilling()
        #expect(peer.commit([event]) == [.load([event.id])])
        _ = peer.say(.loaded([event]))
        #expect(!peer.find("62", have: [event]).contains(.load([event.id])), "on its way")
        _ = peer.hear(.ok(event.id, accepted: true, message: ""))
        #expect(!peer.find("63", have: [event]).contains(.load([event.id])), "answered")
        #expect(peer.commit([event]) == [])
    }

    @Test func `what is private, protected or of the moment is not sent`() {
        let unsent = [
            Event.fixture(kind: 4), .fixture(kind: 1059), .fixture(kind: 20_001), .fixture(kind: 22_242),
            .fixture(tags: [.of("-")]),
        ]
        var peer = StreamPeer()
        _ = peer.goLive()
        #expect(peer.commit(unsent) == [])
        // A back-fill only knows ids: it is seen when they are read.
        var other = StreamPeer(.up)
        _ = other.beginFilling()
        #expect(other.find(nil, have: unsent).contains(.load(unsent.map(\.id))))
        #expect(other.say(.loaded(unsent)) == [])
        #expect(other.course.talk.outbox.isEmpty)
    }

    @Test func `a private message is sent where the filter names its kind`() {
        let message = Event.fixture(kind: 4)
        var peer = StreamPeer(filter: Filter(kinds: [1, 4]))
        _ = peer.goLive()
        #expect(peer.commit([message, .fixture(kind: 7)]) == [.load([message.id])])
    }

    @Test func `a refusal is counted by its first word and the event is not sent again`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        let answers: [(String, StreamAnswer)] = [
            ("blocked: no", .blocked), ("duplicate: have it", .duplicate), ("go away", .other),
            ("accepted: not", .other), ("error: disk", .error),
        ]
        for (event, (words, answer)) in zip(Self.events, answers) {
            send([event], &peer)
            _ = peer.hear(.ok(event.id, accepted: false, message: words))
            #expect(peer.facts.last == .answered(answer, words))
            #expect(peer.course.isSettled(event.id) == (answer != .error), "a fault is of the moment")
        }
        #expect(peer.commit(Array(Self.events[..<4])) == [])
    }

    @Test func `who wants us to go slower is given a rest, longer each time, and then the event again`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        send([event], &peer)
        for rest in [1.0, 2, 4] {
            #expect(peer.hear(.ok(event.id, accepted: false, message: "rate-limited: slow")) == [])
            #expect(peer.pass(rest * 0.9) == [])
            #expect(peer.pass(rest * 0.2) == [.load([event.id])])
            #expect(peer.say(.loaded([event])) == [.offer(event)])
        }
        _ = peer.hear(.ok(event.id, accepted: true, message: ""))
        #expect(peer.course.talk.rests == 0)
    }

    @Test func `who refuses everything is asked ever more rarely`() {
        var peer = StreamPeer(limits: { $0.refusalsInARow = 2 })
        _ = peer.goLive()
        send(Array(Self.events[..<2]), &peer)
        for event in Self.events[..<2] {
            _ = peer.hear(.ok(event.id, accepted: false, message: "restricted: members only"))
        }
        #expect(peer.facts.contains(.rests))
        #expect(peer.commit([Self.events[2]]) == [])
        #expect(peer.pass(1) == [.load([Self.events[2].id])])
    }

    @Test func `what finds no room is found by another back-fill once the rest is sent`() {
        var peer = StreamPeer(
            .up,
            limits: {
                $0.waiting = 2
                $0.unanswered = 2
            })
        _ = peer.beginFilling()
        let effects = peer.find(nil, have: Array(Self.events[..<4]))
        #expect(effects.contains(.load(Self.events[..<2].map(\.id))))
        _ = peer.say(.loaded(Array(Self.events[..<2])))
        _ = peer.hear(.ok(Self.events[0].id, accepted: true, message: ""))
        #expect(peer.hear(.ok(Self.events[1].id, accepted: true, message: "")) == [.prepare])
    }

    @Test func `the feed waits for a relay that is slow, and nothing of it is lost`() {
        var peer = StreamPeer(limits: { $0.waitingForMore = 1 })
        _ = peer.goLive()
        send([event], &peer)
        #expect(peer.commit([Self.events[1]]) == [], "one is on its way")
        let effects = peer.hear(.ok(event.id, accepted: true, message: ""))
        #expect(effects == [.load([Self.events[1].id])])
    }

    @Test func `a feed that does not reach back is made good by a back-fill`() {
        var peer = StreamPeer()
        _ = peer.goLive()
        peer.answersFeed = false
        _ = peer.commit([])
        let effects = peer.say(.followed(.beyondHorizon(latest: CommitSequence(rawValue: 900)), seen: []))
        #expect(effects == [.prepare])
    }

    @Test func `who cannot be asked what it lacks is sent what it did not answer for before`() {
        var peer = StreamPeer(.up)
        _ = peer.beginFilling()
        _ = peer.hear(.negentropyError("neg", message: "unsupported: no"))
        #expect(peer.course.snapshot.state == .liveWithGaps)
        send([event], &peer)
        _ = peer.say(.lost("gone"))
        _ = peer.pass(10)
        peer.answersFeed = false
        let effects = peer.say(.opened(CommitSequence(rawValue: 500)))
        #expect(effects.contains(.follow(after: CommitSequence(rawValue: 100))), "\(effects)")
        let missed = peer.say(.followed(.beyondHorizon(latest: CommitSequence(rawValue: 500)), seen: []))
        #expect(!missed.contains(.prepare) && peer.facts.contains(.missed), "nobody can tell what it lacks")
    }

    @Test func `who was sent everything since it answered last lacks nothing that is known`() {
        var peer = StreamPeer(.up)
        for state in [StreamState.liveWithGaps, .live, .live] {
            _ = peer.beginFilling()
            _ = peer.hear(.negentropyError("neg", message: "unsupported: no"))
            #expect(peer.course.snapshot.state == state)
            _ = peer.say(.lost("gone"))
            _ = peer.pass(100)
        }
    }

    @Test func `an event longer than the relay reads is not sent`() {
        let long = Event.fixture(content: String(repeating: "x", count: 900))
        var peer = StreamPeer(.up)
        _ = peer.open()
        _ = peer.say(
            .prepared(.set(first: "61", count: 1, StreamCourse.Manners(messageLength: 800))))
        _ = peer.find(nil, have: [event, long])
        #expect(peer.say(.loaded([event, long])) == [.offer(event)])
        #expect(peer.facts.contains(.answered(.tooLong, "")))
    }

    @Test func `new events are held back for a moment where the relay may be about to send them itself`() {
        for direction in [SyncDirection.both, .up] {
            var peer = StreamPeer(direction)
            _ = peer.goLive()
            _ = peer.pass(1)
            peer.answersFeed = false
            let follow = StreamCourse.Effect.follow(after: CommitSequence(rawValue: 100))
            #expect(peer.input(.news).contains(follow) == (direction == .up))
            #expect(peer.pass(0.05).contains(follow) == (direction == .both))
        }
    }
}
