// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import ServiceLifecycle
import Telemetry

/// Tells the log when gathering is stuck, and when it goes on again.
struct SyncWatch: Service {
    let metering: SyncMetering
    let logger: Logger
    /// How long a change may go unnoticed.
    var interval = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var wasStuck = false
            while !Task.isCancelled {
                look(&wasStuck)
                // Cancelled, it ends at once, and so does the loop.
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// Writes a line when things are other than before.
    ///
    /// - Returns: whether it did.
    @discardableResult func look(_ wasStuck: inout Bool) -> Bool {
        let stuckFor = metering.stuckFor
        defer { wasStuck = stuckFor != nil }
        if let stuckFor, !wasStuck {
            logger.warning(
                "gathering is stuck: there is work, and nothing was confirmed or stored",
                metadata: [LogKey.duration: "\(stuckFor.components.seconds)s"])
        } else if stuckFor == nil, wasStuck {
            logger.notice("gathering goes on again")
        }
        return wasStuck != (stuckFor != nil)
    }
}
