// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the bridge tells of itself. Labels are from closed sets.
public struct BridgeMeters: Sendable {
    /// The name that older scrapers gave it.
    public let fetched: Counter
    public let mirrored: Family<Counter>
    public let leftOut: Counter
    public let takenBack: Counter
    /// What a dry run left undone, by act.
    public let rehearsed: Family<Counter>
    /// Requests to X, by route and result.
    public let requests: Family<Counter>
    /// **Micro-dollars** by purpose.
    public let spent: Family<Counter>
    public let spentToday: Gauge
    /// What may be spent in a day.
    public let spendCap: Gauge
    public let stream: Gauge
    /// Deliveries to further relays, by outcome.
    public let deliveries: Family<Counter>
    /// Files of media, by what became of them.
    public let media: Family<Counter>
    /// Things of our own that failed and are tried again.
    public let faults: Counter

    public init(_ registry: MetricsRegistry) {
        fetched = registry.counter("tweets_fetched_total", "Posts read from X, referenced ones not counted.")
        mirrored = registry.counters(
            "rookery_bridge_events_total", "Events made of posts, by kind.", labels: ["kind"], limit: 16)
        leftOut = registry.counter("rookery_bridge_left_out_total", "Posts that became no event.")
        takenBack = registry.counter(
            "rookery_bridge_taken_back_total", "Posts whose events were taken back (NIP-09).")
        rehearsed = registry.counters(
            "rookery_bridge_rehearsed_total", "Things that a dry run left undone, by what they are.",
            labels: ["act"], limit: 4)
        requests = registry.counters(
            "rookery_bridge_requests_total", "Requests to X, by route and result.",
            labels: ["route", "result"], limit: 400)
        spent = registry.counters(
            "rookery_bridge_spent_microdollars_total", "Money spent at X, by purpose.", labels: ["purpose"],
            limit: 16)
        spentToday = registry.gauge(
            "rookery_bridge_spent_today_microdollars", "Money spent at X on this day (UTC).")
        spendCap = registry.gauge(
            "rookery_bridge_spend_cap_microdollars", "What may be spent at X in a day (UTC).")
        stream = registry.gauge(
            "rookery_bridge_stream_connected", "Whether X's activity stream is connected.")
        media = registry.counters(
            "rookery_bridge_media_total",
            "Files of media: stored, postponed to another attempt, given up, removed again.",
            labels: ["outcome"], limit: 8)
        deliveries = registry.counters(
            "rookery_bridge_deliveries_total", "Events sent to further relays, by outcome.",
            labels: ["result"],
            limit: 16)
        faults = registry.counter(
            "rookery_bridge_faults_total", "Things that could not be done and are tried again.")
    }
}
