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
import RepositoryRules
import ServiceLifecycle
import SyncEngine
import SyncPlanner
import TestSupport

/// A store, the one door and an engine that gathers for `ours.test` over real sockets, all waits short.
struct WireHouse: Sendable {
    static let domain = "ours.test"
    static let key = TestKey.secret(77)
    let store: EventStore
    let ingest: Ingest
    let manager: SyncManager
    let facts: FactLog
    /// Our clock, as the engine sees it.
    let clock: @Sendable () -> Timestamp

    /// What may differ.
    struct Options: Sendable {
        var configuration: SyncConfiguration
        /// Whether strangers may name loopback addresses, where every scripted relay lives.
        var allowsPrivate = true
        var key: SecretKey? = WireHouse.key
        var transport = TransportLimits.upstream()
        /// How long a dial may take, all stages together.
        var connectTimeout = DialOptions().connectTimeout
        /// **Seconds** since 1970 when the house opens; from there it runs as the clock does.
        var wall: Int64 = 1_800_000_000
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    }

    /// Opens the house, runs `body`, and shuts it down in order.
    static func open(
        in directory: TemporaryDirectory, bootstrap: [ScriptedRelay],
        _ change: (inout Options) -> Void = { _ in }, _ body: (WireHouse) async throws -> Void
    ) async throws {
        guard let service = ServiceAuthority(domain) else { preconditionFailure("a fixed name") }
        var configuration = SyncConfiguration(
            bootstrap: try bootstrap.map { try $0.relayURL }, service: service)
        configuration.batchWindow = .milliseconds(5)
        configuration.backoffBase = .milliseconds(10)
        configuration.backoffMax = .milliseconds(100)
        configuration.cursorInterval = .milliseconds(20)
        configuration.disconnectCheckInterval = .milliseconds(50)
        configuration.rateLimitPause = .milliseconds(200)
        configuration.misbehavingAfter = .zero
        configuration.own.insert(domain: domain)
        var options = Options(configuration: configuration)
        change(&options)
        try await run(in: directory, options, service, body)
    }

    private static func run(
        in directory: TemporaryDirectory, _ options: Options, _ service: ServiceAuthority,
        _ body: (WireHouse) async throws -> Void
    ) async throws {
        let started = ContinuousClock.now
        let wall: @Sendable () -> Timestamp = {
            Timestamp(options.wall + (ContinuousClock.now - started).components.seconds)
        }
        let opened = try await GatheringHouse.openStore(in: directory)
        let store = opened.store
        let grasp = GraspAdmission(service: service, archive: options.configuration.archive)
        let ingest = Ingest(
            writer: opened.takeWriter(), store: store, admission: Admission(rules: .grasp(grasp)), now: wall)
        var dialling = DialOptions()
        dialling.allowPrivateAddresses = options.allowsPrivate
        dialling.limits = options.transport
        dialling.connectTimeout = options.connectTimeout
        dialling.documentTimeout = .seconds(2)
        let group = MultiThreadedEventLoopGroup.singleton
        let dialer = try Dialer(group: group, options: dialling)
        let facts = FactLog()
        let manager = SyncManager(
            configuration: options.configuration, store: store, ingest: ingest, key: options.key,
            connector: SocketConnector(dialer: dialer, group: group),
            clock: .system(wall: wall, timers: group.next()), observer: facts,
            logger: options.logger)
        let services = ServiceGroup(
            configuration: .init(
                services: [.init(service: manager)],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            do {
                try await body(
                    WireHouse(store: store, ingest: ingest, manager: manager, facts: facts, clock: wall))
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        await ingest.shutdown()
        dialer.shutdown()
    }

    /// Publishes one more issue of a repository at a relay, and waits until it is stored.
    func gathersLive(
        _ what: String = "a live event", from relay: ScriptedRelay, of repository: Event
    ) async throws {
        let live = Event.issue("live", of: repository, at: 1_799_999_999)
        relay.publish([live])
        try await gathers([live], what)
    }

    /// Waits until all of these are stored.
    func gathers(_ events: [Event], _ what: String = "everything", within limit: Duration = patience)
        async throws
    {
        var missing = events
        do {
            try await eventually(what, within: limit) {
                missing = try missing.filter { try !store.contains($0.id) }
                return missing.isEmpty
            }
        } catch let error as TimedOut {
            throw TimedOut("\(error.what): \(missing.count) missing; \(await stands)", after: limit)
        }
    }

    /// How every relay stands, for whoever reads why a test failed.
    private var stands: [String] {
        get async {
            await manager.snapshot().relays.map {
                "\($0.url): \($0.status), \($0.health), \($0.confirmed)/\($0.wanted), \($0.next), \($0.lastFailure ?? "")"
            }
        }
    }

    /// Waits until nothing is missing and nothing in flight.
    func completes(within limit: Duration = patience) async throws {
        do {
            try await eventually("the end of history", within: limit) {
                await manager.snapshot().isHistoryComplete
            }
        } catch let error as TimedOut {
            let last = facts.facts.suffix(20).map { "\($0)".prefix(160) }
            throw TimedOut("\(error.what): \(await stands); \(last)", after: limit)
        }
    }

    func holds(_ event: Event) throws -> Bool { try store.contains(event.id) }

    /// How a relay stands; `nil` when it is not followed.
    func stand(_ relay: ScriptedRelay) async throws -> PlanSnapshot.Relay? {
        let url = try relay.relayURL
        return await manager.snapshot().relays.first { $0.url == url }
    }
}

/// Remembers everything that is told.
final class FactLog: SyncObserver {
    private let box = NIOLockedValueBox<(facts: [SyncFact], refusals: [String])>(([], []))

    var facts: [SyncFact] { box.withLockedValue { $0.facts } }
    var refusals: [String] { box.withLockedValue { $0.refusals } }

    func happened(_ fact: SyncFact) { box.withLockedValue { $0.facts.append(fact) } }

    func dialEnded(_ relay: RelayURL, failure: DialFailure, refusal: String?) {
        if let refusal { box.withLockedValue { $0.refusals.append(refusal) } }
    }
}

extension Event {
    /// Issues of a repository, a second apart.
    static func issues(_ count: Int, of announcement: Event) -> [Event] {
        (0..<count).map { .issue("\($0)", of: announcement, at: 1_700_000_100 + Int64($0)) }
    }

    /// An announcement that lists us and these relays.
    static func ours(
        _ identifier: String = "ours", by author: Int = 1, on relays: [ScriptedRelay] = [],
        at time: Int64 = 1_700_000_000
    ) -> Event {
        .announcement(
            identifier, by: author, service: WireHouse.domain, relays: relays.map(\.url), at: time)
    }

    /// An issue of this repository.
    static func issue(
        _ text: String, of repository: Event, by author: Int = 3, at time: Int64 = 1_700_000_100
    )
        -> Event
    {
        .fixture(
            kind: .issue, at: time, tags: [Tag([TagValue("a"), repository.address?.text ?? ""])],
            content: text, by: author)
    }
}
