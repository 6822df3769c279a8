// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Telemetry

extension Wiring {
    /// What the daemon is doing, for `rookery top`.
    func activity() -> @Sendable () -> Activity {
        let (registry, slowQueries, start) = (registry, slowQueries, SystemClocks.uptime())
        return {
            Activity(
                uptime: (SystemClocks.uptime() - start) / .seconds(1),
                prometheus: PrometheusText.render(registry), slow: slowQueries.list)
        }
    }
}
