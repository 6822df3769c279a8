// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NIOCore
import NIOPosix
import RelayTransport
import ServiceLifecycle
import Telemetry
import TweetBridge
import UnixSignals

/// A bridge in a process of its own, where no daemon has the store.
struct BridgeAlone {
    private let settings: Settings
    private let output: LogOutput

    init(_ options: ConfigOptions) throws {
        settings = try options.settings()
        output = LogOutput(level: settings.logLevel, format: settings.logFormat)
    }

    /// Runs until SIGINT or SIGTERM.
    func run() async throws {
        let logger = output.logger("bridge")
        try await withHouse(waits: true) { house in
            var configuration = ServiceGroupConfiguration(
                services: [.init(service: house)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger)
            configuration.maximumGracefulShutdownDuration = .seconds(4)
            try await ServiceGroup(configuration: configuration).run()
        }
    }

    func once() async throws {
        if try BridgeErrand(settings: settings).send(BridgeOrder(verb: .poll)) { return }
        try await withHouse(waits: false) { house in await house.once() }
    }

    /// Has the daemon do it, or does it here.
    func perform(_ order: BridgeOrder) async throws {
        if try BridgeErrand(settings: settings).send(order) { return }
        try await withHouse(waits: false) { house in
            let lines: [String]
            do { lines = try await BridgeDesk(house, isAlone: true).perform(order) } catch let error
                as PartlyDone
            {
                BridgeErrand.tell(error.lines, of: order)
                await house.close()
                throw CommandFailure(error.problem)
            } catch {
                await house.close()
                throw CommandFailure("\(error)")
            }
            BridgeErrand.tell(lines, of: order)
            await house.close()
        }
    }

    /// Has the store alone, without anything that is asked of X.
    func withStore(_ body: (BridgeStore) async throws -> Void) async throws {
        let own = try await store(waits: false)
        do {
            try await body(settings.bridgeStore(own))
        } catch {
            await own.close()
            throw error
        }
        await own.close()
    }

    private func withHouse(waits: Bool, _ body: (BridgeHouse) async throws -> Void) async throws {
        let own = try await store(waits: waits)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let key = try RelayKeyFile.load(settings.relayKeyFile)
            let dialer = try Dialer(group: group, options: settings.dialOptions)
            let registry = MetricsRegistry()
            let logger = output.logger("bridge")
            let relay = settings.relay.domain.isEmpty ? "" : "wss://\(settings.relay.domain)"
            let store = try settings.bridgeStore(own)
            let media = try settings.keptMedia(store, dialer: dialer, group: group)
            let house = try await BridgeHouse(
                settings, store: store, key: key, dialer: dialer, group: group,
                metering: BridgeMetering(registry, logger: logger), relay: relay,
                media: media, logger: logger)
            try await body(house)
            dialer.shutdown()
        } catch {
            await own.close()
            try? await group.shutdownGracefully()
            throw error
        }
        await own.close()
        try? await group.shutdownGracefully()
    }

    private func store(waits: Bool) async throws -> OwnStore {
        var hasSaid = false
        while true {
            do { return try OwnStore(settings, tables: BridgeTables.all) } catch let error
                as DirectoryLock.Held
            {
                guard waits else { throw CommandFailure("\(error): wait for it, or end it") }
                if !hasSaid {
                    output.logger("bridge").notice("waiting", metadata: [LogKey.reason: "\(error)"])
                }
                hasSaid = true
                // Nobody tells when a lock is free.
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}
