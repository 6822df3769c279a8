// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import Logging
import NIOCore
import NIOPosix
import NostrCore
import RepositoryRules
import ServiceLifecycle
import SyncEngine
import SyncPlanner
import TestSupport

/// A store, the one door and an engine that gathers for `ours.test` from scripted upstreams.
struct GatheringHouse: Sendable {
    static let domain = "ours.test"
    let store: EventStore
    let ingest: Ingest
    let manager: SyncManager

    /// Opens the house, runs `body`, and shuts it down in order.
    static func open(
        in directory: TemporaryDirectory, upstreams: ScriptedUpstreams, bootstrap: [RelayURL],
        limits: SyncEngineLimits = SyncEngineLimits(), observer: any SyncObserver = SilentSyncObserver(),
        _ body: (GatheringHouse) async throws -> Void
    ) async throws {
        let wall: @Sendable () -> Timestamp = { Timestamp(1_800_000_000) }
        let opened = try await openStore(in: directory)
        let store = opened.store
        guard let service = ServiceAuthority(domain) else { preconditionFailure("a fixed name") }
        let ingest = Ingest(
            writer: opened.takeWriter(), store: store,
            admission: Admission(rules: .grasp(GraspAdmission(service: service))), now: wall)
        var configuration = SyncConfiguration(bootstrap: bootstrap, service: service)
        configuration.batchWindow = .milliseconds(5)
        configuration.backoffBase = .milliseconds(10)
        configuration.own.insert(domain: domain)
        let manager = SyncManager(
            configuration: configuration, store: store, ingest: ingest, connector: upstreams,
            clock: .system(wall: wall, timers: MultiThreadedEventLoopGroup.singleton.next()),
            limits: limits, observer: observer,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: manager)],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body(GatheringHouse(store: store, ingest: ingest, manager: manager))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        await ingest.shutdown()
    }

    /// Opens the store; the house before may have let go of it on a thread that is just ending.
    static func openStore(in directory: TemporaryDirectory) async throws -> OpenedStore {
        let options = StoreOptions(
            path: directory.path, mapSize: 1 << 30, sideTables: SyncTables.all + Ingest.sideTables)
        for _ in 0..<500 {
            do {
                return try EventStore.open(options)
            } catch StoreError.locked {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return try EventStore.open(options)
    }

    func holds(_ events: [Event]) throws -> Bool {
        try events.allSatisfy { try store.contains($0.id) }
    }
}
