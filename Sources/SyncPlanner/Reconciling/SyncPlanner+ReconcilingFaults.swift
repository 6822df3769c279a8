// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// How a reconciliation goes wrong: one filter is read page by page instead, or, of a relay that has no negentropy at all, each.
extension SyncPlanner {
    /// NEG-ERR.
    mutating func reconciliationEnded(_ session: SubscriptionID, of relay: RelayURL, _ text: String) {
        guard let subscription = conversations[relay]?.subscriptions[session],
            case .reconciliation(let id) = subscription.role
        else {
            let wasOpen = conversations[relay]?.wasOpen(session) == true
            // Of a question that we took back meanwhile: it is asked too much all the same.
            if wasOpen, ClosedReason(text) == .rateLimited { slowDown(relay) }
            return wasOpen ? late(relay, 1) : offended(relay, weight: 1)
        }
        answered(subscription, of: relay)
        conversations[relay]?.subscriptions[session] = nil
        report(.closed(relay, session, text))
        let reason = ClosedReason(text)
        if mayComeAgain(subscription, of: relay, reason) || text.hasPrefix("closed:") {
            postponeReconciling(id)
        } else {
            reconciliationRefused(id, text)
        }
    }

    /// NEG-ERR or CLOSED for good.
    mutating func reconciliationRefused(_ id: ReconciliationID, _ text: String) {
        let relay = id.link.relay
        guard let reconciling = self[id] else { return }
        let lower = text.lowercased()
        if Self.saysNo.contains(where: lower.contains) {
            endReconciling(id, paged: .unsupported)
            negentropyFails(relay)
        } else if lower.hasPrefix("blocked:") {
            // It knows what is asked, and has too much of it.
            rememberPaged(reconciling.filter, at: relay)
            endReconciling(id, paged: .tooMany)
        } else {
            rememberPaged(reconciling.filter, at: relay)
            endReconciling(id, paged: .refused)
            negentropyLost(relay)
        }
    }

    /// Words of who does not reconcile at all.
    private static let saysNo = [
        "disabled", "not offered", "not supported", "unsupported", "not enabled", "not implemented",
    ]
    /// Words of who does not know the message.
    private static let knowsNot = [
        "unknown", "unrecogni", "unsupported", "supported", "envelope", "invalid", "pars",
    ]

    /// A NOTICE while an answer to NEG-OPEN is awaited: it may be the answer.
    mutating func reconciliationNoticed(_ relay: RelayURL, _ text: String) {
        let isAwaited = pending.batches[relay]?.values.contains { batch in
            batch.reconciling?.running.values.contains(where: \.isUnanswered) == true
        }
        guard isAwaited == true else { return }
        let lower = text.lowercased()
        let speaks = lower.contains("neg-") || lower.contains("negentropy")
        guard
            speaks
                || relays.entries[relay]?.negentropy != .works
                    && Self.knowsNot.contains(where: lower.contains)
        else { return }
        negentropyFails(relay)
    }

    mutating func reconciliationTimedOut(
        _ id: ReconciliationID, _ subscription: UpstreamConversation.Subscription
    ) {
        let relay = id.link.relay
        guard let reconciling = self[id], case .open(let session, let isBusy) = reconciling.stage else {
            return
        }
        if isBusy, now < subscription.latest {
            // It has answered, and we have not looked at that yet.
            return extendDeadline(of: session, at: relay)
        }
        if let noticed = conversations[relay]?.noticedAt, noticed >= subscription.openedAt,
            relays.entries[relay]?.quietUntil != nil
        {
            // It wanted us to slow down.
            return postponeReconciling(id)
        }
        rememberPaged(reconciling.filter, at: relay)
        endReconciling(id, paged: now < subscription.latest ? .silent : .endless)
        negentropyLost(relay)
    }

    mutating func reconciliationFailed(_ id: ReconciliationID, _ fault: ReconciliationFault) {
        let relay = id.link.relay
        guard let reconciling = self[id] else { return }
        touched.insert(relay)
        switch fault {
        case .changed: postponeReconciling(id)
        case .version:
            rememberPaged(reconciling.filter, at: relay)
            endReconciling(id, paged: .unsupported)
            negentropyFails(relay)
        case .malformed, .endless:
            rememberPaged(reconciling.filter, at: relay)
            endReconciling(id, paged: fault == .endless ? .endless : .malformed)
            negentropyLost(relay)
            offended(relay, weight: configuration.limits.forgedWeight)
        }
    }
}
