// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Events that are too long to be read: passed over, counted, and told. What is older is read all the same.
extension SyncPlanner {
    /// More came of one: whoever waits for an answer has it coming.
    mutating func skipping(_ link: LinkID) {
        let relay = link.relay
        guard conversations[relay]?.link == link else { return }
        touched.insert(relay)
        heard(relay)
        // Which question it answers is known at its end only.
        for (id, subscription) in conversations[relay]?.subscriptions ?? [:] where !subscription.isEstablished
        {
            extendDeadline(of: id, at: relay)
        }
    }

    /// One has ended.
    mutating func skipped(_ link: LinkID, _ event: SkippedEvent) {
        let relay = link.relay
        guard conversations[relay]?.link == link else { return }
        skipping(link)
        let count = relays.entries[relay]?.skipped?.count ?? 0
        relays.entries[relay]?.skipped = SkippedEvents(count: count + 1, last: event, lastAt: wall)
        report(.skipped(relay, event))
        if wasAsked(event, of: relay) {
            // Others may have put it there: only very much of it is held against the relay.
            let length = (conversations[relay]?.skippedLength ?? 0) + event.length
            let most = configuration.limits.askedBytesPerOffence
            conversations[relay]?.skippedLength = length % most
            if length >= most { offended(relay, weight: length / most) }
        } else {
            report(.unasked(relay, count: 1))
            offended(relay, weight: max(1, event.length / configuration.limits.skippedBytesPerOffence))
        }
    }

    /// Puts it where it belongs.
    ///
    /// - Returns: `false` for one that nobody asked for.
    private mutating func wasAsked(_ event: SkippedEvent, of relay: RelayURL) -> Bool {
        guard let subscription = conversations[relay]?.subscriptions[event.subscription] else {
            // What was on its way when we closed it is no offence.
            return conversations[relay]?.wasOpen(event.subscription) == true
        }
        switch subscription.role {
        case .live:
            if !subscription.isEstablished { limitZeroFailed(subscription, of: relay) }
            return subscription.filters.contains { event.mayMatch($0) }
        case .history(let batch):
            let arrival = pending.batches[relay]?[batch]?.subscriptions[event.subscription]?.take(event)
            return arrival != .unasked
        case .fetch(let reconciliation):
            guard let outline = event.outline else { return true }
            let arrival = takeFetched(
                outline.event, of: event.subscription, reconciliation, hasAllTags: outline.hasAllTags)
            return arrival != .unasked
        case .probe, .reconciliation: return false
        }
    }
}

extension SkippedEvent {
    /// Whether it matches a filter as far as is known of it.
    fileprivate func mayMatch(_ filter: Filter) -> Bool { outline?.mayMatch(filter) ?? true }
}

extension EventOutline {
    /// Whether the event matches a filter as far as is known of it.
    func mayMatch(_ filter: Filter) -> Bool {
        var filter = filter
        if !hasAllTags { filter.tags = [] }
        return filter.matches(event)
    }
}
