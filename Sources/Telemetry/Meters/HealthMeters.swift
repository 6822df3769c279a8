// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What `/healthz` and the pages below it say, for those who only scrape.
public struct HealthMeters: Sendable {
    /// Declares them in `registry`.
    ///
    /// - Parameters:
    ///   - relay: whether `/healthz` answers 200.
    ///   - sync: the same of `/healthz/sync`; `nil` when nothing is gathered.
    ///   - bridge: the same of `/healthz/bridge`; `nil` when there is no bridge.
    public init(
        _ registry: MetricsRegistry, relay: @escaping @Sendable () -> Bool,
        sync: (@Sendable () -> Bool)?, bridge: (@Sendable () -> Bool)?
    ) {
        registry.gauge("rookery_relay_healthy", "1 while /healthz answers 200, else 0.") {
            relay() ? 1 : 0
        }
        if let sync {
            registry.gauge(
                "rookery_sync_healthy", "1 while /healthz/sync answers 200, 0 while gathering is stuck."
            ) { sync() ? 1 : 0 }
        }
        if let bridge {
            registry.gauge(
                "rookery_bridge_healthy", "1 while /healthz/bridge answers 200, 0 while the bridge is stuck."
            ) { bridge() ? 1 : 0 }
        }
    }
}
