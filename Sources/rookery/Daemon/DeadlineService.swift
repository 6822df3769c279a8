// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import Logging
import NIOCore
import RelayServer
import ServiceLifecycle
import Telemetry

/// Says when the daemon is ready, and sees to it that it ends within five seconds of being asked.
///
/// Listed last, so that it is told first.
struct DeadlineService: Service {
    /// **Milliseconds** for the relay's conversations to end.
    static let serverMilliseconds: Int64 = 2500
    /// **Milliseconds** for all services; those still running then are cancelled.
    static let servicesMilliseconds: Int64 = 3800
    /// **Milliseconds** for everything; what is on disk by then is all that was acknowledged.
    static let allMilliseconds: Int64 = 4800

    let readiness: Readiness
    let group: any EventLoopGroup
    let logger: Logger
    /// Told when the daemon is ready, and when it ends.
    let manager: ServiceManager
    /// Where clients connect.
    let address: ListenAddress

    func run() async throws {
        readiness.stage = .ready
        manager.tell(.ready(status: "listening on \(address)"))
        try? await gracefulShutdown()
        readiness.stage = .stopping
        manager.tell(.stopping)
        logger.info("stopping")
        group.next().scheduleTask(in: .milliseconds(Self.allMilliseconds)) { [logger] in
            logger.error("parts of the daemon did not end in time")
            _exit(1)
        }
    }
}
