// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What happens because time has passed, and what follows from every input.
extension SyncPlanner {
    /// We were busy, or asleep: what was said meanwhile has not been read yet, and nobody was silent.
    mutating func wereLate(by span: Duration) {
        for (relay, conversation) in conversations {
            conversations[relay]?.heardAt = min(now, conversation.heardAt + span)
            for (id, subscription) in conversation.subscriptions {
                guard let deadline = subscription.deadline else { continue }
                conversations[relay]?.subscriptions[id]?.deadline = deadline + span
                conversations[relay]?.subscriptions[id]?.latest = subscription.latest + span
            }
            touched.insert(relay)
        }
    }

    /// Does whatever is due by now.
    mutating func runDue() {
        guard phase != .stopped else { return }
        if let due = replanAt, due <= now { replan() }
        if let due = disconnectCheckAt, due <= now {
            disconnectCheckAt = now + configuration.disconnectCheckInterval
            dropUnneeded()
        }
        if let due = cursorsAt, due <= now {
            cursorsAt = now + configuration.cursorInterval
            moveCursors()
        }
        if let due = storeTrouble.notBefore, due <= now {
            storeTrouble.notBefore = nil
            touched.formUnion(relays.entries.keys)
            mayDial = true
        }
        // Each of them is looked at, and its next deadline set.
        for relay in deadlines.takeDue(by: now).sorted() { relayIsDue(relay) }
    }

    private mutating func relayIsDue(_ relay: RelayURL) {
        touched.insert(relay)
        if let retryAt = relays.entries[relay]?.retryAt, retryAt <= now { refreshQueue(relay) }
        if let quiet = relays.entries[relay]?.quietUntil, quiet <= now {
            relays.entries[relay]?.quietUntil = nil
            rows.put(relayRow(relay), at: now)
            updateHealth(relay)
        }
        switch relays.entries[relay]?.link {
        case .resting, .dialling: mayDial = true
        default: break
        }
        if let due = conversations[relay]?.informationDeadline, due <= now {
            conversations[relay]?.informationDeadline = nil
            relays.entries[relay]?.informationAt = now
        }
        if let due = conversations[relay]?.authentication.deadline, due <= now {
            authenticationIsLate(relay)
        }
        auditIfDue(relay)
        if let due = relays.entries[relay]?.roundAt, due <= now { startRound(relay) }
        guard let conversation = conversations[relay], !conversation.isPaused else { return }
        let late = conversation.subscriptions.filter { $0.value.deadline.map { $0 <= now } ?? false }
        for id in late.keys.sorted(by: { $0.text < $1.text }) {
            // One may have ended with another.
            guard let subscription = conversations[relay]?.subscriptions[id] else { continue }
            // Who has not heard of negentropy says nothing to it: that tells nothing of anything else.
            if case .reconciliation(let reconciliation) = subscription.role {
                reconciliationTimedOut(reconciliation, subscription)
                continue
            }
            if conversation.heardAt <= subscription.openedAt {
                return giveUp(relay, because: conversation.noAnswer)
            }
            timedOut(id, subscription, of: relay)
        }
        // After a pause an answer is wanted too, or the cursors stand still until some batch has one.
        let isWanted =
            conversation.heardAt + configuration.heartbeat <= now || conversation.behindSince != nil
        if isWanted, !conversation.isAwaitingAnswer, mayOpen(relay) {
            // No event has this id: the answer is an EOSE and nothing else.
            let nobody = EventID(Bytes32(words: (0, 0, 0, 0)))
            _ = open("p", [Filter(ids: [nobody], limit: 1)], as: .probe, at: relay)
        }
    }

    private mutating func timedOut(
        _ id: SubscriptionID, _ subscription: UpstreamConversation.Subscription, of relay: RelayURL
    ) {
        end(id, of: relay)
        if let noticed = conversations[relay]?.noticedAt, noticed >= subscription.openedAt {
            useFewerFilters(relay, than: subscription.filters.count)
        }
        limitZeroFailed(subscription, of: relay)
        switch subscription.role {
        case .live(let live): liveRefused(id, live, of: relay)
        case .history(let batch): historyFailed(id, of: batch, at: relay, .timeout)
        case .fetch(let reconciliation): endReconciling(reconciliation, paged: .silent)
        case .reconciliation: break
        case .probe: giveUp(relay, because: conversations[relay]?.noAnswer ?? .noAnswer)
        }
        if let notice = conversations[relay]?.lastNotice, conversations[relay]?.hasAnswered == false {
            relays.entries[relay]?.lastFailure = "no answer, notice: \(notice)"
        }
    }

