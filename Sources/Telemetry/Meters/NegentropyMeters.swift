// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What clients do with this relay's sets (NIP-77).
public struct NegentropyMeters: Sendable {
    /// Messages answered.
    public let rounds: Counter
    /// **Bytes** of clients' messages that were answered, before hexadecimal.
    public let receivedBytes: Counter
    /// **Bytes** of the answers, before hexadecimal.
    public let sentBytes: Counter
    /// Reconciliations refused or ended by the relay, by reason.
    public let refusals: Family<Counter>

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        rounds = registry.counter(
            "rookery_negentropy_rounds_total", "Messages of reconciliations that were answered.")
        receivedBytes = registry.counter(
            "rookery_negentropy_received_bytes_total",
            "Bytes of the messages of reconciliations that were answered, before hexadecimal.")
        sentBytes = registry.counter(
            "rookery_negentropy_sent_bytes_total",
            "Bytes of the answers to messages of reconciliations, before hexadecimal.")
        refusals = registry.counters(
            "rookery_negentropy_refusals_total",
            "Reconciliations refused or ended by the relay, by reason.", labels: ["reason"], limit: 16)
    }

    /// Declares what is read at every scrape.
    public static func declareReadings(
        in registry: MetricsRegistry, sessions: @escaping @Sendable () -> Double?,
        heldBytes: @escaping @Sendable () -> Double?
    ) {
        registry.gauge(
            "rookery_negentropy_sessions", "Sets that clients reconcile theirs with now.", read: sessions)
        registry.gauge(
            "rookery_negentropy_held_bytes", "Bytes of memory that these sets take.", read: heldBytes)
    }
}
