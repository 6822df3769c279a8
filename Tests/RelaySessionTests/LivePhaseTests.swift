// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import RelaySession

@Suite struct LivePhaseTests {
    @Test func `after EOSE an event is sent when it happens`() {
        var client = Conversation()
        client.live("a", at: 5)
        #expect(client.happen(Sample.a, at: 6) == .send)
    }

    @Test func `before EOSE a live event is held, and released after EOSE`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.page(0, .more(at: 5))
        #expect(client.happen(Sample.a, at: 6) == .keep)
        #expect(client.happen(Sample.b, at: 7) == .keep)
        #expect(
            client.page(0, .finished(at: 5)) == [
                .sendPage(0), .eose("a"), .drop(0), .deliver(0, [Sample.a, Sample.b]),
            ])
        #expect(client.happen(Sample.c, at: 8) == .send)
    }

    @Test func `what the scan's snapshot saw is not sent a second time`() {
        var client = Conversation()
        _ = client.request("a")
        #expect(client.happen(Sample.a, at: 5) == .keep)
        #expect(client.happen(Sample.b, at: 6) == .keep)
        _ = client.page(0, .more(at: 5))
        #expect(client.page(0, .finished(at: 5)).last == .deliver(0, [Sample.b]))
    }

    @Test func `what reaches the loop late, but was in the snapshot, is dropped`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.page(0, .more(at: 9))
        #expect(client.happen(Sample.a, at: 9) == .keep)
        #expect(client.page(0, .finished(at: 9)) == [.sendPage(0), .eose("a"), .drop(0)])
    }

    @Test func `a live subscription is not told again of what its snapshot saw`() {
        var client = Conversation()
        client.live("a", at: 9)
        #expect(client.happen(Sample.a, at: 9) == .keep)
        #expect(client.happen(Sample.b, at: 10) == .send)
        #expect(client.happen(Sample.c, at: 10, number: 2) == .send)
    }

    @Test func `more live events than may be held are read from the feed, none lost and none twice`() {
        var bounds = SessionLimits()
        bounds.heldEvents = 1
        var client = Conversation(bounds: bounds)
        _ = client.request("a")
        _ = client.page(0, .more(at: 5))
        _ = client.happen(Sample.a, at: 6)
        #expect(client.happen(Sample.b, at: 7) == .fallBehind)
        #expect(client.happen(Sample.c, at: 7, number: 2) == .keep, "told once")
        #expect(
            client.page(0, .finished(at: 5)) == [
                .sendPage(0), .eose("a"), .drop(0),
                .catchUp(ScanNumber(number: 1), [Filter()], after: FeedPosition(commit: 5)),
            ])
        #expect(client.happen(Sample.b, at: 7) == .keep)
        #expect(client.happen(Sample.c, at: 8) == .fallBehind)
        let missed = [Sample.a, Sample.b].enumerated().map {
            LiveEvent($1, at: FeedPosition(commit: 6 + UInt64($0)))
        }
        #expect(
            client.caughtUp(1, missed, to: 7, isComplete: true) == [
                .deliver(0, [Sample.a, Sample.b]),
                .catchUp(ScanNumber(number: 2), [Filter()], after: FeedPosition(commit: 7)),
            ])
        let last = [LiveEvent(Sample.c, at: FeedPosition(commit: 8))]
        #expect(client.caughtUp(2, last, to: 8, isComplete: true) == [.deliver(0, [Sample.c])])
        #expect(client.happen(Sample.events[4], at: 9) == .send)
    }

    @Test func `a reader that is slow while live falls behind and catches up when it reads again`() {
        var client = Conversation()
        client.live("a", at: 5)
        client.session.isWritable = false
        #expect(client.happen(Sample.a, at: 6) == .fallBehind)
        #expect(client.happen(Sample.b, at: 7) == .keep)
        #expect(
            client.session.reduce(.writability(true)) == [
                .catchUp(ScanNumber(number: 1), [Filter()], after: FeedPosition(commit: 5))
            ])
        let missed = [
            LiveEvent(Sample.a, at: FeedPosition(commit: 6)),
            LiveEvent(Sample.b, at: FeedPosition(commit: 7)),
        ]
        #expect(client.caughtUp(1, missed, to: 7, isComplete: true) == [.deliver(0, [Sample.a, Sample.b])])
        #expect(client.happen(Sample.c, at: 8) == .send)
    }

    @Test func `a reader that is slow inside a commit falls behind there, and reads on from there`() {
        var client = Conversation()
        client.live("a", at: 5)
        #expect(client.happen(Sample.a, at: 6, number: 70) == .send)
        client.session.isWritable = false
        #expect(client.happen(Sample.b, at: 6, number: 71) == .fallBehind)
        #expect(client.happen(Sample.c, at: 6, number: 72) == .keep)
        #expect(
            client.session.reduce(.writability(true)) == [
                .catchUp(ScanNumber(number: 1), [Filter()], after: FeedPosition(commit: 5, event: 70))
            ])
        // A piece ends inside the commit, while the rest of it still comes live.
        #expect(client.happen(Sample.c, at: 6, number: 72) == .keep)
        let piece = CatchUpReport.read(
            [LiveEvent(Sample.b, at: FeedPosition(commit: 5, event: 71))],
            upTo: FeedPosition(commit: 5, event: 71), isComplete: false)
        #expect(
            client.session.reduce(.caughtUp(ScanNumber(number: 1), piece)) == [
                .deliver(0, [Sample.b]),
                .catchUp(ScanNumber(number: 1), [Filter()], after: FeedPosition(commit: 5, event: 71)),
            ])
        let last = [LiveEvent(Sample.c, at: FeedPosition(commit: 5, event: 72))]
        #expect(client.caughtUp(1, last, to: 6, isComplete: true) == [.deliver(0, [Sample.c])])
        #expect(client.happen(Sample.c, at: 6, number: 72) == .keep, "not a second time")
        #expect(client.happen(Sample.events[3], at: 7, number: 73) == .send)
    }

    @Test func `what is held of a commit goes out once, and the rest of that commit after it`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.page(0, .more(at: 5))
        #expect(client.happen(Sample.a, at: 6, number: 70) == .keep)
        #expect(client.page(0, .finished(at: 5)).last == .deliver(0, [Sample.a]))
        #expect(client.happen(Sample.a, at: 6, number: 70) == .keep)
        #expect(client.happen(Sample.b, at: 6, number: 71) == .send)
    }

    @Test func `a feed that is read in pieces goes on from each piece's end`() {
        var client = Conversation()
        client.live("a", at: 5)
        _ = client.session.missedEvents(after: FeedPosition(commit: 5))
        _ = client.session.reduce(.writability(true))
        #expect(
            client.caughtUp(1, [LiveEvent(Sample.a, at: FeedPosition(commit: 6))], to: 6, isComplete: false)
                == [
                    .deliver(0, [Sample.a]),
                    .catchUp(ScanNumber(number: 1), [Filter()], after: FeedPosition(commit: 6)),
                ])
    }

    @Test func `a subscription beyond the feed's horizon is told so`() {
        var client = Conversation()
        client.live("a", at: 5)
        _ = client.session.missedEvents(after: FeedPosition(commit: 5))
        _ = client.session.reduce(.writability(true))
        #expect(
            client.session.reduce(.caughtUp(ScanNumber(number: 1), .beyondHorizon)) == [
                .unwatch(0), .closed("a", "error: fell too far behind, subscribe again"),
            ])
    }

    @Test func `ephemeral events are held before EOSE and sent to slow readers after it`() {
        var client = Conversation()
        _ = client.request("a")
        #expect(client.passBy(Sample.a, after: 5) == .keep)
        #expect(client.page(0, .finished(at: 5)).last == .deliver(0, [Sample.a]))
        client.session.isWritable = false
        #expect(client.passBy(Sample.b, after: 5) == .send)
    }

    @Test func `an ephemeral event that finds no room is reported lost`() {
        var bounds = SessionLimits()
        bounds.heldEvents = 1
        var client = Conversation(bounds: bounds)
        _ = client.request("a")
        _ = client.passBy(Sample.a, after: 5)
        #expect(client.passBy(Sample.b, after: 5) == .lost)
    }

    @Test func `for a reader that does not read nothing is held that can be read again`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.page(0, .more(at: 5))
        #expect(client.happen(Sample.a, at: 6) == .keep)
        client.session.isWritable = false
        #expect(client.happen(Sample.b, at: 7) == .fallBehind)
        #expect(client.happen(Sample.c, at: 8) == .keep, "told once")
        #expect(client.session.subscriptions.heldBytes == 0)
        #expect(client.passBy(Sample.events[3], after: 8) == .keep, "ephemeral events are not read again")
        client.session.isWritable = true
        #expect(client.happen(Sample.events[4], at: 9) == .keep)
        #expect(
            client.page(0, .finished(at: 5)) == [
                .sendPage(0), .eose("a"), .drop(0),
                .catchUp(ScanNumber(number: 1), [Filter()], after: FeedPosition(commit: 5)),
            ])
    }

    @Test func `what all subscriptions hold together is bounded in bytes`() {
        var bounds = SessionLimits()
        bounds.heldBytes = Subscription.size(of: LiveEvent(Sample.a, at: FeedPosition(commit: 2))) + 10
        var client = Conversation(bounds: bounds)
        _ = client.request("a")
        _ = client.page(0, .more(at: 1))
        _ = client.request("b")
        _ = client.page(0, .more(at: 1))
        _ = client.page(1, .more(at: 1))
        #expect(client.happen(Sample.a, at: 2, slot: 0) == .keep)
        #expect(client.happen(Sample.a, at: 2, slot: 1) == .fallBehind, "the room is taken")
        #expect(
            client.page(0, .finished(at: 1)) == [
                .sendPage(0), .eose("a"), .drop(0), .deliver(0, [Sample.a]), .read(1),
            ])
        #expect(
            client.page(1, .finished(at: 1)) == [
                .sendPage(1), .eose("b"), .drop(1),
                .catchUp(ScanNumber(number: 2), [Filter()], after: FeedPosition(commit: 1)),
            ])
    }

    @Test func `when something is taken back, what is held is read from the feed, which knows what is gone`()
    {
        var client = Conversation()
        client.live("b")
        _ = client.request("a")
        _ = client.page(1, .more(at: 5))
        #expect(client.happen(Sample.a, at: 6, slot: 1) == .keep)
        #expect(client.session.takeBack() == 1, "only one holds anything")
        #expect(client.happen(Sample.b, at: 7, number: 2, slot: 1) == .keep)
        #expect(
            client.page(1, .finished(at: 5)) == [
                .sendPage(1), .eose("a"), .drop(1),
                .catchUp(ScanNumber(number: 2), [Filter()], after: FeedPosition(commit: 5)),
            ])
    }

    @Test func `a gap in what the loop was told is counted once for each subscription`() {
        var client = Conversation()
        client.live("a", at: 5)
        client.live("b", scan: 1, at: 5)
        #expect(client.session.missedEvents(after: FeedPosition(commit: 5)) == 2)
        #expect(client.session.missedEvents(after: FeedPosition(commit: 6)) == 0, "they read on already")
    }
}

extension Conversation {
    fileprivate mutating func caughtUp(
        _ number: UInt64, _ events: [LiveEvent], to end: UInt64, isComplete: Bool
    )
        -> [SessionAction]
    {
        let report = CatchUpReport.read(events, upTo: FeedPosition(commit: end), isComplete: isComplete)
        return session.reduce(.caughtUp(ScanNumber(number: number), report))
    }
}
