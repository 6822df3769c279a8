// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import ServiceLifecycle
import Telemetry
import UnixSignals

/// Reads the configuration again at SIGHUP.
struct ReloadService: Service {
    /// Reads it, applies what can be applied, and says what was done and what was not.
    let reload: Reloading.Reload
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            logger.info("reloading", metadata: [LogKey.signal: "SIGHUP"])
            do {
                for note in try reload() {
                    logger.notice("reloaded", metadata: [LogKey.change: "\(note)"])
                }
            } catch {
                logger.error("not reloaded", metadata: [LogKey.error: "\(error)"])
            }
        }
    }
}
