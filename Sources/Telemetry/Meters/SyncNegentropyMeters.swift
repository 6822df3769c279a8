// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What reconciling with upstreams (NIP-77) does and costs. Labels are closed sets.
public struct SyncNegentropyMeters: Sendable {
    /// Filters reconciled to their end.
    public let sessions: Counter
    /// Messages of upstreams.
    public let rounds: Counter
    /// **Bytes** of messages, by direction.
    public let bytes: Family<Counter>
    /// Ids that an upstream had and we lacked.
    public let needed: Counter
    /// Filters that were to be reconciled and are read page by page instead, by reason.
    public let pagedInstead: Family<Counter>

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        sessions = registry.counter(
            "rookery_sync_negentropy_sessions_total", "Filters reconciled with an upstream to their end.")
        rounds = registry.counter(
            "rookery_sync_negentropy_rounds_total", "Negentropy messages of upstreams.")
        bytes = registry.counters(
            "rookery_sync_negentropy_bytes_total", "Bytes of negentropy messages, by direction.",
            labels: ["direction"], limit: 4)
        needed = registry.counter(
            "rookery_sync_negentropy_needed_total", "Event ids that an upstream had and were not here.")
        pagedInstead = registry.counters(
            "rookery_sync_negentropy_fallbacks_total",
            "Filters that were to be reconciled and are read page by page instead, by reason.",
            labels: ["reason"], limit: 16)
    }
}
