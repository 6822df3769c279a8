// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
public import Ingest
import NIOConcurrencyHelpers
public import NIOCore
import NIOHTTP1
import NostrCore
import RelaySession
import RelayTransport
public import ServiceLifecycle

/// The relay on its port: WebSocket conversations, NIP-11 and the other HTTP answers.
public final class RelayServer: Service {
    /// How it is set up, with what follows from the rest.
    public let configuration: RelayServerConfiguration
    let store: EventStore
    let services: ServerServices
    let group: any EventLoopGroup
    let hooks: RelayServerHooks
    let board: InformationBoard
    let status: StatusBoard
    /// Tells who sent a request (NIP-98). One for all, so that what was shown to one part is not shown to another.
    public let httpAuthenticator: HTTPAuthenticator
    let running = NIOLockedValueBox(Running())

    /// What is there between start and stop.
    struct Running {
        var listener: Listener?
        var metricsListener: Listener?
        var fanOut: FanOut?
        var isOpen = false
        var isStopping = false
        var management: Management?

        /// Why nobody is served.
        var closure: String? {
            if isStopping { return "stopping" }
            return isOpen ? nil : "starting"
        }
    }

    /// - Parameters:
    ///   - group: the event loops that serve connections.
    public convenience init(
        configuration: RelayServerConfiguration, store: EventStore, ingest: Ingest,
        group: any EventLoopGroup, clock: RelayClock, hooks: RelayServerHooks = RelayServerHooks(),
        observer: any RelayServerObserver = SilentRelayServerObserver()
    ) {
        self.init(
            configuration: configuration, store: store, door: EventDoor(ingest), group: group, clock: clock,
            hooks: hooks, observer: observer)
    }

    /// For tests, which put their own door in.
    init(
        configuration: RelayServerConfiguration, store: EventStore, door: EventDoor,
        group: any EventLoopGroup,
        clock: RelayClock, hooks: RelayServerHooks, observer: any RelayServerObserver
    ) {
        var configuration = configuration
        configuration.transportLimits.fit(configuration.limits.maxMessageLength)
        self.configuration = configuration
        self.store = store
        self.group = group
        self.hooks = hooks
        let reader = StoreReader(
            store: store, limits: configuration.serverLimits, relayLimits: configuration.limits, clock: clock)
        board = InformationBoard(
            InformationDocument(
                information: configuration.information, limits: configuration.limits,
                features: configuration.features))
        status = StatusBoard(limits: configuration.serverLimits.status, uptime: clock.uptime)
        services = ServerServices(
            door: door, reader: reader, configuration: configuration, clock: clock, observer: observer)
        httpAuthenticator = HTTPAuthenticator(
            services.authenticator, replays: configuration.serverLimits.management.shownProofs, clock: clock)
    }

    /// Binds the ports and serves.
    ///
    /// - Returns: the main port's address, its port as bound.
    /// - Throws: when a port cannot be had.
    @discardableResult
    public func start() async throws -> ListenAddress {
        let address = try await bind()
        open()
        return address
    }

    /// Serves from now on.
    public func open() { running.withLockedValue { $0.isOpen = true } }

    /// Binds the ports; until ``open()`` everybody is answered 503, so that nobody is served before all rules are in force.
    ///
    /// - Returns: the main port's address, its port as bound.
    /// - Throws: when a port cannot be had.
    public func bind() async throws -> ListenAddress {
        let fanOut = try await FanOut(group: group, feed: store.feed, services: services)
        running.withLockedValue { $0.fanOut = fanOut }
        adopt { [self] in ownStatus }
        if let address = configuration.metricsListen {
            let routes = routes(hasMetrics: true, hasRelay: false)
            let listener = try await bind(address, routes) { _, _ in .refuse(Self.refusal(.notFound)) }
            running.withLockedValue { $0.metricsListener = listener }
        }
        let routes = routes(hasMetrics: configuration.metricsListen == nil, hasRelay: true)
        let listener = try await bind(configuration.listen, routes) { [self] request, client in
            decide(request, client, fanOut)
        }
        running.withLockedValue { $0.listener = listener }
        let address = ListenAddress(host: configuration.listen.host, port: listener.localPort)
        services.authenticator.listens(at: address, as: configuration.authority)
        return address
    }

    /// Serves until a graceful shutdown is asked for (binds first unless ``bind()`` was called), then stops within
    /// ``RelayServerLimits/shutdownMilliseconds``.
    public func run() async throws {
        if running.withLockedValue({ $0.listener == nil }) { _ = try await bind() }
        open()
        do { try await gracefulShutdown() } catch is CancellationError {
            // A cancelled service stops just as one that was asked to.
        }
        await stop()
    }

    /// The port of the metrics listener, when there is one.
    public var metricsPort: Int? { running.withLockedValue { $0.metricsListener?.localPort } }

    public var statistics: RelayServerStatistics {
        let (listener, fanOut) = running.withLockedValue { ($0.listener, $0.fanOut) }
        var statistics = RelayServerStatistics()
        if let listener { statistics.transport = listener.statistics }
        statistics.subscriptions = services.subscriptions
        statistics.waitingReads = services.readers.depth
        statistics.waitingFeedItems = fanOut?.depth ?? 0
        statistics.reconciliations = services.heldSets.count
        statistics.setBytes = services.heldSets.bytes
        return statistics
    }

    private func bind(
        _ address: ListenAddress, _ routes: HTTPRoutes,
        _ decide: @escaping @Sendable (HTTPRequest, SocketAddress?) -> UpgradeDecision
    ) async throws -> Listener {
        try await Listener.bind(
            host: address.host, port: address.port, group: group, limits: configuration.transportLimits,
            commonHeaders: HTTPRoutes.anyOrigin, bodies: { routes.body(of: $0) },
            http: { routes.respond(to: $0) }, webSocket: decide)
    }

    private func decide(
        _ request: HTTPRequest, _ client: SocketAddress?, _ fanOut: FanOut
    ) -> UpgradeDecision {
        guard request.path == "/" else { return .refuse(Self.refusal(.notFound)) }
        if running.withLockedValue(\.closure) != nil {
            return .refuse(Self.refusal(.serviceUnavailable))
        }
        let services = services
        if let account = services.rates.account(of: client),
            let wait = services.rates.beginConnection(of: account, at: services.clock.uptime())
        {
            services.observer.rateLimited(.connections)
            return .refuse(HTTPRoutes.tooMany("connections", wait))
        }
        return .accept { SessionDriver(fanOut: fanOut, services: services) }
    }

    private func routes(hasMetrics: Bool, hasRelay: Bool) -> HTTPRoutes {
        let limits = configuration.serverLimits.status
        let isShown = hasRelay && configuration.showsStatus
        let feed = isShown ? StatusFeed(board: status, limits: limits, loop: group.next()) : nil
        return HTTPRoutes(
            board: board, management: { [running] in running.withLockedValue(\.management)?.whenOn },
            hooks: hooks,
            hasMetrics: hasMetrics, hasRelay: hasRelay,
            status: status, feed: feed,
            closure: { [running] in running.withLockedValue(\.closure) },
            haste: { [services] in services.haste(of: $0) })
    }

    private static func refusal(_ status: HTTPResponseStatus) -> HTTPResponse {
        HTTPResponse(
            status: status, contentType: "text/plain; charset=utf-8", text: "\(status.reasonPhrase)\n")
    }
}
