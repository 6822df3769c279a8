// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What queues and the like may grow to, beside the gauges that tell how full they are.
public struct BoundMeters: Sendable {
    /// The bounds of one process; they do not change while it runs.
    public struct Bounds: Hashable, Sendable {
        /// Clients' connections.
        public var connections = 0
        /// Events between submission and verdict.
        public var queuedEvents = 0
        /// Readings that wait for a thread.
        public var waitingReads = 0
        /// Items of the commit feed that wait, over all event loops.
        public var feedItems = 0
        /// **Bytes** in all outbound queues.
        public var outboundBytes = 0
        /// **Bytes** of sets that clients reconcile theirs with.
        public var setBytes = 0
        /// Upstream relays followed; `nil` when nothing is gathered.
        public var relays: Int?

        public init() {}
    }

    /// Declares them in `registry`.
    public init(_ registry: MetricsRegistry, _ bounds: Bounds) {
        func declare(_ name: String, _ help: String, _ value: Int) {
            registry.gauge(name, help).set(Double(value))
        }
        declare(
            "rookery_relay_max_connections", "What rookery_relay_connections may come to.", bounds.connections
        )
        declare(
            "rookery_ingest_max_queued_events", "What rookery_ingest_queued_events may come to.",
            bounds.queuedEvents)
        declare("rookery_query_max_waiting", "What rookery_query_waiting may come to.", bounds.waitingReads)
        declare(
            "rookery_fanout_max_queue_items", "What rookery_fanout_queue_items may come to.", bounds.feedItems
        )
        declare(
            "rookery_relay_max_outbound_queue_bytes", "What rookery_relay_outbound_queue_bytes may come to.",
            bounds.outboundBytes)
        declare(
            "rookery_negentropy_max_held_bytes", "What rookery_negentropy_held_bytes may come to.",
            bounds.setBytes)
        if let relays = bounds.relays {
            declare("rookery_sync_max_relays", "What rookery_sync_relays_tracked may come to.", relays)
        }
    }
}
