// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import Logging
import NIOConcurrencyHelpers
import NostrCore
import RelayServer
import Telemetry
import TestSupport
import Testing

@testable import SyncPlanner
@testable import rookery

@Suite struct SyncMeteringTests {
    private let registry = MetricsRegistry()
    private let now = NIOLockedValueBox(Uptime.zero)

    private func metering() -> SyncMetering {
        SyncMetering(
            meters: SyncMeters(registry, maxRelays: 10), work: SyncWorkMeters(registry),
            stuckAfter: .seconds(60),
            uptime: { [now] in now.withLockedValue { $0 } })
    }

    private func pass(_ seconds: Int64) { now.withLockedValue { $0 = $0 + .seconds(seconds) } }

    private var page: [Substring] {
        String(decoding: PrometheusText.render(registry), as: UTF8.self).split(separator: "\n")
    }

    @Test func `attempts, status and events are counted by relay and by source`() throws {
        let relay = try RelayURL("wss://a.test")
        let metering = metering()
        metering.happened(.dialFailed(relay, .tcp, retryIn: .seconds(1)))
        metering.happened(.connected(relay))
        metering.happened(.status(relay, .syncing))
        metering.happened(.stored(relay, .startup, count: 7))
        for line in [
            "rookery_sync_connection_attempts_total{relay=\"wss://a.test\",result=\"failure\"} 1",
            "rookery_sync_connection_attempts_total{relay=\"wss://a.test\",result=\"success\"} 1",
            "rookery_sync_relay_connected{relay=\"wss://a.test\"} 1",
            "rookery_sync_relay_status{relay=\"wss://a.test\"} 2",
            "rookery_sync_events_total{source=\"startup\"} 7", "rookery_sync_events_total{source=\"live\"} 0",
        ] { #expect(page.contains { $0 == line }, "\(line)") }
        metering.happened(.forgot(relay))
        #expect(!page.contains { $0.contains("a.test") })
    }

    @Test func `gathering is stuck when there is work and nothing moves`() {
        let metering = metering()
        #expect(metering.health.isHealthy)
        let relay = try? RelayURL("wss://a.test")
        metering.stands(
            PlanSnapshot(relays: [], repositories: 1, roots: 0, pendingBatches: 2, isHistoryComplete: false),
            at: Timestamp(0))
        pass(59)
        #expect(metering.health.isHealthy)
        pass(2)
        #expect(metering.health.status == "stuck")
        if let relay { metering.happened(.connected(relay)) }
        #expect(metering.health.status == "stuck", "who takes the connection has given nothing")
        #expect(metering.stuckFor == .seconds(61))
        if let relay { metering.happened(.stored(relay, .startup, count: 1)) }
        #expect(metering.health.isHealthy)
        #expect(metering.stuckFor == nil)
    }

    @Test func `a relay of the operator's that refuses everything is stuck between its tries too`() throws {
        let relay = try RelayURL("wss://a.test")
        var configuration = SyncConfiguration(bootstrap: [relay])
        configuration.usesNegentropy = false
        var planner = SyncPlanner(configuration: configuration)
        var rng = SplitMix64(seed: 1)
        let metering = metering()
        var time = Uptime.zero
        func tell(_ input: SyncInput) {
            _ = planner.reduce(input, at: time, wall: Timestamp(1_700_000_000), using: &rng)
            metering.stands(planner.snapshot(at: time), at: Timestamp(1_700_000_000))
        }
        let link = LinkID(relay: relay, number: 1)
        for input: SyncInput in [
            .start(restored: []), .caughtUp, .ownership(relay, isOurs: true), .linkUp(link),
            .information(link, nil),
        ] { tell(input) }
        for number in 1..<40 {
            for letter in ["l", "h"] {
                tell(
                    .received(
                        link,
                        [
                            .closed(
                                SubscriptionID(stringLiteral: "\(letter)\(number)"),
                                message: "error: database is on fire")
                        ]))
            }
        }
        let shown = try #require(planner.snapshot(at: time).relays.first)
        #expect(planner.snapshot(at: time).pendingBatches == 0)
        #expect(shown.health == .degraded)
        #expect(shown.lastFailure == "closed: error: database is on fire")
        pass(30)
        time = time + .milliseconds(1)
        tell(.tick)
        #expect(metering.health.isHealthy)
        pass(31)
        tell(.tick)
        #expect(metering.health.status == "stuck")
    }

    @Test(arguments: [0, 2])
    func `a stranger's relay that is down, or drips, is no trouble while another is complete`(inFlight: Int)
        throws
    {
        let metering = metering()
        func stands(_ other: RelayStatus) throws {
            let relays = [
                PlanSnapshot.Relay(
                    try RelayURL("wss://a.test"), other, confirmed: other == .connected ? 1 : 0),
                PlanSnapshot.Relay(try RelayURL("wss://b.test"), .disconnected, confirmed: 0),
            ]
            metering.stands(
                PlanSnapshot(
                    relays: relays, repositories: 1, roots: 0, pendingBatches: inFlight,
                    isHistoryComplete: inFlight == 0),
                at: Timestamp(0))
        }
        try stands(.connected)
        pass(1000)
        try stands(.connected)
        #expect(metering.health.isHealthy)
        try stands(.disconnected)
        pass(61)
        try stands(.disconnected)
        #expect(metering.health.status == "stuck")
    }

    @Test func `stuck and going on again are a line each`() throws {
        let watch = SyncWatch(
            metering: metering(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var wasStuck = false
        #expect(!watch.look(&wasStuck))
        watch.metering.stands(
            PlanSnapshot(relays: [], repositories: 1, roots: 0, pendingBatches: 2, isHistoryComplete: false),
            at: Timestamp(0))
        pass(61)
        let stuck = (0..<3).map { _ in watch.look(&wasStuck) }
        #expect(stuck == [true, false, false])
        #expect(wasStuck)
        watch.metering.happened(.stored(try RelayURL("wss://a.test"), .live, count: 1))
        let going = (0..<3).map { _ in watch.look(&wasStuck) }
        #expect(going == [true, false, false])
        #expect(!wasStuck)
    }

    @Test func `what gathering does is counted by closed sets of reasons`() throws {
        let relay = try RelayURL("wss://a.test")
        let metering = metering()
        let batch = BatchID(1)
        for fact: SyncFact in [
            .batchConfirmed(relay, batch, items: 3, pages: 4, took: .seconds(2)),
            .batchFailed(relay, batch, .timeout, retryIn: .zero), .answered(relay, after: .milliseconds(3)),
            .notStored(relay, known: 1, held: 2, refused: 3, forged: 4, failed: 5), .unasked(relay, count: 6),
            .rateLimited(relay, pause: .seconds(1)), .authenticated(relay), .authRefused(relay, "no"),
            .auditStarted(relay, items: 1), .auditCompleted(relay, took: .zero),
            .pageRead(relay), .pageRead(relay), .pageRetried(relay), .retried(relay, batch, items: 9),
            .notTracked(relay, .tooMany), .overLimit(.roots), .health(relay, .dead),
            .reconciled(relay, rounds: 2, needed: 3), .pagedInstead(relay, .silent),
        ] { metering.happened(fact) }
        metering.reconciling(relay, rounds: 0, sent: 100, received: 0)
        metering.reconciling(relay, rounds: 1, sent: 10, received: 50)
        metering.dialEnded(relay, failure: .refused, refusal: "onion")
        metering.judged(
            relay,
            [
                .stored(CommitSequence(rawValue: 1)), .duplicate, .rejected(.deleted),
                .rejected(.rule("blocked: no")),
                .held,
            ])
        for line in [
            "rookery_sync_batches_confirmed_total 1", "rookery_sync_pages_total 2",
            "rookery_sync_negentropy_sessions_total 1", "rookery_sync_negentropy_rounds_total 1",
            "rookery_sync_negentropy_needed_total 3",
            "rookery_sync_negentropy_bytes_total{direction=\"sent\"} 110",
            "rookery_sync_negentropy_bytes_total{direction=\"received\"} 50",
            "rookery_sync_negentropy_fallbacks_total{reason=\"silent\"} 1",
            "rookery_sync_negentropy_fallbacks_total{reason=\"endless\"} 0",
            "rookery_sync_retries_total{what=\"batch\"} 1", "rookery_sync_retries_total{what=\"page\"} 1",
            "rookery_sync_refused_events_total{reason=\"deleted\"} 1",
            "rookery_sync_refused_events_total{reason=\"rule\"} 1",
            "rookery_sync_refused_events_total{reason=\"expired\"} 0",
            "rookery_sync_batch_seconds_count 1", "rookery_sync_eose_latency_seconds_count 1",
            "rookery_sync_batch_failures_total{reason=\"timeout\"} 1",
            "rookery_sync_not_stored_total{reason=\"forged\"} 4",
            "rookery_sync_not_stored_total{reason=\"unasked\"} 6", "rookery_sync_rate_limited_total 1",
            "rookery_sync_authentications_total{result=\"refused\"} 1",
            "rookery_sync_audits_total{state=\"completed\"} 1",
            "rookery_sync_relays_refused_total{reason=\"too-many\"} 1",
            "rookery_sync_over_limit_total{what=\"roots\"} 1",
            "rookery_sync_relay_health{relay=\"wss://a.test\"} 4",
            "rookery_sync_dial_refusals_total{reason=\"onion\"} 1",
            "rookery_sync_dial_failures_total{class=\"refused\"} 1",
        ] { #expect(page.contains { $0 == line }, "\(line)") }
    }

    @Test func `every reason shows from the start, and no family is full`() throws {
        let metering = metering()
        let relay = try RelayURL("wss://a.test")
        for line in [
            "rookery_sync_dial_refusals_total{reason=\"loopback\"} 0",
            "rookery_sync_batch_failures_total{reason=\"endless\"} 0",
            "rookery_sync_over_limit_total{what=\"relays-of-announcement\"} 0",
            "rookery_sync_relays{health=\"refused\"} 0",
        ] { #expect(page.contains { $0 == line }, "\(line)") }
        metering.happened(.health(relay, .refused))
        #expect(page.contains { $0 == "rookery_sync_relay_health{relay=\"wss://a.test\"} 6" })
        #expect(!page.contains { $0.contains("_other") })
    }

    @Test func `relays beyond the bound share one label, and one that is forgotten makes room`() throws {
        let metering = metering()
        let relays = try (0..<15).map { try RelayURL("wss://r\($0).test") }
        for relay in relays { metering.happened(.status(relay, .connected)) }
        func labels(_ name: String) -> [Substring] {
            page.filter { $0.hasPrefix("\(name){") }.map { $0.split(separator: "\"")[1] }
        }
        let shown = labels("rookery_sync_relay_connected")
        #expect(shown.count == 11)
        #expect(shown.count { $0 == "_other" } == 1)
        metering.happened(.forgot(relays[0]))
        metering.happened(.status(relays[14], .connected))
        #expect(labels("rookery_sync_relay_connected").contains("wss://r14.test"))
        for relay in relays { metering.happened(.connected(relay)) }
        let attempts = page.filter { $0.hasPrefix("rookery_sync_connection_attempts_total{") }
        let sum = attempts.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
        #expect(sum == 15, "none is lost")
    }

    @Test func `before anything is known it says that it starts`() {
        let metering = metering()
        #expect(metering.health.isHealthy)
        #expect(metering.health.status == "starting")
        #expect(!metering.health.facts.isEmpty)
        let status = DaemonStatus.Sync(metering.snapshot)
        #expect(status.history == "our own store is being read")
        #expect(status.isReadingStore == true)
    }

    @Test func `work that comes after a long rest is not stuck at once`() {
        let metering = metering()
        func stands(pending: Int) {
            metering.stands(
                PlanSnapshot(
                    relays: [], repositories: 1, roots: 0, pendingBatches: pending,
                    isHistoryComplete: pending == 0),
                at: Timestamp(0))
        }
        stands(pending: 0)
        pass(1_000)
        stands(pending: 1)
        #expect(metering.health.isHealthy)
        pass(59)
        stands(pending: 1)
        #expect(metering.health.isHealthy)
        pass(2)
        #expect(metering.health.status == "stuck")
    }

    @Test func `nothing to do is healthy for ever`() {
        let metering = metering()
        metering.stands(
            PlanSnapshot(relays: [], repositories: 0, roots: 0, pendingBatches: 0, isHistoryComplete: true),
            at: Timestamp(0))
        pass(100_000)
        #expect(
            metering.health
                == HealthReport(
                    isHealthy: true, status: "ok",
                    facts: [
                        .init("relays", "0 of 0 connected"), .init("batches", "0 in flight"),
                        .init("history", "complete"),
                    ]))
    }
}

extension PlanSnapshot.Relay {
    /// A stranger's, of which one item is wanted.
    fileprivate init(_ url: RelayURL, _ status: RelayStatus, confirmed: Int) {
        self.init(
            url: url, status: status, health: .degraded, isBootstrap: false, wanted: 1, pending: 0,
            confirmed: confirmed, covered: confirmed, failed: 0, repositories: 1, roots: 0,
            liveSubscriptions: 0, filters: 0, lastConnected: nil, disconnectedAt: nil, coveredUntil: nil,
            lag: nil, heardAgo: nil, lastAudit: nil, nextAuditIn: nil, lastFailure: nil, failedAttempts: 0,
            next: .dial, nextTryIn: nil)
    }
}
