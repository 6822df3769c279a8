// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import ServiceLifecycle
import Telemetry

/// Sees to it that the plugin keeps nobody waiting when the daemon ends.
struct PluginService: Service {
    /// **Milliseconds** that it still has for its answers.
    static let answersMilliseconds = 1_500

    let plugin: WritePolicyPlugin

    func run() async throws {
        try? await gracefulShutdown()
        plugin.hurry(within: .milliseconds(Self.answersMilliseconds))
    }
}

extension PluginNews {
    /// Tells the log.
    func tell(_ logger: Logger) {
        switch self {
        case .started(let process):
            logger.info("policy plugin started", metadata: [LogKey.process: .number(Int(process))])
        case .notStarted(let reason):
            logger.error("policy plugin cannot be started", metadata: [LogKey.reason: "\(reason)"])
        case .ended(let process, let reason):
            logger.warning(
                "policy plugin ended",
                metadata: [LogKey.process: .number(Int(process)), LogKey.reason: "\(reason)"])
        case .said(let line): logger.info("policy plugin says", metadata: [LogKey.text: "\(line)"])
        case .unreadable(let line):
            logger.warning("policy plugin says what is no answer", metadata: [LogKey.text: "\(line)"])
        case .leftOut(let lines):
            logger.warning("policy plugin says more than is logged", metadata: [LogKey.count: .number(lines)])
        }
    }
}
