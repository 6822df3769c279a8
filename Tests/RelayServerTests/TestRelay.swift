// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Foundation
import Ingest
import NIOCore
import NIOPosix
import NostrCore
import RelaySession
import RelayTransport
import TestSupport

@testable import RelayServer

/// A whole relay on a port of loopback, with a store and a door of its own.
final class TestRelay: Sendable {
    let store: EventStore
    let ingest: Ingest
    let server: RelayServer
    let meter: Meter
    let port: Int
    private let directory: TemporaryDirectory
    private let group: MultiThreadedEventLoopGroup

    private init(
        store: EventStore, ingest: Ingest, server: RelayServer, meter: Meter, port: Int,
        directory: TemporaryDirectory,
        group: MultiThreadedEventLoopGroup
    ) {
        self.store = store
        self.ingest = ingest
        self.server = server
        self.meter = meter
        self.port = port
        self.directory = directory
        self.group = group
    }

    /// Runs `body` with a relay and takes it down afterwards.
    static func run(
        now: @escaping @Sendable () -> Timestamp = TestRelay.wallClock,
        uptime: @escaping @Sendable () -> Uptime = TestRelay.uptime,
        hooks: RelayServerHooks = RelayServerHooks(),
        door: (EventDoor) -> EventDoor = { $0 },
        isOpen: Bool = true,
        configure: (inout RelayServerConfiguration) -> Void = { _ in },
        _ body: (TestRelay) async throws -> Void
    ) async throws {
        let relay = try await start(
            now: now, uptime: uptime, hooks: hooks, door: door, isOpen: isOpen, configure: configure)
        do {
            try await body(relay)
            await relay.stop()
        } catch {
            await relay.stop()
            throw error
        }
    }

    static func start(
        now: @escaping @Sendable () -> Timestamp = TestRelay.wallClock,
        uptime: @escaping @Sendable () -> Uptime = TestRelay.uptime,
        hooks: RelayServerHooks = RelayServerHooks(),
        door: (EventDoor) -> EventDoor = { $0 },
        isOpen: Bool = true,
        configure: (inout RelayServerConfiguration) -> Void = { _ in }
    ) async throws -> TestRelay {
        var configuration = RelayServerConfiguration()
        configuration.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.limits.createdAtUpperLimit = nil
        configure(&configuration)
        let directory = try TemporaryDirectory("relay-server")
        let opened = try EventStore.open(
            StoreOptions(path: directory.file("store"), mapSize: 1 << 32, sideTables: Ingest.sideTables))
        let store = opened.store
        let ingest = Ingest(
            writer: opened.takeWriter(), store: store,
            admission: Admission(limits: configuration.limits.publishing), now: now)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let meter = Meter()
        let server = RelayServer(
            configuration: configuration, store: store, door: door(EventDoor(ingest)), group: group,
            clock: RelayClock(now: now, uptime: uptime), hooks: hooks, observer: meter)
        let address = try await server.bind()
        if isOpen { server.open() }
        return TestRelay(
            store: store, ingest: ingest, server: server, meter: meter, port: address.port,
            directory: directory, group: group)
    }

    func stop() async {
        await server.stop()
        await ingest.shutdown()
        try? await group.shutdownGracefully()
    }

    /// Stores events without a socket, all true ones.
    func store(_ events: [Event]) async {
        for start in stride(from: 0, to: events.count, by: 1_000) {
            let part = events[start..<min(start + 1_000, events.count)].map { ParsedEvent(event: $0) }
            _ = await ingest.submit(part, from: .importer)
        }
    }

    /// Runs `body` while no event loop turns.
    func withLoopsHeld(_ body: () async throws -> Void) async throws {
        let release = DispatchSemaphore(value: 0)
        let loops = Array(group.makeIterator())
        for loop in loops { loop.execute { release.wait() } }
        defer { for _ in loops { release.signal() } }
        try await body()
    }

    static let wallClock: @Sendable () -> Timestamp = { Timestamp(Int64(Date().timeIntervalSince1970)) }
    static let uptime: @Sendable () -> Uptime = {
        Uptime(nanoseconds: Int64(clamping: DispatchTime.now().uptimeNanoseconds))
    }
}