    /// After every input: what is queued is asked, whoever may be dialled is, and deadlines are set.
    mutating func settle() {
        if phase == .running, mayDial { dialDue() }
        while !touched.isEmpty {
            let relays = touched.sorted()
            touched = []
            for relay in relays {
                rewriteLive(relay)
                askWaiting(relay)
                reconcile(relay)
                openBatches(relay)
                scheduleRound(relay)
                updateStatus(relay)
                // What came due while the relay was away is due now: nobody has looked at it late.
                deadlines[relay] = deadline(of: relay).map { max($0, now) }
            }
        }
        tellComplete()
        if let due = rows.flushAt, due <= now { flushRows() }
    }

    /// Says of which relays everything is here, once it is known what that is.
    private mutating func tellComplete() {
        guard !untold.isEmpty, replanAt == nil, storeQuestions.isEmpty, !references.hasUnchecked else {
            return
        }
        for relay in untold.sorted() {
            guard let entry = relays.entries[relay], entry.reportedComplete else {
                untold.remove(relay)
                continue
            }
            guard entry.status == .connected else { continue }
            historyCompleted(relay)
            guard entry.wanted != [.announcements] else { continue }
            untold.remove(relay)
            report(.historyComplete(relay))
        }
    }

    private func deadline(of relay: RelayURL) -> Uptime? {
        guard let entry = relays.entries[relay], phase == .running else { return nil }
        switch entry.link {
        case .claiming: return nil
        case .dialling:
            let slowAt = entry.dialledAt + configuration.slowDialAfter
            return slowAt > now ? slowAt : nil
        // One that may be dialled and is not waits for a turn, not for a moment.
        case .resting: return entry.backoff.notBefore.flatMap { $0 > now ? $0 : nil }
        case .up: break
        }
        let mayAskAt = mayAskAt(relay)
        var moments = [entry.retryAt, entry.auditAt, entry.roundAt, entry.quietUntil, mayAskAt].compactMap(
            \.self)
        guard let conversation = conversations[relay], !conversation.isPaused else { return moments.min() }
        let answers = conversation.subscriptions.values.compactMap(\.deadline)
        moments += answers
        if answers.isEmpty {
            moments.append(max(conversation.heardAt + configuration.heartbeat, mayAskAt ?? now))
        }
        return moments.min()
    }

    /// Whether something wanted of a relay is in flight, or is asked as soon as that may be.
    func hasWork(_ relay: RelayURL) -> Bool {
        pending.count(of: relay) > 0 || relays.entries[relay]?.queue.isEmpty == false
    }

    private mutating func updateStatus(_ relay: RelayURL) {
        updateHealth(relay)
        guard let entry = relays.entries[relay] else { return }
        let status: RelayStatus =
            switch entry.link {
            case .claiming, .resting: .disconnected
            case .dialling: .connecting
            case .up where hasWork(relay): .syncing
            case .up where !entry.setbacks.isEmpty: .connectedWithHistoryGaps
            case .up: .connected
            }
        guard status != entry.status else { return }
        relays.entries[relay]?.status = status
        // Nothing is missing: whatever went wrong has been made good.
        if status == .connected { relays.entries[relay]?.lastFailure = entry.noRoom }
        report(.status(relay, status))
        if status == .connected, !entry.reportedComplete {
            relays.entries[relay]?.reportedComplete = true
            untold.insert(relay)
        }
        if status == .disconnected { relays.entries[relay]?.reportedComplete = false }
    }

    /// Hangs up everywhere and writes down how far we came.
    mutating func stop() {
        // What edited announcements mean for the cursors must not be forgotten.
        if phase == .running { takeFollowedRepositories(askAgain: false) }
        for relay in relays.entries.keys.sorted() {
            hangUp(relay)
            effects.append(.release(relay))
        }
        for relay in touched.sorted() { updateStatus(relay) }
        touched = []
        flushRows()
        phase = .stopped
        effects.append(.stopped)
    }
}
