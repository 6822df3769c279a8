// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the one door tells of itself.
public struct IngestMeters: Sendable {
    /// Verdicts by where the event came from and how it ended.
    public let events: Family<Counter>
    /// From `submit` to the verdict.
    public let latency: Histogram
    /// One transaction of the writer, fsync included.
    public let batchLatency: Histogram
    /// Events of one transaction.
    public let batchSize: Histogram
    /// Transactions that failed.
    public let failedBatches: Counter
    /// Events whose signature was checked.
    public let verified: Counter

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        events = registry.counters(
            "rookery_ingest_events_total", "Events judged at the one door, by source and verdict.",
            labels: ["source", "verdict"], limit: 64)
        latency = registry.histogram(
            "rookery_ingest_latency_seconds", "Time from submission to verdict, of a whole submission.")
        batchLatency = registry.histogram(
            "rookery_ingest_batch_seconds",
            "Time of one write transaction, from its first event to its fsync.")
        batchSize = registry.histogram(
            "rookery_ingest_batch_events", "Events written in one transaction.", bounds: Buckets.sizes)
        failedBatches = registry.counter(
            "rookery_ingest_failed_batches_total", "Write transactions that failed.")
        verified = registry.counter(
            "rookery_ingest_signatures_verified_total", "Signatures checked; known events cost none.")
    }

    /// Declares what is read at every scrape.
    public static func declareReadings(
        in registry: MetricsRegistry, queued: @escaping @Sendable () -> Double?,
        held: @escaping @Sendable () -> Double?
    ) {
        registry.gauge(
            "rookery_ingest_queued_events", "Events between submission and verdict.", read: queued)
        registry.gauge(
            "rookery_ingest_held_events", "Refused events that wait for something they refer to.", read: held)
    }
}
