// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What retention tells of itself.
public struct RetentionMeters: Sendable {
    /// Events that were dropped, by why: `age` or `size`.
    public let removed: Family<Counter>
    /// Looks through the store that came to their end.
    public let runs: Counter
    /// Looks that did not.
    public let failures: Counter
    /// Seconds since 1970 at which the last look ended.
    public let lastRun: Gauge
    /// Events that the last look left though they are as old or as many.
    public let protected: Gauge

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        removed = registry.counters(
            "rookery_retention_removed_total", "Events that retention dropped.", labels: ["reason"],
            limit: 2)
        runs = registry.counter("rookery_retention_runs_total", "Looks through the store that ended.")
        failures = registry.counter(
            "rookery_retention_failures_total", "Looks through the store that were broken off.")
        lastRun = registry.gauge(
            "rookery_retention_last_run_timestamp_seconds", "When the last look through the store ended.")
        protected = registry.gauge(
            "rookery_retention_protected_events", "Events that the last look would have dropped and must not."
        )
    }
}
