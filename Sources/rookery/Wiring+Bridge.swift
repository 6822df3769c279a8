// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
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
        let house = try await BridgeHouse(
            settings, store: own.store, ingest: own.ingest, key: key, dialer: dialer, group: group,
            metering: BridgeMetering(meters: BridgeMeters(registry), logger: logger), relay: relay,
            logger: logger)
        names.adopt(house.bridge, relay: relay)
        return house
    }
}

/// Who is behind the names of mirrors (NIP-05), as soon as there is a bridge that knows.
final class MirrorNames: Sendable {
    private let source = NIOLockedValueBox<(bridge: Bridge, relay: String)?>(nil)

    func adopt(_ bridge: Bridge, relay: String) { source.withLockedValue { $0 = (bridge, relay) } }

    @Sendable func find(_ name: String) async throws -> NamedKey? {
        guard let (bridge, relay) = source.withLockedValue({ $0 }) else { return nil }
        return try await bridge.key(ofHandle: name).map { NamedKey($0, relays: [relay]) }
    }
}
