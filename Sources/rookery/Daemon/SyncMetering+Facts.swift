// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RelayTransport
import SyncEngine
import SyncPlanner
import Telemetry

// What is counted over all relays, and shown of each.
extension SyncMetering {
    /// What may become of an event that is not stored.
    static let fates = ["known", "held", "refused", "forged", "failed", "unasked", "skipped"]

    /// Makes every reason show from the start.
    func declareReasons() {
        for failure in DialFailure.allCases { _ = work.dialFailures[failure.rawValue] }
        for word in DialRefusal.words { _ = work.dialRefusals[word] }
        for reason in Self.fates { _ = work.notStored[reason] }
        for reason in Rejection.Class.allCases { _ = work.refused[reason.rawValue] }
        for failure in BatchFailure.allCases { _ = work.batchFailures[failure.rawValue] }
        for reason in SyncFact.NotTracked.allCases { _ = work.relaysRefused[reason.rawValue] }
        for what in SyncFact.OverLimit.allCases { _ = work.overLimit[what.rawValue] }
        for what in ["batch", "page"] { _ = work.retries[what] }
        for result in ["accepted", "refused"] { _ = work.authentications[result] }
        for reason in PagedReason.allCases { _ = work.negentropy.pagedInstead[reason.rawValue] }
        for direction in ["sent", "received"] { _ = work.negentropy.bytes[direction] }
        for state in ["started", "completed"] { _ = work.audits[state] }
    }

    func count(_ fact: SyncFact) {
        switch fact {
        case .retried: work.retries["batch"].increment()
        case .pageRetried: work.retries["page"].increment()
        case .pageRead: work.pages.increment()
        case .answered(_, let latency): work.answerLatency.observe(latency)
        case .batchFailed(_, _, let failure, _): work.batchFailures[failure.rawValue].increment()
        case .notStored(_, let known, let held, let refused, let forged, let failed):
            for (fate, count) in zip(Self.fates, [known, held, refused, forged, failed]) where count > 0 {
                work.notStored[fate].increment(by: count)
            }
        case .unasked(_, let count): work.notStored["unasked"].increment(by: count)
        case .skipped: work.notStored["skipped"].increment()
        case .notTracked(_, let reason): work.relaysRefused[reason.rawValue].increment()
        case .overLimit(let what): work.overLimit[what.rawValue].increment()
        case .rateLimited: work.rateLimited.increment()
        case .authenticated: work.authentications["accepted"].increment()
        case .authRefused: work.authentications["refused"].increment()
        case .auditStarted: work.audits["started"].increment()
        case .auditCompleted: work.audits["completed"].increment()
        case .reconciled(_, _, let needed):
            work.negentropy.sessions.increment()
            work.negentropy.needed.increment(by: needed)
        case .pagedInstead(_, let reason): work.negentropy.pagedInstead[reason.rawValue].increment()
        case .health(let relay, let health): show(health, of: relay)
        default: break
        }
    }

    func judged(_ relay: RelayURL, _ verdicts: [Verdict]) {
        for case .rejected(let rejection) in verdicts { work.refused[rejection.class.rawValue].increment() }
    }

    func dialEnded(_ relay: RelayURL, failure: DialFailure, refusal: String?) {
        work.dialFailures[failure.rawValue].increment()
        if let refusal { work.dialRefusals[refusal].increment() }
    }

    func reconciling(_ relay: RelayURL, rounds: Int, sent: Int, received: Int) {
        work.negentropy.rounds.increment(by: rounds)
        if sent > 0 { work.negentropy.bytes["sent"].increment(by: sent) }
        if received > 0 { work.negentropy.bytes["received"].increment(by: received) }
    }

    /// Shows how a relay stands.
    func show(_ relay: PlanSnapshot.Relay, at wall: Timestamp) {
        let name = relay.url.text
        show(relay.status, of: relay.url)
        show(relay.health, of: relay.url)
        meters.subscriptions[name].set(relay.liveSubscriptions)
        meters.filters[name].set(relay.filters)
        meters.missing[name].set(max(0, relay.wanted - relay.confirmed))
        if let audit = relay.lastAudit { meters.lastAudit[name].set(Double(audit.seconds)) }
        let age = relay.coveredUntil.map { max(0, wall.seconds - $0.seconds) }
        if let age { meters.cursorAge[name].set(Double(age)) }
        if let lag = relay.lag { meters.lag[name].set(Double(lag.components.seconds)) }
    }

    private func show(_ health: RelayHealth, of relay: RelayURL) {
        let code: RelayHealthCode =
            switch health {
            case .healthy: .healthy
            case .degraded: .degraded
            case .rateLimited: .rateLimited
            case .dead: .dead
            case .misbehaving: .misbehaving
            case .refused: .refused
            }
        meters.relayHealth[relay.text].set(code.rawValue)
    }
}
