// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOPosix
import NostrCore
import RelayServer
import RelayTransport
import Telemetry
import TweetBridge

extension Wiring {
    /// What mirrors accounts of X; `nil` when it is off.
    func bridge(
        _ own: borrowing OwnStore, key: SecretKey, dialer: Dialer, group: any EventLoopGroup,
        listening address: ListenAddress
    ) async throws -> BridgeHouse? {
        guard settings.bridge.isEnabled else { return nil }
        let logger = output.logger("bridge")
        let relay = settings.relay.domain.isEmpty ? "ws://\(address)" : "wss://\(settings.relay.domain)"
        return try await BridgeHouse(
            settings, store: own.store, ingest: own.ingest, key: key, dialer: dialer, group: group,
            metering: BridgeMetering(meters: BridgeMeters(registry), logger: logger), relay: relay,
            logger: logger)
    }
}
