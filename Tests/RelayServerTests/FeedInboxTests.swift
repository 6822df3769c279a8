// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NostrCore
import TestSupport
import Testing

@testable import RelayServer
@testable import RelaySession

@Suite struct FeedInboxTests {
    @Test func `items beyond the bound are remembered as a gap, ephemeral ones as lost`() async throws {
        try await TestRelay.run { relay in
            var limits = RelayServerLimits()
            limits.waitingFeedItems = 2
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            let services = relay.server.services
            let room = try await loop.submit {
                NIOLoopBound(LoopRoom(eventLoop: loop, services: services), eventLoop: loop)
            }
            .get()
            let inbox = FeedInbox(eventLoop: loop, room: room, limits: limits)
            let event = Event.fixture()
            func commit(_ number: UInt64) -> FeedItem {
                .commit(
                    Commit(
                        sequence: CommitSequence(rawValue: number), stored: [event], numbers: [number],
                        removed: []))
            }
            #expect(!inbox.append(commit(1), bytes: 1, at: .zero), "nobody listens yet")
            inbox.setIdle(false)
            #expect(inbox.append(commit(2), bytes: 1, at: .zero))
            #expect(!inbox.append(commit(3), bytes: 1, at: .zero), "the loop is awake already")
            _ = inbox.append(commit(4), bytes: 1, at: .zero)
            _ = inbox.append(.ephemeral(event, after: CommitSequence(rawValue: 4)), bytes: 1, at: .zero)
            _ = inbox.append(commit(5), bytes: 1, at: .zero)
            let harvest = inbox.harvest()
            #expect(harvest.items.count == 2)
            #expect(harvest.gapAfter == FeedPosition(commit: 3))
            #expect(harvest.lostEphemerals == 1)
            #expect(inbox.depth == 2, "harvested and not handed out")
            #expect(!inbox.append(commit(6), bytes: 1, at: .zero), "the loop is not done")
            #expect(inbox.handedOut(), "more has gathered: the gap after 5")
            #expect(inbox.harvest().gapAfter == FeedPosition(commit: 5))
            #expect(!inbox.handedOut())
            #expect(inbox.append(commit(7), bytes: 1, at: .zero), "the loop rests")
            #expect(inbox.harvest().gapAfter == nil)
            #expect(!inbox.handedOut(isResting: true))
            #expect(!inbox.append(commit(8), bytes: 1, at: .zero), "the loop looks again by itself")
            #expect(inbox.harvest().items.count == 1)
        }
    }

    @Test func `a long turn is followed by a rest, a short one by none`() {
        var limits = RelayServerLimits()
        #expect(limits.fanOutRest(after: .microseconds(999)) == .zero)
        #expect(limits.fanOutRest(after: .milliseconds(3)) == .milliseconds(6))
        #expect(limits.fanOutRest(after: .seconds(1)) == .milliseconds(limits.fanOutRestMilliseconds))
        limits.fanOutRest = 0
        #expect(limits.fanOutRest(after: .seconds(1)) == .zero)
    }

    @Test func `what happens during a rest reaches everybody after it, together`() async throws {
        // A clock that says of every turn that it took two milliseconds.
        let time = NIOLockedValueBox(Uptime.zero)
        let uptime: @Sendable () -> Uptime = {
            time.withLockedValue {
                $0 = $0 + .milliseconds(1); return $0
            }
        }
        try await TestRelay.run(uptime: uptime) { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.request("a", "{}")
            let events = (0..<30).map { Event.fixture(at: Int64($0), content: "\($0)") }
            for event in events { await relay.store([event]) }
            let heard = try await client.hear(events.count)
            #expect(heard == events.map { .event("a", $0) })
        }
    }

    @Test func `a loop whose queue overflows reads on from the feed, without gap or duplicate`() async throws
    {
        try await TestRelay.run(configure: { $0.serverLimits.waitingFeedItems = 1 }) { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.request("a", "{}")
            let events = (0..<40).map { Event.fixture(at: Int64($0), content: "\($0)") }
            try await relay.withLoopsHeld {
                for start in stride(from: 0, to: events.count, by: 2) {
                    await relay.store(Array(events[start..<start + 2]))
                }
            }
            #expect(try await client.hear(events.count) == events.map { .event("a", $0) })
            try await client.expectSilence()
            #expect(relay.meter.counts.fellBehind == 1, "the queue did overflow")
        }
    }

    @Test func `a long harvest is handed out in many turns of the loop`() async throws {
        // Every look at this clock costs a turn's time.
        let looks = NIOLockedValueBox<Int64>(0)
        let uptime: @Sendable () -> Uptime = {
            looks.withLockedValue { looks in
                looks += 1
                return Uptime(nanoseconds: looks * 20_000_000)
            }
        }
        try await TestRelay.run(
            uptime: uptime, configure: { $0.serverLimits.fanOutMilliseconds = 10 }
        ) { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.request("a", "{}")
            let events = (0..<50).map { Event.fixture(at: Int64($0), content: "\($0)") }
            await relay.store(events)
            #expect(try await client.hear(events.count) == events.map { .event("a", $0) })
            try await client.expectSilence()
            #expect(relay.meter.counts.fanOuts == 50)
            #expect(relay.server.statistics.waitingFeedItems == 0)
        }
    }
}
