// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the bridge tells of its ties to others than X and relays. Labels are from closed sets.
public struct BridgeLinkMeters: Sendable {
    public let writer: WriterMeters
    /// Items that came through Redis, by what became of them.
    public let inbox: Family<Counter>
    public let inboxConnected: Gauge
    /// Messages to receivers, by what became of them.
    public let webhooks: Family<Counter>
    /// Items that were decided about by events of moderators.
    public let decisions: Counter

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry) {
        writer = WriterMeters(registry)
        inbox = registry.counters(
            "rookery_bridge_inbox_items_total", "Items taken from Redis, by what became of them.",
            labels: ["result"], limit: 8)
        inboxConnected = registry.gauge(
            "rookery_bridge_inbox_connected", "Whether the Redis inbox is connected.")
        webhooks = registry.counters(
            "rookery_bridge_webhook_messages_total", "Messages to webhooks, by what became of them.",
            labels: ["result"], limit: 8)
        decisions = registry.counter(
            "rookery_bridge_nostr_decisions_total", "Items decided about by events of moderators.")
    }
}
