// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Histories by reconciliation (NIP-77): what the relay has and we lack is found out, and fetched by id. The shell holds
// what is here, takes the relay's messages and says what they tell.
extension SyncPlanner {
    /// Reconciles those of the filters that may be; the others are read page by page afterwards.
    ///
    /// - Returns: `false` when none may.
    mutating func startReconciling(_ filters: [Filter], of batch: Batch, at relay: RelayURL) -> Bool {
        guard mayReconcile(relay), let entry = relays.entries[relay] else { return false }
        // What was refused here may be wanted because of items that are new.
        let isKnown = batch.items.lasting.isSubset(of: entry.cursors.items)
        let limits = configuration.limits
        let least =
            batch.since != nil
            ? limits.leastReconciledSince
            : isKnown ? limits.leastReconciledAgain : limits.leastReconciledFirst
        var reconciling = BatchReconciling(queued: [], paged: [], least: least, skipsUnwanted: isKnown)
        for filter in filters {
            if mayReconcile(filter, at: relay) {
                reconciling.queued.append(BatchReconciling.Queued(filter: filter))
            } else {
                reconciling.paged.append(filter)
            }
        }
        guard !reconciling.queued.isEmpty else { return false }
        pending.batches[relay]?[batch.id]?.reconciling = reconciling
        pending.batches[relay]?[batch.id]?.wasReconciled = true
        touched.insert(relay)
        return true
    }

    /// Does whatever can be done now.
    mutating func reconcile(_ relay: RelayURL) {
        guard phase == .running else { return }
        for id in pending.ordered(relay) where pending.batches[relay]?[id]?.reconciling != nil {
            gatherNext(id, at: relay)
            for reconciliation in pending.batches[relay]?[id]?.reconciling?.ordered ?? [] {
                openReconciliation(reconciliation)
                fetchNeeded(reconciliation)
                finishReconciling(reconciliation)
            }
            guard let reconciling = pending.batches[relay]?[id]?.reconciling, reconciling.isFinished else {
                continue
            }
            pending.batches[relay]?[id]?.reconciling = nil
            page(reconciling.paged, of: id, at: relay)
        }
    }

    subscript(reconciliation: ReconciliationID) -> FilterReconciling? {
        get {
            pending.batches[reconciliation.link.relay]?[reconciliation.batch]?.reconciling?
                .running[reconciliation]
        }
        set {
            pending.batches[reconciliation.link.relay]?[reconciliation.batch]?.reconciling?
                .running[reconciliation] = newValue
        }
    }

    private mutating func gatherNext(_ id: BatchID, at relay: RelayURL) {
        while var reconciling = pending.batches[relay]?[id]?.reconciling,
            let link = conversations[relay]?.link,
            let next = reconciling.queued.first,
            reconciling.running.count < configuration.limits.reconciledPerBatchMax
        {
            reconciling.queued.removeFirst()
            if mayReconcile(relay), mayReconcile(next.filter, at: relay) {
                let reconciliation = ReconciliationID(link: link, number: number(), batch: id)
                reconciling.running[reconciliation] = FilterReconciling(queued: next)
                effects.append(
                    .gather(reconciliation, next.filter, skipsUnwanted: reconciling.skipsUnwanted))
            } else {
                reconciling.paged.append(next.filter)
            }
            pending.batches[relay]?[id]?.reconciling = reconciling
        }
    }

    mutating func gathered(_ id: ReconciliationID, _ set: GatheredSet) {
        guard self[id]?.stage == .gathering,
            let least = pending.batches[id.link.relay]?[id.batch]?.reconciling?.least
        else { return }
        touched.insert(id.link.relay)
        switch set {
        case .tooMany: endReconciling(id, paged: .tooMany)
        case .set(let count) where count < least: endReconciling(id, paged: nil)
        case .set: self[id]?.stage = .gathered
        }
    }

    /// Whether a subscription may be opened for a history; the rest of what the relay allows is kept for live ones.
    func mayOpenHistory(_ relay: RelayURL) -> Bool {
        let open = conversations[relay]?.subscriptions.values.count { $0.isOfHistory } ?? 0
        return open < limits(of: relay).historySubscriptions && mayOpen(relay)
    }

