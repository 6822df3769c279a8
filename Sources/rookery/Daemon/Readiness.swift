// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOConcurrencyHelpers
import RelayServer

/// Whether the daemon runs: from when its signals are heeded until it is asked to stop.
final class Readiness: Sendable {
    private let state = NIOLockedValueBox(false)

    var isReady: Bool {
        get { state.withLockedValue { $0 } }
        set { state.withLockedValue { $0 = newValue } }
    }
}

extension HealthReport {
    /// What `/healthz` says: of the relay alone.
    init(readiness isReady: Bool, writer: IngestHealth) {
        switch (isReady, writer) {
        case (false, _): self.init(isHealthy: false, status: "starting")
        case (true, .sound): self = .healthy
        case (true, .failing(let reason)):
            self.init(isHealthy: false, status: "failing", facts: [Fact("reason", reason)])
        case (true, .closed): self.init(isHealthy: false, status: "stopping")
        }
    }
}
