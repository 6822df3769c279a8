// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import SyncPlanner
import Telemetry

extension SyncManager {
    /// What is asked for, and what becomes of it.
    func logBatch(_ fact: SyncFact) {
        switch fact {
        case .batchOpened(let relay, let batch, let items):
            logger.debug(
                "batch opened",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.batch: .number(batch.number),
                    LogKey.count: .number(items),
                ])
        case .batchConfirmed(let relay, let batch, let items, _, let took):
            logger.debug(
                "batch confirmed",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.batch: .number(batch.number),
                    LogKey.count: .number(items),
                    LogKey.duration: .span(took),
                ])
        case .batchFailed(let relay, let batch, let failure, let wait):
            let facts: Logger.Metadata = [
                LogKey.relay: "\(relay)", LogKey.batch: .number(batch.number),
                LogKey.reason: "\(failure.rawValue)", LogKey.retryIn: .span(wait),
            ]
            // What they wait for has a line of its own.
            if failure == .disconnected || failure == .postponed {
                logger.debug("batch failed", metadata: facts)
            } else {
                logThinned(.batchFailed(failure), of: relay, "batch failed", facts)
            }
        case .reconciled(let relay, let rounds, let needed):
            logger.debug(
                "filter reconciled",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.rounds: .number(rounds), LogKey.count: .number(needed),
                ])
        case .pagedInstead(let relay, let reason):
            logThinned(
                .pagedInstead(reason), of: relay, "not reconciled: read page by page",
                [LogKey.reason: "\(reason.rawValue)"])
        case .stored(let relay, let source, let count):
            logger.debug(
                "events gathered",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.eventCount: .number(count),
                    LogKey.reason: "\(source.rawValue)",
                ])
        case .answered(let relay, let latency):
            logger.trace(
                "upstream answered",
                metadata: [LogKey.relay: "\(relay)", LogKey.duration: .span(latency)])
        case .notStored(let relay, let known, let held, let refused, let forged, let failed):
            logger.debug(
                "events not stored",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.knownCount: .number(known),
                    LogKey.heldCount: .number(held), LogKey.refusedCount: .number(refused),
                    LogKey.forgedCount: .number(forged), LogKey.failedCount: .number(failed),
                ])
        default: break
        }
    }
}
