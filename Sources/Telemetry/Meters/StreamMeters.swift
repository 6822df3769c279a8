// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the streams of the configuration tell of themselves. Labels hold the operator's names and closed sets.
public struct StreamMeters: Sendable {
    /// Relays of a stream, by state.
    public let relays: Family<Gauge>
    /// Events that came, by what became of them.
    public let received: Family<Counter>
    /// Events that were sent, by the relay's answer.
    public let sent: Family<Counter>
    /// Back-fills, by how they ended.
    public let backfills: Family<Counter>
    /// **Bytes** of messages, by direction.
    public let bytes: Family<Counter>

    /// Declares them in `registry`; `maxStreams` bounds the stream label.
    public init(_ registry: MetricsRegistry, maxStreams: Int) {
        relays = registry.gauges(
            "rookery_stream_relays", "Relays of a stream, by state.", labels: ["stream", "state"],
            limit: 8 * maxStreams)
        received = registry.counters(
            "rookery_stream_events_received_total", "Events that came by a stream, by what became of them.",
            labels: ["stream", "result"], limit: 16 * maxStreams)
        sent = registry.counters(
            "rookery_stream_events_sent_total", "Events sent by a stream, by the relay's answer.",
            labels: ["stream", "result"], limit: 16 * maxStreams)
        backfills = registry.counters(
            "rookery_stream_backfills_total", "Back-fills of a stream, by how they ended.",
            labels: ["stream", "result"], limit: 4 * maxStreams)
        bytes = registry.counters(
            "rookery_stream_bytes_total", "Bytes of messages of a stream, by direction.",
            labels: ["stream", "direction"], limit: 2 * maxStreams)
    }

    /// Forgets a stream that is no more.
    public func forget(stream: String) {
        relays.forget(stream)
        for family in [received, sent, backfills, bytes] { family.forget(stream) }
    }
}
