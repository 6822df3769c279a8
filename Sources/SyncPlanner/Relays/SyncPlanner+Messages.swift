// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What relays send, and what becomes of their events.
extension SyncPlanner {
    mutating func received(_ link: LinkID, _ messages: [RelayMessage]) {
        let relay = link.relay
        guard conversations[relay]?.link == link else { return }
        touched.insert(relay)
        heard(relay)
        var arrivals = Arrivals()
        for message in messages {
            // A message may end the link.
            guard conversations[relay]?.link == link else { break }
            switch message {
            case .event(let id, let event): take(event, of: id, from: relay, into: &arrivals)
            case .endOfStoredEvents(let id, _):
                submit(&arrivals, from: link)
                answered(id, of: relay)
            case .closed(let id, let text):
                submit(&arrivals, from: link)
                closed(id, of: relay, text)
            case .notice(let text): noticed(relay, text)
            case .authChallenge(let challenge): challenged(relay, with: challenge)
            case .ok(let id, let isAccepted, let text):
                answered(id, isAccepted: isAccepted, text, of: relay)
            case .negentropyMessage(let id, let message): take(message, of: id, from: relay)
            case .negentropyError(let id, let text, _): reconciliationEnded(id, of: relay, text)
            case .count, .unknown: offended(relay, weight: 1)
            }
        }
        submit(&arrivals, from: link)
    }

    private mutating func noticed(_ relay: RelayURL, _ text: String) {
        conversations[relay]?.noticedAt = now
        conversations[relay]?.lastNotice = UpstreamWords.short(text)
        offended(relay, weight: 1)
        report(.notice(relay, text))
        if ClosedReason(text) == .rateLimited { slowDown(relay) } else { reconciliationNoticed(relay, text) }
    }

    mutating func heard(_ relay: RelayURL) {
        conversations[relay]?.heardAt = now
        conversations[relay]?.heardAtWall = wall
    }

    /// Events of one burst, by where they belong.
    private struct Arrivals {
        var live: [ParsedEvent] = []
        var ofBatch: [BatchID: [ParsedEvent]] = [:]
        var unasked = 0
        var late = 0
    }

    private mutating func take(
        _ event: ParsedEvent, of id: SubscriptionID, from relay: RelayURL, into arrivals: inout Arrivals
    ) {
        guard let subscription = conversations[relay]?.subscriptions[id] else {
            // What was on its way when we closed it is no offence.
            if conversations[relay]?.wasOpen(id) == true { arrivals.late += 1 } else { arrivals.unasked += 1 }
            return
        }
        switch subscription.role {
        case .live:
            if !subscription.isEstablished { limitZeroFailed(subscription, of: relay) }
            if subscription.filters.contains(where: { $0.matches(event.event) }) {
                arrivals.live.append(event)
            } else {
                arrivals.unasked += 1
            }
        case .history(let batch):
            guard pending.batches[relay]?[batch]?.subscriptions[id] != nil else { return }
            extendDeadline(of: id, at: relay)
            switch pending.batches[relay]?[batch]?.subscriptions[id]?.take(event.event) {
            case .fresh, .again: arrivals.ofBatch[batch, default: []].append(event)
            case .unasked: arrivals.unasked += 1
            case .measured, nil: break
            }
        case .fetch(let reconciliation):
            extendDeadline(of: id, at: relay)
            switch takeFetched(event.event, of: id, reconciliation) {
            case .fresh, .again: arrivals.ofBatch[reconciliation.batch, default: []].append(event)
            case .unasked, .measured: arrivals.unasked += 1
            case nil: break
            }
        case .probe, .reconciliation: arrivals.unasked += 1
        }
    }

    /// The answer is on its way.
    mutating func extendDeadline(of id: SubscriptionID, at relay: RelayURL) {
        guard let latest = conversations[relay]?.subscriptions[id]?.latest else { return }
        conversations[relay]?.subscriptions[id]?.deadline = min(latest, now + configuration.answerTimeout)
    }

