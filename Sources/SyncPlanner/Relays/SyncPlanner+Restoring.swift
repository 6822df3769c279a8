// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What an earlier run knew of a relay.
extension SyncPlanner {
    func restore(_ known: RestoredRelay, to entry: inout RelayEntry) {
        entry.cursors = known.cursors
        entry.behind = known.behind
        entry.coveredUntil = known.row.coveredUntil
        entry.disconnectedAt = known.row.coveredUntil
        entry.backoff.attempts = known.row.attempts
        entry.failures = known.row.failures
        entry.health = known.row.failures.verdict
        entry.lastAudit = known.row.lastAudit
        entry.negentropy = known.row.negentropy
        entry.lastFailure = known.row.lastFailure
        entry.lastDial = known.row.lastDial
        if let information = known.row.information {
            entry.information = information
            entry.limits = UpstreamLimits(information)
            entry.informedAt = known.row.informedAt
            // As old as it is: an old one is asked for again, and obeyed until there is an answer.
            let age = known.row.informedAt.map { max(0, wall.seconds - $0.seconds) }
            entry.informationAt = age.map { now + .seconds(-$0) }
        }
        let pause = longestPause(after: entry.health, entry.isBootstrap)
        entry.backoff.notBefore = known.row.notBefore.flatMap { until in
            // A clock that was set back must not keep us waiting for longer than any pause.
            let wait = Duration.seconds(max(0, until.seconds - wall.seconds))
            return wait > .zero ? now + min(wait, pause) : nil
        }
        if entry.health == .rateLimited {
            entry.failures.verdict = .healthy
            entry.quietUntil = entry.backoff.notBefore
            entry.requestGap = firstRequestGap
            if entry.quietUntil == nil { entry.health = .healthy }
        }
        if known.row.lastDial == .refused {
            // What we do not dial is a rule of ours, which may be another now; to ask it costs nobody anything.
            entry.backoff = Backoff()
            entry.failures = FailureRecord()
            entry.health = .healthy
        }
    }

    private func longestPause(after verdict: RelayHealth, _ isBootstrap: Bool) -> Duration {
        switch verdict {
        case .dead where !isBootstrap: configuration.deadRetry * 1.1
        case .misbehaving where !isBootstrap, .refused where !isBootstrap:
            configuration.misbehavingPause * 1.1
        default: configuration.backoffMax
        }
    }
}
