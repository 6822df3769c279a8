// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Batches: opened, read page by page, confirmed or failed.
extension SyncPlanner {
    /// Opens batches for what is queued, as many at a time as the relay lets us.
    mutating func openBatches(_ relay: RelayURL) {
        guard phase == .running, storeTrouble.notBefore == nil else { return }
        while let entry = relays.entries[relay], case .up(let link) = entry.link, !entry.queue.isEmpty,
            pending.count(of: relay) < batchesMax(of: relay), mayOpen(relay),
            // Who refused everything is asked for one thing, to see.
            entry.refusal == nil || pending.count(of: relay) == 0
        {
            let (items, since) = nextGroup(entry, at: relay)
            let needLive = items.lasting.subtracting(followed(at: relay))
            if !needLive.isEmpty, conversations[relay]?.liveChange != nil { return }
            let batch = Batch(
                id: BatchID(number()), link: link, items: items, source: source(of: items, in: entry),
                since: since, coveredUntil: wall, openedAt: now)
            pending.insert(batch)
            relays.entries[relay]?.queue.subtract(items)
            report(.batchOpened(relay, batch.id, items: items.count))
            let again = items.intersection(entry.setbacks.items).count
            if again > 0 { report(.retried(relay, batch.id, items: again)) }
            if needLive.isEmpty {
                openHistory(batch.id, at: relay)
            } else {
                openLive(needLive, for: batch.id, at: relay)
            }
        }
    }

    /// The first items of the queue that fit into one REQ and start at the same time, roughly. What was complete once and what
    /// is new are not reconciled together: of the one nearly all is here, of the other next to nothing.
    private func nextGroup(_ entry: RelayEntry, at relay: RelayURL) -> (items: ItemSet, since: Timestamp?) {
        var limits = limits(of: relay)
        // Where live subscriptions are packed by themselves, a history asks for its filters in turn.
        if conversations[relay]?.packed != nil {
            limits.maxFilters = max(limits.maxFilters, UpstreamLimits().maxFilters)
        }
        // A relay that refuses everything is not asked for thousands of items one by one.
        let leastTogether = max(1, entry.setbacks.count / configuration.limits.smallGroupsMax)
        let starts = historyStarts(of: entry, at: relay)
        let reconciles = mayReconcile(relay)
        var plan = plan(ItemSet())
        var since: Timestamp?
        var isKnown: Bool?
        for item in entry.queue {
            // What failed together again and again is asked in ever smaller groups, until who fails is alone.
            let attempts = min(entry.setbacks[item]?.attempts ?? 0, 16)
            if attempts > 1, plan.items.count >= max(256 >> (attempts - 2), leastTogether) { break }
            let start = starts.start(of: item, in: entry)
            if !plan.items.isEmpty, (start == nil) != (since == nil) { continue }
            let wasComplete = entry.cursors[item] != nil
            if reconciles, start == nil, items[item].family != .reference {
                if let isKnown, isKnown != wasComplete { continue }
                isKnown = wasComplete
            }
            guard plan.insert(item, in: items, ifFits: limits) else { break }
            since = start.map { min(since ?? $0, $0) }
        }
        return (plan.items, since)
    }

    private func source(of items: ItemSet, in entry: RelayEntry) -> SyncSource {
        if let audit = entry.audit, !audit.remaining.isDisjoint(with: items) { return .daily }
        return entry.connections == 1 ? .startup : .reconnect
    }

    private func historyStarts(of entry: RelayEntry, at relay: RelayURL) -> HistoryStarts {
        HistoryStarts(
            wall: wall, overlap: configuration.overlap.components.seconds,
            window: configuration.quickReconnectWindow.components.seconds,
            audited: entry.audit?.remaining ?? ItemSet(),
            // An audit goes back to before the last one, however long that took.
            auditedFrom: entry.lastAudit?.advanced(
                by: -configuration.dailyResync.upperBound.components.seconds),
            connectedAt: conversations[relay]?.startedAtWall, followedSince: repositories.followedSince)
    }

    // MARK: History

