// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import SyncPlanner
import Telemetry

extension SyncManager {
    /// What a relay wants of its clients, and what we think of it.
    func logManners(_ fact: SyncFact) {
        switch fact {
        case .information(let relay, let information):
            logger.debug(
                "upstream tells of itself",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.reason: "\(information.software ?? "nameless")",
                ])
        case .negentropy(let relay, let support):
            logger.info(
                support == .works ? "upstream reconciles" : "upstream does not reconcile: read page by page",
                metadata: [LogKey.relay: "\(relay)"])
        case .rateLimited(let relay, let pause):
            logger.info(
                "upstream wants us to slow down",
                metadata: [LogKey.relay: "\(relay)", LogKey.retryIn: .span(pause)])
        case .authenticated(let relay):
            logger.info("upstream knows us", metadata: [LogKey.relay: "\(relay)"])
        case .authRefused(let relay, let text):
            logger.warning(
                "upstream does not accept who we are",
                metadata: [LogKey.relay: "\(relay)", LogKey.reason: "\(UpstreamWords.short(text))"])
        case .health(let relay, let health):
            logger.log(
                level: level(of: health), "upstream health",
                metadata: [LogKey.relay: "\(relay)", LogKey.health: "\(health.rawValue)"])
        case .readInRounds(let relay, let isSo):
            logger.info(
                isSo
                    ? "upstream leaves no room to follow everything live: the rest is read in rounds"
                    : "upstream is followed live",
                metadata: [LogKey.relay: "\(relay)"])
        case .auditStarted(let relay, let items):
            logger.info("audit started", metadata: [LogKey.relay: "\(relay)", LogKey.count: .number(items)])
        case .auditCompleted(let relay, let took):
            logger.info(
                "audit completed", metadata: [LogKey.relay: "\(relay)", LogKey.duration: .span(took)])
        case .misbehaved(let relay):
            logger.warning(
                "upstream sends what no honest relay sends: hung up", metadata: [LogKey.relay: "\(relay)"])
        default: break
        }
    }

    /// Whoever is degraded, rate-limited or refused has just had a line that says why.
    private func level(of health: RelayHealth) -> Logger.Level {
        switch health {
        case .degraded, .rateLimited, .refused: .debug
        case .healthy: .info
        case .dead, .misbehaving: .warning
        }
    }
}
