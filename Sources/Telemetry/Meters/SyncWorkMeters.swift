// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What gathering does, over all relays: how long things take and how they end. Labels are closed sets.
public struct SyncWorkMeters: Sendable {
    /// From a batch's first subscription to its confirmation.
    public let batchLatency: Histogram
    /// From a REQ to its EOSE.
    public let answerLatency: Histogram
    /// Batches confirmed.
    public let batches: Counter
    /// Batches that failed and are tried again, by reason.
    public let batchFailures: Family<Counter>
    /// What failed or was broken off and is asked again: batches, and pages.
    public let retries: Family<Counter>
    /// Pages of history read.
    public let pages: Counter
    /// Events received and not stored, by what became of them.
    public let notStored: Family<Counter>
    /// Events that were refused, by class.
    public let refused: Family<Counter>
    /// Dials that failed, by class.
    public let dialFailures: Family<Counter>
    /// Dials that were not allowed, by reason.
    public let dialRefusals: Family<Counter>
    /// Relays that were named and are not followed, by reason.
    public let relaysRefused: Family<Counter>
    /// What went over a limit and is not followed.
    public let overLimit: Family<Counter>
    /// How often an upstream wanted us to slow down.
    public let rateLimited: Counter
    /// Answers to challenges (NIP-42), by result.
    public let authentications: Family<Counter>
    /// Audits begun and audits completed.
    public let audits: Family<Counter>
    /// Reconciling with upstreams.
    public let negentropy: SyncNegentropyMeters
    /// Relays by health.
    public let health: Family<Gauge>

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        batchLatency = registry.histogram(
            "rookery_sync_batch_seconds", "Time from a batch's first subscription to its confirmation.",
            bounds: Self.longBounds)
        answerLatency = registry.histogram(
            "rookery_sync_eose_latency_seconds", "Time from a REQ to an upstream to its EOSE.")
        batches = registry.counter("rookery_sync_batches_confirmed_total", "Batches confirmed.")
        batchFailures = registry.counters(
            "rookery_sync_batch_failures_total", "Batches that failed and are asked again, by reason.",
            labels: ["reason"], limit: 32)
        retries = registry.counters(
            "rookery_sync_retries_total",
            "Batches with items that had failed, and pages broken off, asked again.",
            labels: ["what"], limit: 4)
        pages = registry.counter("rookery_sync_pages_total", "Pages of history read to their end.")
        notStored = registry.counters(
            "rookery_sync_not_stored_total", "Events received and not stored, by what became of them.",
            labels: ["reason"], limit: 16)
        refused = registry.counters(
            "rookery_sync_refused_events_total", "Events received and refused at the one door, by class.",
            labels: ["reason"], limit: 32)
        dialFailures = registry.counters(
            "rookery_sync_dial_failures_total", "Dials that failed, by class.", labels: ["class"], limit: 16)
        dialRefusals = registry.counters(
            "rookery_sync_dial_refusals_total", "Dials that were not allowed, by reason.",
            labels: ["reason"], limit: 32)
        relaysRefused = registry.counters(
            "rookery_sync_relays_refused_total", "Relays named and not followed, by reason.",
            labels: ["reason"], limit: 16)
        overLimit = registry.counters(
            "rookery_sync_over_limit_total", "How often something went over a limit and is not followed.",
            labels: ["what"], limit: 16)
        rateLimited = registry.counter(
            "rookery_sync_rate_limited_total", "How often an upstream wanted us to slow down.")
        authentications = registry.counters(
            "rookery_sync_authentications_total", "Answers to upstreams' challenges, by result.",
            labels: ["result"], limit: 4)
        audits = registry.counters(
            "rookery_sync_audits_total", "Audits, in which everything is asked for anew.",
            labels: ["state"], limit: 4)
        negentropy = SyncNegentropyMeters(registry)
        health = registry.gauges(
            "rookery_sync_relays", "Relays followed, by health.", labels: ["health"], limit: 8)
    }

    /// Batches wait for whole histories: from 10 ms to an hour, in **seconds**.
    private static let longBounds = [
        0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600,
    ]
}
