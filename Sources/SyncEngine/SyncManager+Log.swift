// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import SyncPlanner
import Telemetry

// What an operator reads: a line for each step of a relay's life, more under `debug`.
extension SyncManager {
    func log(_ fact: SyncFact) {
        switch fact {
        case .tracking(let relay, let isBootstrap):
            let why = isBootstrap ? "bootstrap" : "announcement"
            logger.info("relay is followed", metadata: [LogKey.relay: "\(relay)", LogKey.reason: "\(why)"])
        case .forgot(let relay):
            relayThinning.forget { $0.relay == relay }
            logger.info("relay is no longer needed", metadata: [LogKey.relay: "\(relay)"])
        case .notTracked(let relay, let why):
            // Of ourselves the operator was told when we started.
            let count = why == .ourselves ? nil : untrackedThinning.take(why, at: clock.uptime())
            logger.log(
                level: count == nil ? .debug : .info, "relay is not followed",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.reason: "\(why.rawValue)",
                    LogKey.count: .number(count ?? 1),
                ])
        case .dialling(let relay): logger.debug("dialling", metadata: [LogKey.relay: "\(relay)"])
        case .connected(let relay): logger.info("upstream connected", metadata: [LogKey.relay: "\(relay)"])
        case .dialFailed(let relay, let failure, let wait, let detail):
            let (level, message): (Logger.Level, Logger.Message) =
                switch failure {
                case .busy: (.debug, "upstream waits for its turn")
                case .refused: (.info, "upstream is not dialled")
                default: (.warning, "upstream cannot be reached")
                }
            logger.log(
                level: level, message,
                metadata: [
                    LogKey.relay: "\(relay)",
                    LogKey.reason: "\(failure.rawValue): \(detail ?? failure.explanation)",
                    LogKey.retryIn: .span(wait),
                ])
        case .disconnected(let relay, let end, let wait):
            logger.warning(
                "upstream disconnected",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.reason: "\(end.rawValue)",
                    LogKey.retryIn: .span(wait),
                ])
        case .status(let relay, let status):
            logger.debug(
                "upstream status", metadata: [LogKey.relay: "\(relay)", LogKey.status: "\(status.rawValue)"])
        case .historyComplete(let relay):
            logger.info("upstream history complete", metadata: [LogKey.relay: "\(relay)"])
        case .following(let repositories, let roots):
            let said = (repositories: repositories, hasRoots: roots > 0)
            let isNews = saidFollowing.map { $0 != said } ?? true
            saidFollowing = said
            let isDue = followingThinning.take(true, at: clock.uptime()) != nil
            logger.log(
                level: isNews || isDue ? .info : .debug, "repositories followed",
                metadata: [LogKey.count: .number(repositories), LogKey.rootCount: .number(roots)])
        case .overLimit(let what):
            guard let count = thinning.take(what, at: clock.uptime()) else { break }
            logger.warning(
                "over a limit of sync: the rest is not followed",
                metadata: [LogKey.reason: "\(what.rawValue)", LogKey.count: .number(count)])
        case .notice(let relay, let text):
            logThinned(
                .notice, of: relay, "upstream says",
                [LogKey.reason: "notice: \(UpstreamWords.short(text))"])
        case .closed(let relay, _, let text):
            // To slow down and to authenticate have lines of their own.
            if text.hasPrefix("rate-limited:") || text.hasPrefix("auth-required:") { break }
            logThinned(
                .closed, of: relay, "upstream says",
                [LogKey.reason: "closed: \(UpstreamWords.short(text))"])
        case .skipped(let relay, let event):
            var facts: Logger.Metadata = [LogKey.size: .number(event.length)]
            if let known = event.outline?.event { facts[LogKey.event] = "\(known.id)" }
            logThinned(.skipped, of: relay, "event is too long to be read: passed over", facts)
        case .unasked(let relay, let count):
            logger.debug(
                "upstream sent what was not asked",
                metadata: [LogKey.relay: "\(relay)", LogKey.count: .number(count)])
        // Only counted: each has a line of what it leads to.
        case .retried, .pageRead, .pageRetried: break
        case .batchOpened, .batchConfirmed, .batchFailed, .stored, .notStored, .answered: logBatch(fact)
        case .information, .rateLimited, .authenticated, .authRefused, .health, .auditStarted,
            .auditCompleted,
            .misbehaved, .readInRounds:
            logManners(fact)
        }
    }

    /// What a relay wants of its clients, and what we think of it.
    private func logManners(_ fact: SyncFact) {
        switch fact {
        case .information(let relay, let information):
            logger.debug(
                "upstream tells of itself",
                metadata: [
                    LogKey.relay: "\(relay)", LogKey.reason: "\(information.software ?? "nameless")",
                ])
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

    /// Writes one line of a kind in a while for each relay, with how many it stands for; the others are for those who
    /// look closely.
    private func logThinned(
        _ kind: RelayLine.Kind, of relay: RelayURL, _ message: Logger.Message, _ facts: Logger.Metadata
    ) {
        let count = relayThinning.take(RelayLine(relay: relay, kind: kind), at: clock.uptime())
        var facts = facts
        facts[LogKey.relay] = "\(relay)"
        if let count, count > 1 { facts[LogKey.count] = .number(count) }
        logger.log(level: count == nil ? .debug : .info, message, metadata: facts)
    }

    /// Whoever is degraded, rate-limited or refused has just had a line that says why.
    private func level(of health: RelayHealth) -> Logger.Level {
        switch health {
        case .degraded, .rateLimited, .refused: .debug
        case .healthy: .info
        case .dead, .misbehaving: .warning
        }
    }

    private func logBatch(_ fact: SyncFact) {
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
