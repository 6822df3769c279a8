// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What `rookery top` shows: how the daemon stands, and how fast things went since the look before.
struct TopReport: Codable, Hashable {
    /// So many a second.
    struct Rates: Codable, Hashable {
        var connections: Double
        var events: Double
        var stored: Double
        var requests: Double
        var counts: Double
        var sentEvents: Double
        var fanOut: Double
        var receivedBytes: Double
        var sentBytes: Double
        var signatures: Double
        var commits: Double
        var gathered: Double
        /// Processors in use.
        var processors: Double
    }

    /// **Milliseconds** on average since the look before; absent where nothing happened.
    struct Times: Codable, Hashable {
        var query: Double?
        var ingest: Double?
        var commit: Double?
        var fanOut: Double?
    }

    /// **Seconds** between the two looks.
    var seconds: Double
    var rates: Rates
    var times: Times
    /// **Bytes** of memory that belongs to no file.
    var memory: Int
    var waitingReads: Int
    var outboundBytes: Int
    var slow: [SlowQueries.Query]
    var status: DaemonStatus

    init(_ before: Activity, _ after: Activity, _ status: DaemonStatus) {
        let seconds = max(0.001, after.uptime - before.uptime)
        func rate(_ name: String, _ label: String? = nil) -> Double {
            let rate = max(0, after.value(name, label) - before.value(name, label)) / seconds
            return (rate * 100).rounded() / 100
        }
        func average(_ name: String) -> Double? {
            let count = after.value(name + "_count") - before.value(name + "_count")
            guard count > 0 else { return nil }
            let mean = (after.value(name + "_sum") - before.value(name + "_sum")) / count
            return (mean * 1e5).rounded() / 100
        }
        self.seconds = seconds
        rates = Rates(
            connections: rate("rookery_relay_connections_opened_total"),
            events: rate("rookery_ingest_events_total"),
            stored: rate("rookery_ingest_events_total", #"verdict="stored""#),
            requests: rate("rookery_relay_client_messages_total", #"verb="REQ""#),
            counts: rate("rookery_relay_client_messages_total", #"verb="COUNT""#),
            sentEvents: rate("rookery_relay_messages_total", #"verb="EVENT""#),
            fanOut: rate("rookery_fanout_deliveries_total"),
            receivedBytes: rate("rookery_relay_received_bytes_total"),
            sentBytes: rate("rookery_relay_sent_bytes_total"),
            signatures: rate("rookery_ingest_signatures_verified_total"),
            commits: rate("rookery_store_commit_sequence"), gathered: rate("rookery_sync_events_total"),
            processors: rate("process_cpu_seconds_total"))
        times = Times(
            query: average("rookery_query_latency_seconds"),
            ingest: average("rookery_ingest_latency_seconds"),
            commit: average("rookery_ingest_batch_seconds"),
            fanOut: average("rookery_fanout_latency_seconds"))
        memory = Int(after.value("rookery_memory_anonymous_bytes"))
        waitingReads = Int(after.value("rookery_query_waiting"))
        outboundBytes = Int(after.value("rookery_relay_outbound_queue_bytes"))
        slow = after.slow
        self.status = status
    }
}
