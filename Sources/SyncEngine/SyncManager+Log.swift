// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import SyncPlanner
import Telemetry

// What an operator reads: a line for each step of a relay's life, more under `debug`. One function a kind of fact.
extension SyncManager {
    func log(_ fact: SyncFact) {
        switch fact {
        case .tracking, .forgot, .notTracked, .following, .overLimit, .historyComplete: logFollowing(fact)
        case .dialling, .connected, .dialFailed, .disconnected, .status: logLink(fact)
        case .notice, .closed, .unasked, .skipped: logWords(fact)
        case .reconciled, .pagedInstead, .batchOpened, .batchConfirmed, .batchFailed, .stored, .notStored,
            .answered:
            logBatch(fact)
        case .information, .negentropy, .rateLimited, .authenticated, .authRefused, .health, .auditStarted,
            .auditCompleted, .misbehaved, .readInRounds:
            logManners(fact)
        // Only counted: each has a line of what it leads to.
        case .retried, .pageRead, .pageRetried: break
        }
    }

    /// Writes one line of a kind in a while for each relay, with how many it stands for; the others are for those who
    /// look closely.
    func logThinned(
        _ kind: RelayLine.Kind, of relay: RelayURL, _ message: Logger.Message, _ facts: Logger.Metadata
    ) {
        let count = relayThinning.take(RelayLine(relay: relay, kind: kind), at: clock.uptime())
        var facts = facts
        facts[LogKey.relay] = "\(relay)"
        if let count, count > 1 { facts[LogKey.count] = .number(count) }
        logger.log(level: count == nil ? .debug : .info, message, metadata: facts)
    }
}
