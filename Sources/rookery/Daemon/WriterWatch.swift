// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import Telemetry

/// Tells the log when the writer can no longer write, and when it can again.
struct WriterWatch: Watch {
    let health: @Sendable () -> IngestHealth
    let logger: Logger
    let initial = IngestHealth.sound
    var interval = Duration.seconds(1)

    @discardableResult func look(_ told: inout IngestHealth) -> Bool {
        let health = health()
        defer { told = health }
        guard health.isSound != told.isSound else { return false }
        switch health {
        case .sound: logger.notice("writes succeed again")
        case .failing(let reason):
            logger.error("events cannot be written", metadata: [LogKey.reason: "\(reason)"])
        case .closed: return false
        }
        return true
    }
}

extension IngestHealth {
    fileprivate var isSound: Bool {
        switch self {
        case .sound: true
        case .failing, .closed: false
        }
    }
}
