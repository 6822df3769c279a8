// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOCore
import RelayServer
import RelayTransport
import Telemetry
import TweetBridge

extension Wiring {
    /// What a scraper has to know beside the figures: how far they may grow, what the disk has left, how the parts are.
    func declareBounds(_ ingest: Ingest, _ server: RelayServer, sync: SyncMetering?, bridge: BridgeMetering?)
    {
        let (readiness, limits) = (readiness, server.configuration)
        var bounds = BoundMeters.Bounds()
        bounds.connections = limits.transportLimits.maxConnections
        bounds.queuedEvents = ingest.limits.queuedEvents
        bounds.waitingReads = limits.serverLimits.waitingReads
        // Each event loop has a queue of its own.
        bounds.feedItems = limits.serverLimits.waitingFeedItems * System.coreCount
        bounds.outboundBytes = limits.transportLimits.maxQueuedBytesInTotal
        bounds.setBytes = limits.serverLimits.setBytes
        bounds.relays = sync.map { _ in settings.sync.maxRelays }
        _ = BoundMeters(registry, bounds)
        _ = DiskMeters(registry, directory: settings.dataDirectory)
        var (syncHealth, bridgeHealth): ((@Sendable () -> Bool)?, (@Sendable () -> Bool)?)
        if let sync { syncHealth = { sync.health.isHealthy } }
        if let bridge {
            bridgeHealth = { HealthReport(bridge.health, at: BridgeClock.system.now()).isHealthy }
        }
        _ = HealthMeters(
            registry, relay: { HealthReport(readiness.stage, writer: ingest.health).isHealthy },
            sync: syncHealth, bridge: bridgeHealth)
        bridge?.meters.spendCap.set(Double(settings.bridgeCap))
    }
}
