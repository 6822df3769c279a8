// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the relay that clients see tells of itself.
public struct RelayMeters: Sendable {
    /// WebSocket conversations open now.
    public let connections: Gauge
    /// WebSocket conversations opened since the start.
    public let connectionsOpened: Counter
    /// Conversations that this side ended, by reason.
    public let connectionsClosed: Family<Counter>
    /// Messages received, by verb.
    public let clientMessages: Family<Counter>
    /// Messages sent, by verb.
    public let relayMessages: Family<Counter>
    /// Bytes received in text messages.
    public let receivedBytes: Counter
    /// Bytes sent in text messages.
    public let sentBytes: Counter
    /// From REQ to EOSE.
    public let queryLatency: Histogram
    /// From COUNT to its answer.
    public let countLatency: Histogram
    /// Stored events one REQ was answered with.
    public let queryEvents: Histogram
    /// From commit to the last subscriber's queue.
    public let fanOutLatency: Histogram
    /// Events delivered to live subscriptions.
    public let fanOutDeliveries: Counter
    /// Ephemeral events that found no room on their way.
    public let ephemeralLost: Counter
    /// Messages and connections refused because they came too fast, by what there was too much of.
    public let rateLimited: Family<Counter>
    /// Requests that somebody was asked about, by the answer.
    public let readsJudged: Family<Counter>
    /// Subscriptions that fell behind the feed and read on from it.
    public let fellBehind: Counter

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        connections = registry.gauge("rookery_relay_connections", "WebSocket conversations open now.")
        connectionsOpened = registry.counter(
            "rookery_relay_connections_opened_total", "WebSocket conversations opened.")
        connectionsClosed = registry.counters(
            "rookery_relay_connections_closed_total", "Conversations ended, by reason.",
            labels: ["reason"], limit: 32)
        clientMessages = registry.counters(
            "rookery_relay_client_messages_total", "Messages received from clients, by verb.",
            labels: ["verb"], limit: 16)
        relayMessages = registry.counters(
            "rookery_relay_messages_total", "Messages sent to clients, by verb.", labels: ["verb"], limit: 16)
        receivedBytes = registry.counter(
            "rookery_relay_received_bytes_total", "Bytes of text messages received from clients.")
        sentBytes = registry.counter(
            "rookery_relay_sent_bytes_total", "Bytes of text messages sent to clients.")
        queryLatency = registry.histogram("rookery_query_latency_seconds", "Time from REQ to EOSE.")
        countLatency = registry.histogram("rookery_count_latency_seconds", "Time from COUNT to its answer.")
        queryEvents = registry.histogram(
            "rookery_query_result_events", "Stored events that one REQ was answered with.",
            bounds: Buckets.sizes)
        fanOutLatency = registry.histogram(
            "rookery_fanout_latency_seconds", "Time from a commit to the last subscriber's queue.")
        fanOutDeliveries = registry.counter(
            "rookery_fanout_deliveries_total", "Events delivered to live subscriptions.")
        ephemeralLost = registry.counter(
            "rookery_fanout_ephemeral_lost_total",
            "Ephemeral events that found no room, of one subscription or, whoever wanted them, of one event loop."
        )
        rateLimited = registry.counters(
            "rookery_relay_rate_limited_total",
            "Messages and connections refused because they came too fast.",
            labels: ["what"], limit: 8)
        readsJudged = registry.counters(
            "rookery_relay_reads_judged_total", "Requests that a policy was asked about, by its answer.",
            labels: ["answer"], limit: 4)
        fellBehind = registry.counter(
            "rookery_fanout_fell_behind_total", "Subscriptions that had to read on from the commit feed.")
    }

    /// Declares what is read at every scrape.
    public static func declareReadings(
        in registry: MetricsRegistry, subscriptions: @escaping @Sendable () -> Double?,
        fanOutQueue: @escaping @Sendable () -> Double?, waitingReads: @escaping @Sendable () -> Double?,
        outboundBytes: @escaping @Sendable () -> Double?,
        refusedConnections: @escaping @Sendable () -> Double?
    ) {
        registry.gauge("rookery_relay_subscriptions", "Subscriptions open now.", read: subscriptions)
        registry.counter(
            "rookery_relay_connections_refused_total",
            "Connections refused: too many in all or from one address, or from an address that was barred.",
            read: refusedConnections)
        registry.gauge(
            "rookery_fanout_queue_items", "Items of the commit feed that wait for fan-out.", read: fanOutQueue
        )
        registry.gauge(
            "rookery_query_waiting", "Readings of the store that wait for a thread.", read: waitingReads)
        registry.gauge(
            "rookery_relay_outbound_queue_bytes",
            "Bytes that wait in the outbound queues of all connections.",
            read: outboundBytes)
    }
}
