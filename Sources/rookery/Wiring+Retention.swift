// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Telemetry

extension Wiring {
    /// What drops old events; goes by other rules when the configuration is read again.
    func retention(_ own: borrowing OwnStore, _ reloading: Reloading) -> RetentionService {
        let ingest = own.ingest
        let service = RetentionService(
            settings.retention,
            world: .init(
                store: own.store, remove: { await ingest.remove($0) }, now: SystemClocks.now,
                uptime: SystemClocks.uptime, sleep: { try? await Task.sleep(for: $0) }),
            meters: RetentionMeters(registry), logger: output.logger("retention"))
        reloading.hooks.add { service.adopt($0.retention) }
        return service
    }
}