    /// Starts reading, now that live subscriptions cover what comes meanwhile.
    mutating func openHistory(_ id: BatchID, at relay: RelayURL) {
        guard let batch = pending.batches[relay]?[id] else { return }
        let plan = plan(batch.items)
        pending.batches[relay]?[id]?.phase = .history
        let filters = plan.filters(in: items, since: batch.since)
        if startReconciling(filters, of: batch, at: relay) { return }
        page(filters, of: id, at: relay)
    }

    /// Reads these page by page.
    mutating func page(_ filters: [Filter], of id: BatchID, at relay: RelayURL) {
        guard let batch = pending.batches[relay]?[id] else { return }
        guard !filters.isEmpty else { return historyEnded(id, at: relay) }
        // An audit finds what any other reading might miss: it reads by a stricter rule.
        let pages = HistoryPages(
            filters: filters, limits: limits(of: relay), isExact: batch.source == .daily)
        ask(pages, of: id, at: relay)
    }

    private mutating func ask(_ pages: HistoryPages, of id: BatchID, at relay: RelayURL) {
        guard mayOpen(relay) else {
            pending.batches[relay]?[id]?.waiting = pages
            touched.insert(relay)
            return
        }
        guard let subscription = open("h", pages.request, as: .history(id), at: relay) else { return }
        pending.batches[relay]?[id]?.subscriptions[subscription] = pages
        pending.batches[relay]?[id]?.pages += 1
    }

    /// Asks for the pages that had to wait.
    mutating func askWaiting(_ relay: RelayURL) {
        for id in pending.ordered(relay) where mayOpen(relay) {
            guard let pages = pending.batches[relay]?[id]?.waiting else { continue }
            pending.batches[relay]?[id]?.waiting = nil
            ask(pages, of: id, at: relay)
        }
    }

    /// The relay ended a page because of how it was asked: it is asked for again when that may be.
    mutating func historyInterrupted(_ subscription: SubscriptionID, of id: BatchID, at relay: RelayURL) {
        guard var pages = pending.batches[relay]?[id]?.subscriptions.removeValue(forKey: subscription) else {
            return
        }
        pages.pageInterrupted()
        report(.pageRetried(relay))
        ask(pages, of: id, at: relay)
    }

    /// EOSE of a page.
    mutating func pageEnded(_ subscription: SubscriptionID, of id: BatchID, at relay: RelayURL) {
        end(subscription, of: relay)
        guard let batch = pending.batches[relay]?[id],
            var pages = pending.batches[relay]?[id]?.subscriptions.removeValue(forKey: subscription),
            var caps = conversations[relay]?.caps
        else { return }
        report(.pageRead(relay))
        let step = pages.pageEnded(caps: &caps, limits: limits(of: relay))
        conversations[relay]?.caps = caps
        switch step {
        case .nextPage where batch.pages >= configuration.limits.pagesPerBatchMax:
            historyFailed(subscription, of: id, at: relay, .endless)
            offended(relay, weight: configuration.limits.offencesMax / 2)
        case .nextPage: ask(pages, of: id, at: relay)
        case .overfull: historyFailed(subscription, of: id, at: relay, .overfull)
        case .finished:
            if pages.hasUnreadable { pending.batches[relay]?[id]?.failure = .unreadableEvent }
            if pages.hasGap { pending.batches[relay]?[id]?.failure = .unreadableSecond }
            historyEnded(id, at: relay)
        }
    }

    mutating func historyFailed(
        _ subscription: SubscriptionID, of id: BatchID, at relay: RelayURL, _ failure: BatchFailure
    ) {
        let pages = pending.batches[relay]?[id]?.subscriptions[subscription]
        // Some relays refuse a filter that matches anything: then nothing is known of their cap.
        if pages?.isMeasuring == true, failure == .closed || failure == .restricted {
            return pageEnded(subscription, of: id, at: relay)
        }
        pending.batches[relay]?[id]?.subscriptions[subscription] = nil
        pending.batches[relay]?[id]?.failure = failure
        historyEnded(id, at: relay)
    }

