// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RelayTransport

extension RelayServer {
    /// Has the status page tell what somebody else knows; for once the ports are bound.
    ///
    /// - Parameter status: called on a thread of no event loop, when somebody looks and not more often than
    ///   ``StatusLimits/freshMilliseconds`` say.
    public func adopt(status: @escaping @Sendable () -> StatusReport) { self.status.adopt(status) }

    /// What the server knows by itself.
    var ownStatus: StatusReport {
        let (health, statistics, now) = (hooks.health(), statistics, services.clock.now().seconds)
        var report = StatusReport()
        report.version = board.information.version
        report.at = now
        report.health = [.init("relay", health.isHealthy ? .good : .bad, health.status)]
        report.figures = [
            .init("connections", "Connections", .count(statistics.transport.openWebSockets)),
            .init("subscriptions", "Subscriptions", .count(statistics.subscriptions)),
        ]
        if let events = try? store.statistics.events {
            report.figures.insert(.init("events", "Events", .count(events)), at: 0)
        }
        return report
    }
}