    private mutating func openReconciliation(_ id: ReconciliationID) {
        let relay = id.link.relay
        guard let reconciling = self[id], reconciling.stage == .gathered else { return }
        guard mayReconcile(relay) else { return endReconciling(id, paged: .unsupported) }
        guard let room = room(for: reconciling.filter, at: relay) else {
            return endReconciling(id, paged: .noRoom)
        }
        let isTrial = !claimsNegentropy(relay)
        let isAlone = conversations[relay]?.subscriptions.values.contains(where: \.isReconciliation) == false
        // Who may never have heard of it is tried with one filter.
        guard mayOpenHistory(relay), isAlone || !isTrial,
            let session = open("n", [reconciling.filter], as: .reconciliation(id), at: relay)
        else { return }
        if isTrial {
            let deadline = now + configuration.answerTimeout / 3
            conversations[relay]?.subscriptions[session]?.deadline = deadline
        }
        self[id]?.stage = .open(session, isBusy: false)
        effects.append(.reconcile(id, session, reconciling.filter, frameBytes: room))
    }

    /// NEG-MSG.
    mutating func take(_ message: TagValue, of session: SubscriptionID, from relay: RelayURL) {
        guard let subscription = conversations[relay]?.subscriptions[session],
            case .reconciliation(let id) = subscription.role,
            self[id]?.stage == .open(session, isBusy: false)
        else {
            let isLate = conversations[relay].map { $0.wasOpen(session) && $0.subscriptions[session] == nil }
            return isLate == true ? late(relay, 1) : offended(relay, weight: 1)
        }
        answered(subscription, of: relay)
        gave(relay)
        if self[id]?.rounds == 0 { report(.answered(relay, after: now - subscription.openedAt)) }
        extendDeadline(of: session, at: relay)
        self[id]?.rounds += 1
        self[id]?.stage = .open(session, isBusy: true)
        effects.append(.takeReconciliation(id, session, message))
    }

    mutating func reconciled(_ id: ReconciliationID, need: [EventID], isDone: Bool) {
        let relay = id.link.relay
        guard let reconciling = self[id], case .open(let session, isBusy: true) = reconciling.stage else {
            return
        }
        touched.insert(relay)
        negentropyWorks(relay)
        let limits = configuration.limits
        let needed = pending.batches.values.joined().reduce(need.count) {
            $0 + ($1.value.reconciling?.neededCount ?? 0)
        }
        guard reconciling.neededTotal + need.count <= limits.neededPerFilterMax, needed <= limits.neededMax
        else { return endReconciling(id, paged: .tooMuchNeeded) }
        self[id]?.neededTotal += need.count
        self[id]?.needed += need
        extendDeadline(of: session, at: relay)
        self[id]?.stage = isDone ? .listed : .open(session, isBusy: false)
        guard isDone else { return }
        end(session, of: relay)
        effects.append(.endReconciliation(id, session))
    }

    private mutating func finishReconciling(_ id: ReconciliationID) {
        let relay = id.link.relay
        guard let reconciling = self[id], reconciling.isDone else { return }
        touched.insert(relay)
        conversations[relay]?.reconciliationLosses = 0
        if !reconciling.isNotServed {
            self[id] = nil
            report(.reconciled(relay, rounds: reconciling.rounds, needed: reconciling.neededTotal))
        } else if reconciling.queued.wasNotServed {
            rememberPaged(reconciling.filter, at: relay)
            endReconciling(id, paged: .notServed)
        } else {
            // What was replaced or deleted meanwhile is not listed again.
            var again = reconciling.queued
            again.wasNotServed = true
            self[id] = nil
            pending.batches[relay]?[id.batch]?.reconciling?.queued.append(again)
        }
    }

    /// Ends it, wherever it stands; its filter is read page by page.
    ///
    /// - Parameter reason: `nil` when that is cheaper.
    mutating func endReconciling(_ id: ReconciliationID, paged reason: PagedReason?) {
        guard let filter = self[id]?.filter else { return }
        release(id)
        pending.batches[id.link.relay]?[id.batch]?.reconciling?.paged.append(filter)
        if let reason { report(.pagedInstead(id.link.relay, reason)) }
    }

    /// It is begun again when that may be; not for ever.
    mutating func postponeReconciling(_ id: ReconciliationID) {
        guard var queued = self[id]?.queued else { return }
        queued.postponed += 1
        guard queued.postponed < 4 else { return endReconciling(id, paged: .refused) }
        release(id)
        pending.batches[id.link.relay]?[id.batch]?.reconciling?.queued.append(queued)
    }

    /// Forgets it, here, at the relay and in the shell.
    mutating func release(_ id: ReconciliationID) {
        let relay = id.link.relay
        guard let reconciling = self[id] else { return }
        touched.insert(relay)
        for fetch in reconciling.fetches.keys.sorted(by: { $0.text < $1.text }) { end(fetch, of: relay) }
        let isOpen = reconciling.session.map { conversations[relay]?.subscriptions[$0] != nil } ?? false
        if isOpen, let session = reconciling.session { end(session, of: relay) }
        if reconciling.stage != .listed {
            effects.append(.endReconciliation(id, isOpen ? reconciling.session : nil))
        }
        self[id] = nil
    }
}