    private mutating func historyEnded(_ id: BatchID, at relay: RelayURL) {
        guard let batch = pending.batches[relay]?[id], batch.subscriptions.isEmpty, batch.waiting == nil,
            batch.reconciling == nil
        else {
            return
        }
        pending.batches[relay]?[id]?.phase = .judging
        confirmFinished(relay)
    }

    // MARK: The end

    /// Confirms or fails the batches of which everything is known.
    mutating func confirmFinished(_ relay: RelayURL) {
        for id in pending.ordered(relay) {
            guard let batch = pending.batches[relay]?[id], batch.phase == .judging, batch.unjudged == 0,
                batch.lastCommit <= followedThrough
            else { continue }
            touched.insert(relay)
            _ = pending.remove(id, of: relay)
            if let failure = batch.failure { fail(batch, failure) } else { confirm(batch) }
        }
    }

    private mutating func confirm(_ batch: Batch) {
        let relay = batch.link.relay
        let followed = followed(at: relay)
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        let read = batch.items.subtracting(batch.stale)
        let notLive = read.lasting.subtracting(followed)
        let complete = read.subtracting(notLive).intersection(entry.wanted)
        entry.confirmed.formUnion(complete)
        // What is read in rounds is complete until this one began, however far the relay as a whole has come.
        let behind = complete.lasting.intersection(entry.inRounds)
        entry.behind.subtract(complete)
        entry.behind.formUnion(behind)
        for item in complete.intersection(entry.setbacks.items) { entry.setbacks[item] = nil }
        for item in complete.lasting {
            entry.cursors[item] = batch.coveredUntil
            rows.put(cursorOf: item, at: relay, batch.coveredUntil, isBehind: behind.contains(item), at: now)
        }
        relays.entries[relay] = entry
        speedUp(relay)
        audited(read, of: relay)
        if !batch.items.intersection(entry.wanted).isSubset(of: complete) { refreshQueue(relay) }
        report(
            .batchConfirmed(
                relay, batch.id, items: batch.items.count, pages: batch.pages, took: now - batch.openedAt))
    }

    /// Everything of it goes back to wanted: it could not be asked now.
    mutating func postpone(_ id: BatchID, at relay: RelayURL) {
        for reconciliation in pending.batches[relay]?[id]?.reconciling?.ordered ?? [] {
            release(reconciliation)
        }
        guard pending.remove(id, of: relay) != nil else { return }
        refreshQueue(relay)
        report(.batchFailed(relay, id, .postponed, retryIn: mayAskAt(relay).map { $0 - now } ?? .zero))
    }

    /// Everything of it goes back to wanted, to be asked again after a while.
    private mutating func fail(_ batch: Batch, _ failure: BatchFailure) {
        let relay = batch.link.relay
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        let failedBefore = batch.items.intersection(entry.setbacks.items)
        var backoff = Backoff(attempts: failedBefore.compactMap { entry.setbacks[$0]?.attempts }.max() ?? 0)
        let wait = backoff.failed(
            at: now, base: configuration.backoffBase, most: configuration.backoffMax, using: &chance)
        // Who does not answer may have said why in a NOTICE.
        let words = failure == .timeout ? conversations[relay]?.lastNotice : batch.words
        let setback = Setback(
            backoff: backoff, reason: words.map { "\(failure.rawValue): \($0)" } ?? failure.rawValue)
        for item in batch.items.intersection(entry.wanted) { entry.setbacks[item] = setback }
        // Who gives nothing at all is not asked for one thing after the other.
        if failure.isRefusal, conversations[relay]?.hasGiven == false { entry.refusal = setback }
        entry.lastFailure = "batch: \(failure.rawValue)"
        relays.entries[relay] = entry
        // All that can be had of it was read: an audit ends, and the gap remains to be seen.
        if failure == .unreadableSecond || failure == .unreadableEvent {
            audited(batch.items.subtracting(batch.stale), of: relay)
        }
        refreshQueue(relay)
        report(.batchFailed(relay, batch.id, failure, retryIn: wait))
    }
}
