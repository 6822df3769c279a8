// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NostrCore
import RelayTransport
import ServiceLifecycle
import SyncEngine
import Telemetry
import TestSupport

@testable import rookery

/// A store, the one door and streams over real sockets.
struct StreamHouse: Sendable {
    let store: EventStore
    let ingest: Ingest
    let service: StreamService
    let sightings: Sightings
    let connector: SocketConnector
    let metering: StreamMetering
    static let key = TestKey.secret(70)

    /// Opens the house, runs `body`, and shuts it down in order.
    static func open(
        in directory: TemporaryDirectory, _ streams: [StreamSettings],
        _ body: (StreamHouse) async throws -> Void
    ) async throws {
        var settings = Settings()
        settings.dataDirectory = directory.file("data")
        settings.store.mapSizeGiB = 0.1
        let own = try OwnStore(settings)
        let group = MultiThreadedEventLoopGroup.singleton
        let dialer = try Dialer(group: group, options: DialOptions())
        let connector = SocketConnector(dialer: dialer, group: group)
        let sightings = Sightings()
        let metering = StreamMetering(
            meters: StreamMeters(MetricsRegistry(), maxStreams: 4), logger: silent,
            uptime: SystemClocks.uptime)
        var world = StreamWorld(
            store: own.store, ingest: own.ingest, connector: connector, sightings: sightings, key: key,
            clock: .system(wall: SystemClocks.now, timers: group.next()),
            threads: NIOThreadPool(numberOfThreads: 1), observer: metering)
        world.backoffBase = .milliseconds(10)
        world.backoffMost = .milliseconds(50)
        let service = StreamService(streams, world)
        let services = ServiceGroup(
            configuration: .init(services: [.init(service: service)], logger: silent))
        let house = StreamHouse(
            store: own.store, ingest: own.ingest, service: service, sightings: sightings,
            connector: connector,
            metering: metering)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            try await body(house)
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        await own.close()
        dialer.shutdown()
    }

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func take(_ events: [Event]) async {
        _ = await ingest.submit(events.map { ParsedEvent(event: $0) }, from: .importer)
    }

    func holds(_ events: [Event]) async throws {
        let wanted = Set(events.map(\.id))
        try await eventually("\(wanted.count) events") {
            Set(try store.events(matching: [Filter()], now: SystemClocks.now()).map(\.id)) == wanted
        }
    }

    func reaches(_ states: StreamState...) async throws {
        try await eventually("\(states)") { metering.statuses.map(\.state) == states }
    }
}
