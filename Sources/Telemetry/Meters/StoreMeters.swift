// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the store tells of itself, read at every scrape.
public struct StoreMeters: Sendable {
    /// Declares them in `registry`; each closure is called at every scrape, and `nil` leaves its metric out.
    public init(
        _ registry: MetricsRegistry,
        events: @escaping @Sendable () -> Double?,
        usedBytes: @escaping @Sendable () -> Double?,
        mapBytes: @escaping @Sendable () -> Double?,
        sequence: @escaping @Sendable () -> Double?
    ) {
        registry.gauge("rookery_store_events", "Events stored now.", read: events)
        registry.gauge("rookery_store_used_bytes", "Bytes of the memory map in use.", read: usedBytes)
        registry.gauge(
            "rookery_store_map_size_bytes", "Size of the memory map: address space, not disk.", read: mapBytes
        )
        registry.gauge(
            "rookery_store_commit_sequence", "Number of the newest commit of the feed.", read: sequence)
    }
}
