// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import Telemetry

/// Tells the log when gathering is stuck, and when it goes on again.
struct SyncWatch: Watch {
    let metering: SyncMetering
    let logger: Logger
    let initial = false
    var interval = Duration.seconds(1)

    @discardableResult func look(_ wasStuck: inout Bool) -> Bool {
        let stuckFor = metering.stuckFor
        defer { wasStuck = stuckFor != nil }
        if let stuckFor, !wasStuck {
            logger.warning(
                "gathering is stuck: there is work, and nothing was confirmed or stored",
                metadata: [LogKey.duration: .span(stuckFor)])
        } else if stuckFor == nil, wasStuck {
            logger.notice("gathering goes on again")
        }
        return wasStuck != (stuckFor != nil)
    }
}
