// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NIOCore
import NostrCore
import RelayTransport
import ServiceLifecycle
import Telemetry
import TweetBridge
import TweetCore

/// A bridge with everything that it needs of the outside: X, the store, further relays.
struct BridgeHouse: Service {
    let store: BridgeStore
    let bridge: Bridge
    let client: XClient
    let links: BridgeLinks
    private let transport: XTransport
    private let outbox: OutboxRunner
    private let metering: BridgeMetering
    private let logger: Logger
    private let watch: TokenWatch

    /// - Parameter relay: where readers find this relay.
    /// - Throws: one clear line.
    init(
        _ settings: Settings, store: BridgeStore, key: SecretKey, dialer: Dialer,
        group: any EventLoopGroup, metering: BridgeMetering, relay: String, media: KeptMedia?, logger: Logger
    ) async throws {
        let secrets = try BridgeSecrets(settings.bridge)
        let clock = BridgeClock.system
        let transport: XTransport
        do throws(XFailure) {
            var asking = try XClientSettings(baseURL: settings.bridge.apiBaseURL)
            asking.mayWrite = settings.bridge.links.isOutbound
            transport = XTransport(asking)
        } catch { throw CommandFailure("bridge.api_base_url: \(error.label)") }
        self.store = store
        self.transport = transport
        self.metering = metering
        self.logger = logger
        do {
            let rows = SpendRows(store: store)
            let (ledger, changes) = SpendLedger.restored(
                try rows.load(), policy: SpendPolicy(cap: settings.bridgeCap), at: clock.now())
            try await rows.keep(changes)
            metering.spent(0, today: ledger.spent, for: .ownPosts)
            var chance = SystemRandomNumberGenerator()
            while try await store.sweepLeases(all: true, using: &chance) > 0 {}
            let token = AppToken(secrets.bearerToken)
            let tokens = secrets.oauth.map {
                UserTokens(
                    name: BridgeLinks.user, owner: { store.consentingUser }, client: $0.client,
                    keeper: BridgeTokens(store), transport: transport, clock: clock)
            }
            client = XClient(
                transport, sources: [token] + [tokens].compactMap(\.self), ledger: ledger,
                keeper: rows, clock: clock, observer: metering)
            links = try BridgeLinks(
                settings.bridge.links, store: store, relay: key.publicKey, client: client, tokens: tokens,
                webhookSecret: secrets.webhookSecret, metering: metering, logger: logger)
            let configuration = settings.bridgeConfiguration(relay: relay)
            try await store.seedSearches(configuration.planner.terms, at: clock.now())
            let leases =
                settings.bridge.leaseDirectory.isEmpty
                ? nil : try AccountLeases(directory: settings.bridge.leaseDirectory)
            bridge = try Bridge(
                configuration, source: client,
                stream: settings.bridge.usesStream ? ActivityStream(client) : nil, store: store,
                keys: KeyRing(settings.bridge.keyScheme, seed: secrets.seed), clock: clock,
                observer: metering,
                media: media, leases: leases)
            watch = TokenWatch(
                path: settings.bridge.bearerToken.isEmpty ? settings.bridge.bearerTokenFile : "",
                token: token,
                client: client, bridge: bridge, metering: metering, logger: logger)
        } catch {
            await transport.close()
            throw CommandFailure("bridge: \(error)")
        }
        outbox = OutboxRunner(
            store: store, dialer: dialer, group: group, key: key,
            clock: PostingClock(
                uptime: SystemClocks.uptime, wall: clock.now, sleep: { try await Task.sleep(for: $0) }),
            observer: metering)
    }

    func run() async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { try? await bridge.run() }
            tasks.addTask { await cancelWhenGracefulShutdown { await outbox.run() } }
            tasks.addTask {
                await cancelWhenGracefulShutdown {
                    await BridgeChronicle(metering: metering, logger: logger).run()
                }
            }
            tasks.addTask { await cancelWhenGracefulShutdown { await watch.run() } }
            tasks.addTask { await cancelWhenGracefulShutdown { await links.run() } }
        }
        await transport.close()
    }

    /// Reads and mirrors what there is, once.
    func once() async {
        await bridge.once()
        await transport.close()
    }

    /// Nothing more is asked.
    func close() async { await transport.close() }
}
