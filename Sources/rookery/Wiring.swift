// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import Logging
import NIOCore
import NIOPosix
import NostrCore
import RelayServer
import RelaySession
import RelayTransport
import RepositoryRules
import ServiceLifecycle
import SyncEngine
import SyncPlanner
import Telemetry
import TweetBridge

/// Builds the daemon: the one file that names every shell.
struct Wiring {
    let settings: Settings
    let output: LogOutput
    let registry = MetricsRegistry()
    let readiness = Readiness()
    let slowQueries = SlowQueries()
    let names = MirrorNames()
    let uploaders = BlossomUploaders()

    /// Opens the store, binds the port and hands back what is to be run; nothing is served before it runs.
    ///
    /// - Throws: ``CommandFailure`` with one clear line when a part cannot be had.
    func daemon(_ reloading: Reloading) async throws -> Daemon {
        let logger = output.logger("rookery")
        let starter = ServiceManager(process: ProcessIdentity.own, logger: logger)
        let reload = starter.telling { () throws(ConfigError) in try reloading.reload() }
        _ = ProcessMeters(registry, version: Version.text, lostLogLines: { [output] in output.lostLines })
        let plugin = try policyPlugin()
        let own = try openStore(plugin)
        let key = try relayKey()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        do {
            let metering = settings.sync.isEnabled ? syncMetering() : nil
            let bridgeMetering = settings.bridge.isEnabled ? bridgeMetering() : nil
            let dialer = try dialer(group)
            let bridgeStore = try settings.bridgeStore(own)
            let media = try settings.keptMedia(bridgeStore, dialer: dialer, group: group)
            let moderationServer = moderationServer(bridgeStore)
            let server = relayServer(
                own, key: key, group: group, sync: metering, bridge: bridgeMetering,
                routes: try await routes(media, moderationServer, reloading))
            server.adopt(readPolicy: Self.readPolicy(settings.relay, plugin))
            let address = try await bind(server)
            own.ingest.adopt(settings.vanishPolicy(listening: address))
            let connector = SocketConnector(dialer: dialer, group: group)
            let (sightings, streamMetering) = (Sightings(), streamMetering())
            let manager = metering.map {
                syncManager(
                    own, key: key, connector: SightingConnector(inner: connector, sightings: sightings),
                    group: group, address: address, observer: $0)
            }
            let streams = streams(
                own, key: key, connector: connector, sightings, timers: group.next(), listening: address,
                streamMetering, reloading)
            moderate(own, server: server, manager: manager)
            manage(own, server: server, key: key.publicKey, reloading)
            reloading.hooks.add { [ingest = own.ingest, moderation = own.moderation] settings in
                // The door first: what is gathered for a new pattern must find it open.
                ingest.adopt(settings.admissionRules)
                moderation.adopt(configured: settings.relay.policy.sheet)
                plugin.adopt(settings.relay.plugin)
                server.adopt(readPolicy: Self.readPolicy(settings.relay, plugin))
                metering?.adopt(stuckAfter: settings.sync.stuckAfter)
                manager?.reconfigure(archive: settings.sync.archive)
            }
            let bridge = try await bridge(
                bridgeStore, media: media, key: key, dialer: dialer, group: group, metering: bridgeMetering,
                listening: address)
            begin(moderationServer, bridge, server)
            let status = statusReport(
                own, server: server, key: key, address: address, sync: metering,
                streams: streamMetering, bridge: bridgeMetering, bridgeStore: bridgeStore)
            let rates = RateKeeper(registry, uptime: SystemClocks.uptime)
            server.adopt(
                status: publicStatus(
                    own, server: server, dialer: dialer, sync: metering, streams: streamMetering,
                    bridge: bridgeMetering, rates, reloading))
            let control = ControlServer(
                directory: settings.directory, group: group,
                maxLineLength: settings.relay.limits.shown.maxMessageLength,
                logger: output.logger("control"),
                answer: ControlAnswers(
                    importer: EventImporter(ingest: own.ingest), logger: output.logger("control"),
                    status: status, activity: activity(), reload: reload,
                    explain: { await manager?.explain($0) },
                    absence: { await manager?.absence(of: $0) }, bridge: bridge.map { BridgeDesk($0) }
                ).answer)
            declareReadings(own, server: server)
            declareBounds(own.ingest, server, sync: metering, bridge: bridgeMetering)
            logger.info(
                "listening",
                metadata: [
                    LogKey.address: "\(address)", LogKey.url: "ws://\(address)",
                    LogKey.dataDirectory: "\(settings.dataDirectory)", LogKey.publicKey: "\(key.publicKey)",
                    LogKey.version: "\(Version.text)",
                    LogKey.eventCount: .number((try? own.store.statistics.events) ?? 0),
                ])
            var services: [any Service] = [server]
            if let manager { services.append(manager) }
            services.append(streams)
            if let bridge { services.append(bridge) }
            if let metering { services.append(SyncWatch(metering: metering, logger: output.logger("sync"))) }
            services += [
                control, rates,
                WriterWatch(
                    health: { [ingest = own.ingest] in ingest.health }, logger: output.logger("store")),
                retention(own, reloading), SpareMemoryWatch(), ReloadService(reload: reload, logger: logger),
                PluginService(plugin: plugin),
            ]
            if let watchdog = starter.watchdog(over: group) { services.append(watchdog) }
            services.append(
                DeadlineService(
                    readiness: readiness, group: group, logger: logger, manager: starter, address: address))
            return Daemon(
                own: own, plugin: plugin, group: group, dialer: dialer, logger: logger, services: services)
        } catch {
            await own.close()
            await plugin.shutdown()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func openStore(_ plugin: WritePolicyPlugin) throws -> OwnStore {
        let observer = IngestMetering(meters: IngestMeters(registry))
        do {
            return try OwnStore(
                settings, tables: SyncTables.all + BridgeTables.all, consultant: plugin, observer: observer)
        } catch let error as DirectoryLock.Held {
            throw CommandFailure(error.description)
        }
    }

    private func relayKey() throws -> SecretKey {
        try RelayKeyFile.load(settings.relayKeyFile)
    }

    private func relayServer(
        _ own: borrowing OwnStore, key: SecretKey, group: any EventLoopGroup, sync: SyncMetering?,
        bridge: BridgeMetering?, routes: [HTTPRoute]
    ) -> RelayServer {
        var configuration = RelayServerConfiguration()
        configuration.listen = settings.relay.listen
        configuration.metricsListen = settings.metrics.listen
        configuration.information = settings.information(key: key.publicKey, own.moderation.lists)
        configuration.showsStatus = settings.relay.shownStatus != .off
        configuration.limits = settings.relay.limits.shown
        configuration.authority = ServiceAuthority(settings.relay.domain)
        configuration.features.challengesAtOnce = settings.relay.auth == .onConnect
        configuration.features.allTags = settings.relay.hasAllTags
        configuration.features.search = settings.relay.hasSearch
        configuration.serverLimits.shutdownMilliseconds = DeadlineService.serverMilliseconds
        configuration.transportLimits.maxConnections = settings.relay.limits.maxConnections
        configuration.transportLimits.refusalsAtOnce = settings.relay.limits.refusalsAtOnce
        configuration.transportLimits.maxConnectionsPerAddress =
            settings.relay.limits.maxConnectionsPerAddress
        configuration.transportLimits.barTime = TimeAmount(settings.relay.limits.ban)
        settings.relay.wire.apply(to: &configuration)
        settings.relay.negentropy.apply(to: &configuration)
        var hooks = RelayServerHooks()
        let (registry, readiness, ingest) = (registry, readiness, own.ingest)
        hooks.metrics = { String(decoding: PrometheusText.render(registry), as: UTF8.self) }
        hooks.health = { HealthReport(readiness.stage, writer: ingest.health) }
        if let sync { hooks.syncHealth = { sync.health } }
        if let bridge {
            hooks.bridgeHealth = { HealthReport(bridge.health, at: BridgeClock.system.now()) }
        }
        hooks.routes = routes
        return RelayServer(
            configuration: configuration, store: own.store, ingest: own.ingest, group: group,
            clock: RelayClock(now: SystemClocks.now, uptime: SystemClocks.uptime), hooks: hooks,
            observer: RelayMetering(
                meters: RelayMeters(registry), negentropy: NegentropyMeters(registry), slow: slowQueries))
    }

    private func bind(_ server: RelayServer) async throws -> ListenAddress {
        do { return try await server.bind() } catch let error as CommandFailure {
            throw error
        } catch {
            let reason = (error as? IOError).map { SystemError.text($0.errnoCode) } ?? "\(error)"
            let places = [settings.relay.listen] + [settings.metrics.listen].compactMap { $0 }
            throw CommandFailure(
                "cannot listen on \(places.map(\.description).joined(separator: " or ")): \(reason)")
        }
    }

    private func syncMetering() -> SyncMetering {
        SyncMetering(
            meters: SyncMeters(registry, maxRelays: settings.sync.maxRelays),
            work: SyncWorkMeters(registry), stuckAfter: settings.sync.stuckAfter,
            uptime: SystemClocks.uptime)
    }

    private func dialer(_ group: any EventLoopGroup) throws -> Dialer {
        do { return try Dialer(group: group, options: settings.dialOptions) } catch {
            throw CommandFailure("sync.ca_file: \(settings.sync.caFile): \(error)")
        }
    }

    private func syncManager(
        _ own: borrowing OwnStore, key: SecretKey, connector: some UpstreamConnector,
        group: any EventLoopGroup, address: ListenAddress, observer: SyncMetering
    ) -> SyncManager {
        let configuration = settings.syncConfiguration(
            listening: address, curation: own.moderation.lists.curation)
        let logger = output.logger("sync")
        for relay in configuration.bootstrap where configuration.own.contains(relay) {
            logger.warning(
                "sync.bootstrap names this relay itself: it is not dialled",
                metadata: [LogKey.relay: "\(relay)", LogKey.address: "\(address)"])
        }
        return SyncManager(
            configuration: configuration, store: own.store,
            ingest: own.ingest, key: key,
            connector: connector,
            clock: .system(wall: SystemClocks.now, timers: group.next()), observer: observer,
            logger: logger)
    }

    private func declareReadings(_ own: borrowing OwnStore, server: RelayServer) {
        let (store, ingest) = (own.store, own.ingest)
        let readings = StoreReadings(uptime: SystemClocks.uptime) { try? store.statistics }
        _ = StoreMeters(
            registry, events: { readings.now.map { Double($0.events) } },
            usedBytes: { readings.now.map { Double($0.usedBytes) } },
            mapBytes: { readings.now.map { Double($0.mapBytes) } },
            sequence: { Double(store.latest.rawValue) })
        IngestMeters.declareReadings(
            in: registry, queued: { Double(ingest.queuedEvents) }, held: { Double(ingest.heldEvents) })
        RelayMeters.declareReadings(
            in: registry, subscriptions: { Double(server.statistics.subscriptions) },
            fanOutQueue: { Double(server.statistics.waitingFeedItems) },
            waitingReads: { Double(server.statistics.waitingReads) },
            outboundBytes: { Double(server.statistics.transport.queuedBytes) },
            refusedConnections: { Double(server.statistics.transport.refusedConnections) })
        NegentropyMeters.declareReadings(
            in: registry, sessions: { Double(server.statistics.reconciliations) },
            heldBytes: { Double(server.statistics.setBytes) })
    }
}