    /// Hands the events in, in pieces that the one door likes.
    private mutating func submit(_ arrivals: inout Arrivals, from link: LinkID) {
        defer { arrivals = Arrivals() }
        let unasked = arrivals.unasked
        defer {
            late(link.relay, arrivals.late)
            if unasked > 0 { offended(link.relay, weight: unasked) }
        }
        if unasked > 0 { report(.unasked(link.relay, count: unasked)) }
        submit(arrivals.live, from: link, batch: nil, source: .live)
        for (id, events) in arrivals.ofBatch.sorted(by: { $0.key < $1.key }) {
            guard let source = pending.batches[link.relay]?[id]?.source else { continue }
            submit(events, from: link, batch: id, source: source)
        }
    }

    private mutating func submit(
        _ events: [ParsedEvent], from link: LinkID, batch: BatchID?, source: SyncSource
    ) {
        let relay = link.relay
        let most = configuration.limits.eventsPerSubmissionMax
        for start in stride(from: 0, to: events.count, by: most) {
            let piece = Array(events[start..<min(start + most, events.count)])
            let id = SubmissionID(number())
            let load = Load(piece)
            submissions[id] = Submission(link: link, batch: batch, source: source, load: load)
            unjudged += load
            conversations[relay]?.arrivals[id] = wall
            conversations[relay]?.unjudged += load
            if let batch { pending.batches[relay]?[batch]?.unjudged += piece.count }
            effects.append(.submit(id, link, piece))
        }
        pauseReading(relay)
    }

    /// It answers: the dial was a success.
    mutating func answered(_ subscription: UpstreamConversation.Subscription, of relay: RelayURL) {
        if conversations[relay]?.hasAnswered == false {
            conversations[relay]?.hasAnswered = true
            succeeded(relay)
        }
        answeredAt = wall
        conversations[relay]?.answered(subscription)
    }

    /// EOSE.
    private mutating func answered(_ id: SubscriptionID, of relay: RelayURL) {
        guard let subscription = conversations[relay]?.subscriptions[id], !subscription.isEstablished else {
            let isLate = conversations[relay].map { $0.wasOpen(id) && $0.subscriptions[id] == nil } ?? false
            return isLate ? late(relay, 1) : offended(relay, weight: 1)
        }
        if case .reconciliation = subscription.role { return offended(relay, weight: 1) }
        answered(subscription, of: relay)
        if case .probe = subscription.role {} else { gave(relay) }
        report(.answered(relay, after: now - subscription.openedAt))
        switch subscription.role {
        case .live: liveOpened(id, of: relay)
        case .history(let batch): pageEnded(id, of: batch, at: relay)
        case .fetch(let reconciliation): fetchEnded(id, of: reconciliation)
        case .probe, .reconciliation: end(id, of: relay)
        }
    }

    private mutating func closed(_ id: SubscriptionID, of relay: RelayURL, _ text: String) {
        let reason = ClosedReason(text)
        guard let subscription = conversations[relay]?.subscriptions.removeValue(forKey: id) else {
            // Of a question that we took back meanwhile: it is asked too much all the same.
            if reason == .rateLimited, conversations[relay]?.wasOpen(id) == true { slowDown(relay) }
            return late(relay, 1)
        }
        report(.closed(relay, id, text))
        let mayComeAgain = mayComeAgain(subscription, of: relay, reason)
        let refusal = conversations[relay]?.authentication.refusal
        let words = UpstreamWords.short(text)
        if !mayComeAgain, !subscription.isReconciliation, let batch = subscription.batch {
            pending.batches[relay]?[batch]?.words =
                reason == .authRequired ? refusal ?? words : words
        }
        // After what follows from it, which has less to say.
        defer {
            // What cannot be reconciled is read page by page: that is no failure.
            if !mayComeAgain && !subscription.isReconciliation || reason == .rateLimited {
                relays.entries[relay]?.lastFailure =
                    reason == .authRequired && refusal != nil
                    ? refusal : "closed: \(words)"
            }
        }
        switch subscription.role {
        case .live(let live):
            if subscription.isEstablished {
                if now - subscription.openedAt >= configuration.stableAfter {
                    conversations[relay]?.liveLosses = 0
                }
                liveLost(id, live, of: relay, words)
            } else if mayComeAgain {
                livePostponed(live, of: relay)
            } else {
                liveRefused(id, live, of: relay)
            }
        case .history(let batch):
            if mayComeAgain {
                historyInterrupted(id, of: batch, at: relay)
            } else {
                historyFailed(id, of: batch, at: relay, reason == .restricted ? .restricted : .closed)
            }
        case .fetch(let reconciliation):
            if mayComeAgain {
                fetchInterrupted(id, of: reconciliation)
            } else {
                endReconciling(reconciliation, paged: .refused)
            }
        case .reconciliation(let reconciliation):
            if mayComeAgain {
                postponeReconciling(reconciliation)
            } else {
                reconciliationRefused(reconciliation, text)
            }
        case .probe: break
        }
    }

