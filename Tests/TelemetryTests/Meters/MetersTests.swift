// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Telemetry
import Testing

@Suite struct MetersTests {
    /// In the path, or where `scripts/setup.sh` unpacks it.
    private static let promtool: String? = {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return (path.split(separator: ":") + ["\(root.path)/.build-tools/usr/bin"])
            .map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Every meter of the process, each with a member where it is a family.
    private static func everything() -> MetricsRegistry {
        let registry = MetricsRegistry()
        _ = ProcessMeters(registry, version: "1.0", lostLogLines: { 7 })
        _ = StoreMeters(registry, events: { 1 }, usedBytes: { 2 }, mapBytes: { 3 }, sequence: { 4 })
        _ = DiskMeters(registry, directory: "/")
        _ = HealthMeters(registry, relay: { true }, sync: { false }, bridge: { true })
        var bounds = BoundMeters.Bounds()
        (bounds.queuedEvents, bounds.relays) = (32_768, 2_000)
        _ = BoundMeters(registry, bounds)
        let ingest = IngestMeters(registry)
        ingest.events["client", "stored"].increment()
        IngestMeters.declareReadings(in: registry, queued: { 5 }, held: { 6 })
        let relay = RelayMeters(registry)
        RelayMeters.declareReadings(
            in: registry, subscriptions: { 6 }, fanOutQueue: { 7 }, waitingReads: { 8 },
            outboundBytes: { 9 }, refusedConnections: { 10 })
        relay.clientMessages["EVENT"].increment()
        relay.queryLatency.observe(0.01)
        let sync = SyncMeters(registry, maxRelays: 10)
        sync.relayConnected["wss://a.test"].set(1)
        sync.relayStatus["wss://a.test"].set(RelayStatusCode.connected.rawValue)
        sync.connectionAttempts["wss://a.test", "success"].increment()
        sync.events["live"].increment()
        sync.lag["wss://a.test"].set(0.5)
        for family in [
            sync.relayHealth, sync.subscriptions, sync.filters, sync.cursorAge, sync.lastAudit, sync.missing,
        ] { family["wss://a.test"].set(1) }
        let work = SyncWorkMeters(registry)
        for family in [
            work.batchFailures, work.retries, work.notStored, work.refused, work.dialFailures,
            work.dialRefusals, work.relaysRefused, work.overLimit, work.authentications, work.audits,
            work.negentropy.bytes, work.negentropy.pagedInstead,
        ] { family["word"].increment() }
        let streams = StreamMeters(registry, maxStreams: 2)
        streams.relays["mirror", "live"].set(1)
        for family in [streams.received, streams.sent, streams.backfills, streams.bytes] {
            family["mirror", "word"].increment()
        }
        let bridge = BridgeMeters(registry)
        bridge.fetched.increment()
        bridge.mirrored["1"].increment()
        bridge.rehearsed["mirror"].increment()
        bridge.requests["tweets", "answered"].increment()
        bridge.spent["ownPosts"].increment(by: 5_000)
        bridge.spentToday.set(5_000)
        bridge.spendCap.set(1_000_000)
        bridge.stream.set(1)
        bridge.deliveries["accepted"].increment()
        bridge.media["stored"].increment()
        for counter in [bridge.leftOut, bridge.takenBack, bridge.faults] { counter.increment() }
        let links = BridgeLinkMeters(registry)
        links.writer.actions["tweet"].increment()
        links.writer.backoff.set(1)
        links.inboxConnected.set(1)
        for family in [links.inbox, links.webhooks] { family["word"].increment() }
        links.decisions.increment()
        let retention = RetentionMeters(registry)
        retention.removed["word"].increment()
        retention.lastRun.set(1)
        retention.protected.set(1)
        let served = NegentropyMeters(registry)
        served.refusals["word"].increment()
        NegentropyMeters.declareReadings(in: registry, sessions: { 1 }, heldBytes: { 40 })
        work.health["healthy"].set(1)
        work.batchLatency.observe(.seconds(2))
        work.answerLatency.observe(.milliseconds(2))
        return registry
    }

    @Test(.enabled(if: promtool != nil, "promtool comes with the Debian package prometheus"))
    func `promtool has no complaint about any metric`() throws {
        let tool = Process()
        tool.executableURL = URL(filePath: try #require(Self.promtool))
        tool.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        (tool.standardInput, tool.standardOutput, tool.standardError) = (input, output, output)
        try tool.run()
        input.fileHandleForWriting.write(Data(PrometheusText.render(Self.everything())))
        try input.fileHandleForWriting.close()
        let complaint = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        tool.waitUntilExit()
        #expect(complaint == "")
        #expect(tool.terminationStatus == 0)
    }

    @Test(arguments: [
        "rookery_sync_relay_connected{relay=\"wss://a.test\"} 1",
        "rookery_sync_relay_status{relay=\"wss://a.test\"} 3",
        "rookery_sync_connection_attempts_total{relay=\"wss://a.test\",result=\"success\"} 1",
        "rookery_sync_events_total{source=\"live\"} 1", "rookery_sync_relays_tracked 0",
        "rookery_sync_relays_connected 0", "rookery_sync_pending_batches 0",
        "rookery_sync_lag_seconds{relay=\"wss://a.test\"} 0.5",
        "rookery_sync_batch_seconds_bucket{le=\"2.5\"} 1",
        "rookery_sync_retries_total{what=\"word\"} 1",
        "rookery_sync_refused_events_total{reason=\"word\"} 1", "rookery_build_info{version=\"1.0\"} 1",
        "tweets_fetched_total 1", "writer_actions_processed_total{action=\"tweet\"} 1",
        "writer_worker_backoff_seconds 1", "rookery_relay_healthy 1", "rookery_sync_healthy 0",
        "rookery_bridge_spend_cap_microdollars 1000000", "rookery_ingest_max_queued_events 32768",
        "rookery_sync_max_relays 2000",
    ])
    func `the names that operators rely on are there`(line: String) {
        let page = String(decoding: PrometheusText.render(Self.everything()), as: UTF8.self)
        #expect(page.split(separator: "\n").contains { $0 == line })
    }

    @Test func `every metric is explained, and nothing is explained that is none`() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let document = try String(
            contentsOf: root.appending(path: "docs/explanation/metrics.md"), encoding: .utf8)
        let page = String(decoding: PrometheusText.render(Self.everything()), as: UTF8.self)
        let declared = Set(
            page.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map {
                String($0.split(separator: " ")[2])
            })
        let explained = Set(
            document.matches(of: /[a-z_]*[a-z]/).map { String($0.output) }.filter { name in
                ["rookery_", "process_", "tweets_", "writer_"].contains { name.hasPrefix($0) }
            })
        #expect(declared.subtracting(explained) == [])
        #expect(explained.subtracting(declared) == [])
    }

    @Test func `a relay that is no longer tracked leaves the page`() {
        let registry = MetricsRegistry()
        let sync = SyncMeters(registry, maxRelays: 2)
        sync.relayConnected["wss://a.test"].set(1)
        sync.connectionAttempts["wss://a.test", "failure"].increment()
        sync.forget(relay: "wss://a.test")
        #expect(!String(decoding: PrometheusText.render(registry), as: UTF8.self).contains("a.test"))
    }

    @Test func `what is not there has neither health nor a disk`() {
        let registry = MetricsRegistry()
        _ = DiskMeters(registry, directory: "/nowhere at all")
        _ = HealthMeters(registry, relay: { false }, sync: nil, bridge: nil)
        let lines = PrometheusText.render(registry).split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix("#") }
        #expect(lines == ["rookery_relay_healthy 0"])
    }

    @Test func `the disk is as large as it says, and has no more left than that`() throws {
        let registry = MetricsRegistry()
        _ = DiskMeters(registry, directory: "/")
        let page = String(decoding: PrometheusText.render(registry), as: UTF8.self)
        func value(_ name: String) throws -> Double {
            let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("\(name) ") })
            return try #require(Double(line.dropFirst(name.count + 1)))
        }
        #expect(try value("rookery_disk_size_bytes") > 0)
        #expect(try value("rookery_disk_free_bytes") <= value("rookery_disk_size_bytes"))
    }

    @Test func `the process reports memory, processor time and descriptors`() throws {
        let registry = MetricsRegistry()
        _ = ProcessMeters(registry, version: "1.0", lostLogLines: { 7 })
        let page = String(decoding: PrometheusText.render(registry), as: UTF8.self)
        for name in ["process_resident_memory_bytes", "rookery_memory_anonymous_bytes", "process_open_fds"] {
            let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("\(name) ") })
            #expect(try #require(Double(line.dropFirst(name.count + 1))) > 0)
        }
    }
}
