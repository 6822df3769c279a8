// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What gathering from upstream relays tells of itself. Labels hold normalised URLs of tracked relays only.
public struct SyncMeters: Sendable {
    /// 1 while a relay's socket is open, else 0.
    public let relayConnected: Family<Gauge>
    /// A relay's status: see ``RelayStatusCode``.
    public let relayStatus: Family<Gauge>
    /// Attempts to connect, by relay and result.
    public let connectionAttempts: Family<Counter>
    /// Newly stored events, by what asked for them.
    public let events: Family<Counter>
    /// Relays known to be wanted.
    public let relaysTracked: Gauge
    /// Relays whose socket is open.
    public let relaysConnected: Gauge
    /// Batches asked for and not confirmed.
    public let pendingBatches: Gauge
    /// How far behind its upstream a relay's newest covered moment is.
    public let lag: Family<Gauge>
    /// A relay's health: see ``RelayHealthCode``.
    public let relayHealth: Family<Gauge>
    /// Live subscriptions open, and the filters in them.
    public let subscriptions: Family<Gauge>
    public let filters: Family<Gauge>
    /// Age of the cursor that a restart would resume from.
    public let cursorAge: Family<Gauge>
    /// When everything was last read to its end.
    public let lastAudit: Family<Gauge>
    /// Items wanted and not complete.
    public let missing: Family<Gauge>
    /// Repositories followed.
    public let repositoriesFollowed: Gauge
    /// Bytes of text messages received from upstream.
    public let receivedBytes: Counter
    /// Messages from upstream that could not be read.
    public let unreadableMessages: Counter

    /// Declares them in `registry`; `maxRelays` bounds the relay label.
    public init(_ registry: MetricsRegistry, maxRelays: Int) {
        relayConnected = registry.gauges(
            "rookery_sync_relay_connected", "1 while the relay's socket is open, else 0.",
            labels: ["relay"], limit: maxRelays)
        relayStatus = registry.gauges(
            "rookery_sync_relay_status",
            "0 disconnected, 1 connecting, 2 syncing, 3 connected, 4 connected with history gaps.",
            labels: ["relay"], limit: maxRelays)
        connectionAttempts = registry.counters(
            "rookery_sync_connection_attempts_total", "Attempts to connect, by relay and result.",
            labels: ["relay", "result"], limit: 2 * maxRelays)
        events = registry.counters(
            "rookery_sync_events_total", "Events newly stored, by what asked for them.",
            labels: ["source"], limit: 8)
        relaysTracked = registry.gauge("rookery_sync_relays_tracked", "Relays that something is wanted from.")
        relaysConnected = registry.gauge("rookery_sync_relays_connected", "Relays whose socket is open.")
        pendingBatches = registry.gauge(
            "rookery_sync_pending_batches", "Batches asked for and not yet confirmed.")
        lag = registry.gauges(
            "rookery_sync_lag_seconds", "Age of the moment up to which everything wanted is held.",
            labels: ["relay"], limit: maxRelays)
        relayHealth = registry.gauges(
            "rookery_sync_relay_health",
            "1 healthy, 2 degraded, 3 rate-limited, 4 dead, 5 misbehaving, 6 refused by us.",
            labels: ["relay"], limit: maxRelays)
        subscriptions = registry.gauges(
            "rookery_sync_subscriptions", "Live subscriptions open on the relay.", labels: ["relay"],
            limit: maxRelays)
        filters = registry.gauges(
            "rookery_sync_filters", "Filters in the live subscriptions on the relay.", labels: ["relay"],
            limit: maxRelays)
        cursorAge = registry.gauges(
            "rookery_sync_cursor_age_seconds", "Age of the moment that a restart would resume from.",
            labels: ["relay"], limit: maxRelays)
        lastAudit = registry.gauges(
            "rookery_sync_last_audit_timestamp_seconds",
            "When everything wanted was last read to its end, in seconds since 1970.", labels: ["relay"],
            limit: maxRelays)
        missing = registry.gauges(
            "rookery_sync_missing_items", "Items wanted of the relay that are not complete.",
            labels: ["relay"], limit: maxRelays)
        repositoriesFollowed = registry.gauge(
            "rookery_sync_repositories_followed", "Repositories whose events are gathered.")
        receivedBytes = registry.counter(
            "rookery_sync_received_bytes_total", "Bytes of text messages received from upstream relays.")
        unreadableMessages = registry.counter(
            "rookery_sync_unreadable_messages_total", "Messages from upstream relays that could not be read.")
    }

    /// Forgets a relay that is no longer tracked.
    public func forget(relay: String) {
        connectionAttempts.forget(relay)
        for family in [
            relayConnected, relayStatus, lag, relayHealth, subscriptions, filters, cursorAge, lastAudit,
            missing,
        ] { family.forget(relay) }
    }
}

/// The numbers `rookery_sync_relay_status` shows.
public enum RelayStatusCode: Int, Sendable {
    /// No socket.
    case disconnected = 0
    /// A socket is being opened.
    case connecting = 1
    /// History is being fetched.
    case syncing = 2
    /// History is complete, live subscriptions are open.
    case connected = 3
    /// Live subscriptions are open, some history could not be fetched.
    case connectedWithHistoryGaps = 4
}

/// The numbers `rookery_sync_relay_health` shows.
public enum RelayHealthCode: Int, Sendable {
    case healthy = 1
    /// It failed lately.
    case degraded = 2
    /// It asked us to slow down.
    case rateLimited = 3
    /// It has failed for long and is tried rarely.
    case dead = 4
    /// It is not what its name says, or sends what no honest relay sends.
    case misbehaving = 5
    /// Its address is one that we never dial.
    case refused = 6
}