    /// Takes from a CLOSED what it asks of us.
    ///
    /// - Returns: whether the same question may be asked again, without being counted as a failure.
    mutating func mayComeAgain(
        _ subscription: UpstreamConversation.Subscription, of relay: RelayURL, _ reason: ClosedReason
    ) -> Bool {
        switch reason {
        case .rateLimited:
            slowDown(relay)
            return true
        case .authRequired: return authenticate(relay)
        case .restricted, .error: return false
        case .other:
            if subscription.isEstablished {
                // It may have taken `limit: 0` for a question that is answered.
                limitZeroFailed(subscription, of: relay)
                return false
            }
            // One thing after the other: it may be the limit that it does not like, or how many filters there are.
            if limitZeroFailed(subscription, of: relay) { return true }
            useFewerFilters(relay, than: subscription.filters.count)
            return false
        }
    }

    /// A relay that refuses `limit: 0`, or sends stored events all the same, is asked with `limit: 1` from now on.
    ///
    /// - Returns: whether this is news.
    @discardableResult mutating func limitZeroFailed(
        _ subscription: UpstreamConversation.Subscription, of relay: RelayURL
    ) -> Bool {
        guard subscription.filters.first?.limit == 0, relays.entries[relay]?.knowsLimitZero == true else {
            return false
        }
        relays.entries[relay]?.knowsLimitZero = false
        return true
    }

    /// Messages for subscriptions that have ended: so many may have been on their way.
    mutating func late(_ relay: RelayURL, _ count: Int) {
        guard count > 0, let allowance = conversations[relay]?.lateAllowance else { return }
        conversations[relay]?.lateAllowance = max(0, allowance - count)
        if count > allowance { offended(relay, weight: count - allowance) }
    }

    /// Ends a subscription from our side.
    mutating func end(_ id: SubscriptionID, of relay: RelayURL) {
        guard let conversation = conversations[relay], let subscription = conversation.subscriptions[id]
        else {
            return
        }
        conversations[relay]?.subscriptions[id] = nil
        let allowance = conversation.lateAllowance + configuration.limits.lateAllowance
        conversations[relay]?.lateAllowance = min(allowance, 20 * configuration.limits.lateAllowance)
        // One of negentropy is closed with what was gathered for it.
        if subscription.isReconciliation { return }
        effects.append(.close(conversation.link, id))
    }

    /// Opens a subscription: it is recorded before it is sent.
    mutating func open(
        _ letter: String, _ filters: [Filter], as role: UpstreamConversation.Subscription.Role,
        at relay: RelayURL
    ) -> SubscriptionID? {
        guard let id = conversations[relay]?.newID(letter), let link = conversations[relay]?.link else {
            return nil
        }
        conversations[relay]?.subscriptions[id] = UpstreamConversation.Subscription(
            role: role, filters: filters, openedAt: now, deadline: now + configuration.answerTimeout,
            latest: now + configuration.answerTimeout * configuration.limits.longestAnswer)
        if let gap = relays.entries[relay]?.requestGap, gap > .zero {
            conversations[relay]?.nextRequestAt = now + gap
        }
        if case .reconciliation = role { return id }
        effects.append(.open(link, id, filters))
        return id
    }
}
