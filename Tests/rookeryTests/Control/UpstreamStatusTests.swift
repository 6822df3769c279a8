// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

@testable import rookery

@Suite struct UpstreamStatusTests {
    private let relay: RelayURL
    private var planner: SyncPlanner
    private var rng = SplitMix64(seed: 1)

    init() throws {
        relay = try RelayURL("wss://a.test")
        var configuration = SyncConfiguration(bootstrap: [relay])
        configuration.usesNegentropy = false
        planner = SyncPlanner(configuration: configuration)
        tell(.start(restored: []))
        tell(.caughtUp)
        tell(.ownership(relay, isOurs: true))
    }

    private mutating func tell(_ input: SyncInput) {
        _ = planner.reduce(input, at: .zero, wall: Timestamp(1_700_000_000), using: &rng)
    }

    @Test mutating func `one line tells the state, the last error, and what is next and when`() throws {
        tell(.dialFailed(LinkID(relay: relay, number: 1), .tcp))
        let status = UpstreamStatus(try #require(planner.snapshot(at: .zero).relays.first))
        #expect(status.status == "disconnected")
        #expect(status.next == "dial")
        #expect(status.nextInSeconds != nil)
        #expect(status.failedAttempts == 1)
        #expect(status.line.hasPrefix("wss://a.test: disconnected"))
        #expect(status.line.contains("last error: dial: tcp"))
        #expect(status.line.contains("next: dial"))
        #expect(!status.line.contains("\n"))
    }

    @Test mutating func `who was lost says why, how long ago, and how often it was tried in vain`() throws {
        let link = LinkID(relay: relay, number: 1)
        tell(.linkUp(link))
        tell(.information(link, nil))
        let subscriptions: [SubscriptionID] = ["l1", "h2"]
        for id in subscriptions { tell(.received(link, [.endOfStoredEvents(id)])) }
        let connected = UpstreamStatus(try #require(planner.snapshot(at: .zero).relays.first))
        #expect(connected.line.contains("connected, 1 of 1 items"))
        #expect(connected.line.contains("heard 0 s ago"))
        tell(.linkDown(link, .lost))
        let lost = UpstreamStatus(try #require(planner.snapshot(at: .zero).relays.first))
        #expect(lost.line.contains("disconnected (degraded)"))
        #expect(lost.line.contains("1 of 1 items until 0 s ago"))
        #expect(lost.line.contains("last error: connection lost"))
        let sync = DaemonStatus.Sync(planner.snapshot(at: .zero))
        #expect(sync.history == "complete from 0 of 1 relays, 0 batches in flight")
    }

    @Test func `an explanation tells why, what and within which limits`() throws {
        let explanation = UpstreamExplanation(try #require(planner.explain(relay, at: .zero)))
        #expect(explanation.announcementCount == 0)
        #expect(explanation.lines.contains { $0.contains("sync.bootstrap") })
        #expect(explanation.lines.contains { $0.contains("subscriptions of") })
        #expect(planner.explain(try RelayURL("wss://b.test"), at: .zero) == nil)
    }

    @Test mutating func `an explanation names what is missing, and why, on lines that cannot be forged`()
        throws
    {
        let link = LinkID(relay: relay, number: 1)
        tell(.linkUp(link))
        tell(.information(link, nil))
        for id: SubscriptionID in ["l1", "h2"] {
            tell(.received(link, [.closed(id, message: "error: out\nof \u{1B}[31mmemory")]))
        }
        let explanation = UpstreamExplanation(try #require(planner.explain(relay, at: .zero)))
        let missing = try #require(explanation.missing.first)
        #expect(missing.item == "announcements")
        #expect(missing.state == "failed")
        #expect(
            explanation.lines.contains { $0.hasPrefix("  announcements: failed once, closed: error: out of") }
        )
        #expect(explanation.lines.allSatisfy { !$0.contains("\n") && !$0.contains("\u{1B}") })
    }

    @Test func `of a relay that is not connected it is told how much is missing, not each of it`() throws {
        let lines = UpstreamExplanation(try #require(planner.explain(relay, at: .zero))).lines
        #expect(lines.contains("missing: 1 item, asked for once it is connected"))
    }

    @Test mutating func `a relay that waits for a place at its address says so, and is not blamed`() throws {
        tell(.dialFailed(LinkID(relay: relay, number: 1), .busy, detail: "its address has as many"))
        let explanation = UpstreamExplanation(try #require(planner.explain(relay, at: .zero)))
        #expect(explanation.relay.health == "healthy")
        #expect(explanation.lines.contains { $0.hasPrefix("waits: its address has as many connections") })
    }

    @Test func `relays that are not followed are counted for the operator`() throws {
        var snapshot = planner.snapshot(at: .zero)
        #expect(DaemonStatus.Sync(snapshot).relaysNotFollowed == 0)
        snapshot.leftOut = 7
        #expect(DaemonStatus.Sync(snapshot).relaysNotFollowed == 7)
    }

    @Test func `both read back as they were written`() throws {
        let explanation = UpstreamExplanation(try #require(planner.explain(relay, at: .zero)))
        let answer = ControlAnswer(explanation: explanation)
        let line = ControlCoding.line(answer)
        #expect(ControlCoding.read(ControlAnswer.self, line.dropLast()) == answer)
    }
}
