// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOCore
import NIOPosix
import RelayTransport
import ServiceLifecycle
import Telemetry
import UnixSignals

/// Everything a running relay consists of, and how it ends.
struct Daemon {
    let own: OwnStore
    let plugin: WritePolicyPlugin
    let group: MultiThreadedEventLoopGroup
    let dialer: Dialer
    let logger: Logger
    let services: [any Service]

    /// Runs until SIGINT or SIGTERM: nothing more is accepted, the last batch is finished, then everything closes.
    func run() async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .milliseconds(DeadlineService.servicesMilliseconds)
        var failure: (any Error)?
        do { try await ServiceGroup(configuration: configuration).run() } catch { failure = error }
        // What is acknowledged comes first: everything after this may take its time.
        await own.close()
        await plugin.shutdown()
        dialer.shutdown()
        try? await group.shutdownGracefully()
        if let failure, !(failure is CancellationError) { throw failure }
        logger.info("stopped")
    }
}
