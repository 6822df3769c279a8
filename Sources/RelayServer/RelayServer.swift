// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
public import Logging
public import NIOCore
public import ServiceLifecycle

/// The relay on its port: WebSocket conversations, NIP-11 and the other HTTP answers.
public final class RelayServer: Service {
    /// - Parameters:
    ///   - group: the event loops that serve connections.
    public init(
        configuration: RelayServerConfiguration, store: EventStore,
        group: any EventLoopGroup, clock: RelayClock, hooks: RelayServerHooks = RelayServerHooks(),
        observer: any RelayServerObserver = SilentRelayServerObserver(), logger: Logger
    ) { fatalError("not written yet") }

    /// Binds the ports.
    ///
    /// - Returns: the main port's address, its port as bound.
    /// - Throws: when a port cannot be had.
    public func start() async throws -> ListenAddress { fatalError("not written yet") }

    /// Serves until a graceful shutdown is asked for (starts first unless ``start()`` was called), then stops within
    /// ``RelayServerLimits/shutdownMilliseconds``.
    public func run() async throws { fatalError("not written yet") }

    public var statistics: RelayServerStatistics { fatalError("not written yet") }
}
