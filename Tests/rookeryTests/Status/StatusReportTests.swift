// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import RelayServer
import RelayTransport
import TestSupport
import Testing

@testable import SyncPlanner
@testable import rookery

/// What everybody is shown of gathering, and what not.
@Suite struct StatusReportTests {
    private static func relay(
        _ url: String, _ status: RelayStatus = .connected, _ health: RelayHealth = .healthy,
        isBootstrap: Bool = false, lag: Duration? = .zero
    ) throws -> PlanSnapshot.Relay {
        PlanSnapshot.Relay(
            url: try RelayURL(url), status: status, health: health, isBootstrap: isBootstrap, wanted: 9,
            pending: 0, confirmed: 7, covered: 7, failed: 0, repositories: 3, roots: 4, liveSubscriptions: 1,
            filters: 1, lastConnected: nil, disconnectedAt: nil, coveredUntil: nil, lag: lag,
            heardAgo: .seconds(5), lastAudit: Timestamp(1), nextAuditIn: nil,
            lastFailure: "closed: <secret> of 10.0.0.1", failedAttempts: 3, next: .audit,
            nextTryIn: .seconds(7_300))
    }

    private static func snapshot(_ relays: [PlanSnapshot.Relay], isComplete: Bool = false) -> PlanSnapshot {
        PlanSnapshot(
            relays: relays, repositories: 2, roots: 4, pendingBatches: 1, isHistoryComplete: isComplete)
    }

    @Test func `the operator's relays are first, then those in trouble, and those given up are last`() throws
    {
        let list = StatusReport.upstreams(
            Self.snapshot([
                try Self.relay("wss://dead.test", .disconnected, .dead),
                try Self.relay("wss://well.test"),
                try Self.relay("wss://ill.test", .connecting, .degraded),
                try Self.relay("wss://own.test", isBootstrap: true),
            ]))
        #expect(
            list.items.map(\.url) == [
                "wss://own.test", "wss://ill.test", "wss://well.test", "wss://dead.test",
            ])
        #expect(list.items.map(\.standing) == [.good, .fair, .good, .bad])
        #expect(list.items.last?.state == "gone for a day or more")
        #expect(list.items.first?.next == "audit in 2 h")
    }

    @Test func `more relays than are listed are counted`() throws {
        let many = try (0..<100).map { try Self.relay("wss://r\($0).test") }
        let list = StatusReport.upstreams(Self.snapshot(many))
        #expect(list.items.count == StatusLimits.upstreamsListed && list.more == 70 && list.total == 100)
    }

    @Test(arguments: [
        "ws://127.0.0.1:7", "ws://10.1.2.3", "wss://[fd00::1]", "ws://[::ffff:10.0.0.1]", "ws://strfry:7777",
        "wss://relay.internal",
        "ws://localhost", "ws://abcdefgh.onion",
    ])
    func `addresses of the operator's own network are not shown`(url: String) throws {
        let shown = StatusReport.upstreams(Self.snapshot([try Self.relay(url)])).items
        #expect(shown.count == 1 && shown[0].url == nil)
        #expect(!(try RelayURL(url)).namesPublicHost)
    }

    @Test func `of a relay that the operator named only host and port are shown`() throws {
        let url = "wss://[2606:4700::1111]:444/room?token=secret"
        func shown(isBootstrap: Bool) throws -> String? {
            let relay = try Self.relay(url, isBootstrap: isBootstrap)
            return StatusReport.upstreams(Self.snapshot([relay])).items.first?.url
        }
        #expect(try shown(isBootstrap: true) == "wss://[2606:4700::1111]:444")
        #expect(try shown(isBootstrap: false) == url)
    }

    @Test func `what an upstream says is not shown`() throws {
        let report = StatusReport.upstreams(Self.snapshot([try Self.relay("wss://a.test", .disconnected)]))
        #expect(!"\(report)".contains("secret"))
    }

    @Test func `gathering is told in a few words`() throws {
        let well = try Self.relay("wss://a.test")
        let ill = try Self.relay("wss://b.test", .syncing)
        func words(_ snapshot: PlanSnapshot, isStuck: Bool = false) -> String {
            let part = StatusReport.gathering(snapshot, isStuck: isStuck)
            return "\(part.standing): \(part.words)"
        }
        #expect(words(.starting) == "fair: its own store is being read")
        #expect(words(Self.snapshot([])) == "good: no relay is named yet")
        #expect(words(Self.snapshot([well, ill])) == "fair: history complete from 1 of 2 relays")
        #expect(words(Self.snapshot([well], isComplete: true)) == "good: history complete")
        #expect(words(Self.snapshot([well]), isStuck: true) == "bad: stuck: nothing has come for long")
    }

    @Test func `why events cannot be written is not for everybody`() {
        let failing = HealthReport(
            isHealthy: false, status: "failing", facts: [.init("reason", "/srv/data.mdb: full")])
        let part = StatusReport.relay(failing)
        #expect(part.standing == .bad && part.words == "events cannot be written now")
        #expect(StatusReport.relay(HealthReport(isHealthy: false, status: "starting")).standing == .fair)
    }

    @Test(arguments: [
        ("relay.example.com", "wss://relay.example.com"), ("localhost:7777", "ws://localhost:7777"),
        ("10.0.0.1", "ws://10.0.0.1"), ("", nil),
    ])
    func `clients are sent to the domain, by TLS where that can be`(domain: String, url: String?) {
        #expect(StatusReport.address(domain) == url)
    }

    @Test func `lists are for whoever may read`() {
        var relay = RelaySettings()
        #expect(relay.shownStatus == .full)
        relay.policy.readsNeedAuthentication = true
        #expect(relay.shownStatus == .summary)
        relay.statusPage = .off
        #expect(relay.shownStatus == .off)
    }

    @Test func `names are read once, and forgotten with their announcements`() {
        let events = [
            Event.announcement("a", tags: [.of("name", "A repository")]), Event.announcement("b"),
        ]
        let reads = NIOLockedValueBox<[EventID]>([])
        let names = RepositoryNames { id in
            reads.withLockedValue { $0.append(id) }
            return events.first { $0.id == id }
        }
        let ids = events.map(\.id)
        #expect(names.names(of: ids) == [ids[0]: "A repository", ids[1]: ""])
        #expect(names.names(of: [ids[1]]) == [ids[1]: ""] && reads.withLockedValue { $0 } == ids)
        #expect(names.names(of: ids).count == 2 && reads.withLockedValue { $0 } == ids + [ids[0]])
    }
}
