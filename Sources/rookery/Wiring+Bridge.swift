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
    /// What others than the relay answer for on its port.
    func routes(
        _ media: KeptMedia?, _ moderation: ModerationServer, _ reloading: Reloading
    ) async throws -> [HTTPRoute] {
        guard settings.bridge.isEnabled else { return [] }
        var routes: [HTTPRoute] = [.nostrAddresses(names.find), moderation.route]
        if let server = settings.blossomServer(media, for: uploaders) {
            reloading.hooks.add { [uploaders] settings in uploaders.adopt(settings) }
            try await server.prepare()
            routes.append(server.route)
        }
        return routes
    }

    func bridgeMetering() -> BridgeMetering {
        BridgeMetering(registry, logger: output.logger("bridge"))
    }

    /// What mirrors accounts of X; `nil` when it is off.
    func bridge(
        _ store: BridgeStore, media: KeptMedia?, key: SecretKey, dialer: Dialer, group: any EventLoopGroup,
        metering: BridgeMetering?, listening address: ListenAddress
    ) async throws -> BridgeHouse? {
        guard let metering else { return nil }
        let logger = output.logger("bridge")
        let relay = settings.relay.domain.isEmpty ? "ws://\(address)" : "wss://\(settings.relay.domain)"
        let house = try await BridgeHouse(
            settings, store: store, key: key, dialer: dialer, group: group,
            metering: metering, relay: relay,
            media: media, logger: logger)
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
