// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the older stack's writer told of itself, under the same names.
public struct WriterMeters: Sendable {
    /// Actions that ended, by action: `tweet`, `delete`, `dm`.
    public let actions: Family<Counter>
    /// **Seconds** that the worker waits before its next try.
    public let backoff: Gauge

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        actions = registry.counters(
            "writer_actions_processed_total", "Outbound actions that ended, well or for good.",
            labels: ["action"],
            limit: 4)
        backoff = registry.gauge(
            "writer_worker_backoff_seconds", "How long the outbound worker waits before its next try.")
    }
}
