// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOConcurrencyHelpers
import RelayServer

/// How far the daemon is on its way from start to end.
final class Readiness: Sendable {
    enum Stage: Sendable {
        /// Its signals are not heeded yet. → `ready`
        case starting
        /// → `stopping`
        case ready
        /// It was asked to end.
        case stopping
    }

    private let state = NIOLockedValueBox(Stage.starting)

    var stage: Stage {
        get { state.withLockedValue { $0 } }
        set { state.withLockedValue { $0 = newValue } }
    }
}

extension HealthReport {
    /// What `/healthz` says: of the relay alone.
    init(_ stage: Readiness.Stage, writer: IngestHealth) {
        switch (stage, writer) {
        case (.starting, _): self.init(isHealthy: false, status: "starting")
        case (.stopping, _), (.ready, .closed): self.init(isHealthy: false, status: "stopping")
        case (.ready, .sound): self = .healthy
        case (.ready, .failing(let reason)):
            self.init(isHealthy: false, status: "failing", facts: [Fact("reason", reason)])
        }
    }
}
