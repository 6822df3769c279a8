// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import ServiceLifecycle
import Telemetry

/// Tells the log when the writer can no longer write, and when it can again.
struct WriterWatch: Service {
    let ingest: Ingest
    let logger: Logger
    /// How long a change may go unnoticed.
    var interval = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told = IngestHealth.sound
            while !Task.isCancelled {
                let health = ingest.health
                if health.isSound != told.isSound { tell(health) }
                told = health
                // Cancelled, it ends at once, and so does the loop.
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func tell(_ health: IngestHealth) {
        switch health {
        case .sound: logger.notice("writes succeed again")
        case .failing(let reason):
            logger.error("events cannot be written", metadata: [LogKey.reason: "\(reason)"])
        case .closed: break
        }
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
