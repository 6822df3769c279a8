// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// NEG-OPEN, NEG-MSG and NEG-CLOSE (NIP-77). Every refusal is a `NEG-ERR` with the id, and what had it is gone.
extension RelaySession {
    /// Reconciliations that are open.
    public var openReconciliations: Int { reconciliations.count }

    /// When ``SessionInput/timePassed(at:)`` is due: a client has said nothing for too long then, unless it does by then.
    public var nextDeadline: Uptime? { reconciliations.nextDeadline(after: bounds.reconciliationPatience) }

    mutating func reconcile(
        _ id: SubscriptionID, _ filter: Filter, _ message: TagValue, _ entry: Backlog.Entry,
        _ actions: inout [SessionAction]
    ) {
        endReconciliation(id, &actions)
        if let refusal = refusalOfReconciling(id, filter, message) ?? refusalOfReading([filter], &actions) {
            return refuseReconciliation(id, refusal, of: entry, &actions)
        }
        let number = scans.makeNumber()
        if asksAboutReading { return ask(number, .negentropyOpen(id, filter, message), entry, &actions) }
        gather(number, Reconciliation(id, filter, message, size: entry.size, at: entry.arrived))
    }

    /// Begins to read the set of a reconciliation that nothing speaks against.
    mutating func gather(_ number: ScanNumber, _ reconciliation: Reconciliation) {
        reconciliations.insert(reconciliation, as: number)
        guard scans.hasRoom else { return scans.wait(number, .reconciliation) }
        scans.begin(number, .reconciliation, isNext: false)
    }

    mutating func reconcile(
        _ id: SubscriptionID, _ message: TagValue, _ entry: Backlog.Entry, _ actions: inout [SessionAction]
    ) {
        guard let number = reconciliations.number(of: id) else {
            let offered = terms.features.negentropy
            let reason = offered ? SessionText.notReconciling : SessionText.noNegentropy
            return answer(.negentropyError(id, message: reason), &actions)
        }
        if let refusal = SessionText.refusal(ofNegentropy: message) {
            return refuseReconciliation(id, refusal, of: entry, &actions)
        }
        reconciliations.update(number) { $0.take(message, at: entry.arrived) }
        scans.add(number, .reconciliation)
    }

    /// Whether there is room for a first message, or one of this id that gives its own back.
    func mayReconcile(anew id: SubscriptionID) -> Bool {
        reconciliations.size < bounds.reconciliationBytes || reconciliations.number(of: id) != nil
    }

    /// Whether there is room for a message, and it is the client's turn under this id.
    func mayReconcile(_ id: SubscriptionID) -> Bool {
        guard reconciliations.size < bounds.reconciliationBytes else { return false }
        return reconciliations.number(of: id).flatMap { reconciliations[$0] }?.isResting ?? true
    }

    /// Its turn has come.
    func takeTurn(_ number: ScanNumber, reconciling actions: inout [SessionAction]) {
        guard let reconciliation = reconciliations[number] else { return }
        switch reconciliation.phase {
        case .gathering(let filter, _, _):
            actions.append(.gather(number, filter, arrived: reconciliation.lastHeard))
        case .answering(let message): actions.append(.reconcile(number, reconciliation.id, message))
        case .resting: preconditionFailure("who rests has no turn")
        }
    }

    mutating func gathered(
        _ number: ScanNumber, _ report: GatherReport, _ actions: inout [SessionAction]
    ) {
        reported(number)
        guard reconciliations[number] != nil else { return }
        switch report {
        case .more: scans.again(number)
        case .ready:
            drop(number, &actions)
            reconciliations.update(number) { $0.isGathered() }
            scans.add(number, .reconciliation)
        case .tooMany(let most): close(number, SessionText.tooManyEvents(most), most: most, &actions)
        case .noRoom: close(number, SessionText.noRoomForSet, &actions)
        case .failed(let failure): close(number, SessionText.describe(failure), &actions)
        }
    }

    mutating func reconciled(
        _ number: ScanNumber, _ report: ReconciliationReport, at now: Uptime,
        _ actions: inout [SessionAction]
    ) {
        reported(number)
        guard reconciliations[number] != nil else { return }
        switch report {
        case .ready:
            drop(number, &actions)
            reconciliations.update(number) { $0.isAnswered(at: now) }
            actions.append(.sendAnswer(number))
        case .invalid(let reason):
            close(number, "\(SessionText.invalid) \(reason)", &actions)
            lose(patienceFor: .unreadable(reason), at: now, &actions)
        case .failed(let failure): close(number, SessionText.describe(failure), &actions)
        }
    }

    /// Ends what has rested for too long.
    mutating func endIdleReconciliations(at now: Uptime, _ actions: inout [SessionAction]) {
        let patience = bounds.reconciliationPatience
        for number in reconciliations.idle(at: now, after: patience) {
            close(number, SessionText.nothingSaid(for: patience), &actions)
        }
    }

    mutating func endReconciliation(_ id: SubscriptionID, _ actions: inout [SessionAction]) {
        guard let number = reconciliations.number(of: id) else { return }
        end(number, &actions)
    }

    private mutating func end(_ number: ScanNumber, _ actions: inout [SessionAction]) {
        guard reconciliations.remove(number) != nil else { return }
        actions.append(.dropSet(number))
        drop(number, &actions)
    }

    /// Ends a reconciliation and tells the client why.
    private mutating func close(
        _ number: ScanNumber, _ reason: String, most: Int? = nil, _ actions: inout [SessionAction]
    ) {
        guard let id = reconciliations[number]?.id else { return }
        end(number, &actions)
        actions.append(.send(.negentropyError(id, message: reason, most: most)))
    }

    /// A `NEG-ERR` always means that nothing of this id is open.
    mutating func refuseReconciliation(
        _ id: SubscriptionID, _ reason: String, _ actions: inout [SessionAction]
    ) {
        endReconciliation(id, &actions)
        answer(.negentropyError(id, message: reason), &actions)
    }

    /// The same for a message that may make no sense.
    private mutating func refuseReconciliation(
        _ id: SubscriptionID, _ reason: String, of entry: Backlog.Entry, _ actions: inout [SessionAction]
    ) {
        refuseReconciliation(id, reason, &actions)
        if reason.hasPrefix(SessionText.invalid) {
            lose(patienceFor: .unreadable(reason), at: entry.arrived, &actions)
        }
    }

    private func refusalOfReconciling(
        _ id: SubscriptionID, _ filter: Filter, _ message: TagValue
    ) -> String? {
        if !terms.features.negentropy { return SessionText.noNegentropy }
        if let refusal = refusal(of: id, [filter]) { return refusal }
        if let refusal = SessionText.refusal(ofNegentropy: message) { return refusal }
        return reconciliations.count < bounds.reconciliations
            ? nil : SessionText.tooManyReconciliations(bounds.reconciliations)
    }
}
