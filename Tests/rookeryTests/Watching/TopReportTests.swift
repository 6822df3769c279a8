// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Telemetry
import TestSupport
import Testing

@testable import rookery

/// What `rookery top` shows.
@Suite struct TopReportTests {
    private static let status = DaemonStatus(
        version: "1", process: 1, uptime: 90, listen: "127.0.0.1:7", dataDir: "d", domain: "",
        admission: "open", pubkey: "00", health: "ok",
        store: .init(events: 5, usedBytes: 4096, mapBytes: 8192, commit: 3),
        ingest: .init(queued: 0, held: 0),
        relay: .init(connections: 2, subscriptions: 3))

    @Test func `rates are what was added, a second`() {
        let registry = MetricsRegistry()
        let relay = RelayMeters(registry)
        let ingest = IngestMeters(registry)
        func look(_ uptime: Double) -> Activity {
            Activity(uptime: uptime, prometheus: PrometheusText.render(registry), slow: [])
        }
        let before = look(10)
        relay.clientMessages["REQ"].increment(by: 20)
        relay.clientMessages["COUNT"].increment(by: 2)
        relay.relayMessages["EVENT"].increment(by: 400)
        relay.sentBytes.increment(by: 4_000)
        relay.queryLatency.observe(.milliseconds(3))
        relay.queryLatency.observe(.milliseconds(5))
        relay.fanOutLatency.observe(.milliseconds(1))
        relay.fanOutDeliveries.increment(by: 8)
        relay.connectionsOpened.increment()
        relay.receivedBytes.increment(by: 2)
        ingest.events["client", "stored"].increment(by: 6)
        ingest.events["upstream", "stored"].increment(by: 2)
        ingest.events["client", "duplicate"].increment(by: 2)
        ingest.latency.observe(.milliseconds(7))
        ingest.batchLatency.observe(.milliseconds(2))
        ingest.verified.increment(by: 4)
        let report = TopReport(before, look(12), Self.status)
        #expect(report.rates.requests == 10 && report.rates.counts == 1)
        #expect(report.rates.sentEvents == 200 && report.rates.sentBytes == 2_000)
        #expect(report.rates.receivedBytes == 1 && report.rates.connections == 0.5)
        #expect(report.rates.stored == 4 && report.rates.events == 5)
        #expect(report.rates.signatures == 2 && report.rates.fanOut == 4)
        #expect(report.times.query == 4 && report.times.ingest == 7)
        #expect(report.times.commit == 2 && report.times.fanOut == 1)
        #expect(report.lines(at: 0, width: 80).allSatisfy { $0.count <= 80 })
        #expect(report.line.hasPrefix("2 clients, 10 REQ/s"))
    }

    @Test func `without anything in between there is no rate, and no time`() {
        let look = Activity(uptime: 1, metrics: [:], slow: [])
        let report = TopReport(look, look, Self.status)
        #expect(report.rates.events == 0)
        #expect(report.times.query == nil)
    }

    @Test func `of slow queries the last are kept, newest first and cut`() {
        let slow = SlowQueries(now: { Timestamp(7) })
        for number in 0..<50 {
            slow.note(.milliseconds(300 + number), work: number, events: 1, filters: [Filter(kinds: [1])])
        }
        let ids = (0..<100).map { Event.fixture(content: "\($0)").id }
        slow.note(.seconds(1), work: 1, events: 0, filters: [Filter(ids: ids), Filter()])
        let list = slow.list
        #expect(list.count == SlowQueries.countMax)
        #expect(list[0].milliseconds == 1_000)
        #expect(list[0].filters.utf8.count <= SlowQueries.filterBytesMax + 3)
        #expect(list[1].filters == #"{"kinds":[1]}"# && list[1].milliseconds == 349)
    }
}
