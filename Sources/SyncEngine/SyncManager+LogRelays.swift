// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import SyncPlanner
import Telemetry

extension SyncManager {
    /// Which relays and repositories are followed.
    func logFollowing(_ fact: SyncFact) {
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
        default: break
        }
    }

    /// The links to them.
    func logLink(_ fact: SyncFact) {
        switch fact {
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
        default: break
        }
    }

    /// What they say, and what is not read of it.
    func logWords(_ fact: SyncFact) {
        switch fact {
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
        default: break
        }
    }
}
