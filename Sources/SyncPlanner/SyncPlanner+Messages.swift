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
            case .endOfStoredEvents(let id):
                submit(&arrivals, from: link)
                answered(id, of: relay)
            case .closed(let id, let text):
                submit(&arrivals, from: link)
                closed(id, of: relay, text)
            case .notice(let text): report(.notice(relay, text))
            case .ok, .authChallenge, .count, .negentropyMessage, .negentropyError, .unknown: break
            }
        }
        submit(&arrivals, from: link)
    }

    private mutating func heard(_ relay: RelayURL) {
        conversations[relay]?.heardAt = now
        conversations[relay]?.heardAtWall = wall
    }

    /// Events of one burst, by where they belong.
    private struct Arrivals {
        var live: [ParsedEvent] = []
        var ofBatch: [BatchID: [ParsedEvent]] = [:]
        var unasked = 0
    }

    private mutating func take(
        _ event: ParsedEvent, of id: SubscriptionID, from relay: RelayURL, into arrivals: inout Arrivals
    ) {
        guard let subscription = conversations[relay]?.subscriptions[id] else {
            arrivals.unasked += 1
            return
        }
        switch subscription.role {
        case .live:
            if subscription.filters.contains(where: { $0.matches(event.event) }) {
                arrivals.live.append(event)
            } else {
                arrivals.unasked += 1
            }
        case .history(let batch):
            guard let pages = pending.batches[relay]?[batch]?.subscriptions[id] else { return }
            let latest = subscription.openedAt + configuration.answerTimeout * 10
            conversations[relay]?.subscriptions[id]?.deadline = min(latest, now + configuration.answerTimeout)
            let isMeasuring = pages.isMeasuring
            if pending.batches[relay]?[batch]?.subscriptions[id]?.take(event.event) == true {
                arrivals.ofBatch[batch, default: []].append(event)
            } else if !isMeasuring {
                arrivals.unasked += 1
            }
        case .probe: arrivals.unasked += 1
        }
    }

    /// Hands the events in, in pieces that the one door likes.
    private mutating func submit(_ arrivals: inout Arrivals, from link: LinkID) {
        defer { arrivals = Arrivals() }
        if arrivals.unasked > 0 { report(.unasked(link.relay, count: arrivals.unasked)) }
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

    /// EOSE.
    private mutating func answered(_ id: SubscriptionID, of relay: RelayURL) {
        guard let subscription = conversations[relay]?.subscriptions[id], !subscription.isEstablished else {
            return
        }
        if conversations[relay]?.hasAnswered == false {
            conversations[relay]?.hasAnswered = true
            relays.entries[relay]?.backoff.succeeded()
            relays.entries[relay]?.lastFailure = nil
            rows.put(relayRow(relay), at: now)
        }
        switch subscription.role {
        case .live: liveOpened(id, of: relay)
        case .history(let batch): pageEnded(id, of: batch, at: relay)
        case .probe: end(id, of: relay)
        }
    }

    private mutating func closed(_ id: SubscriptionID, of relay: RelayURL, _ text: String) {
        guard let subscription = conversations[relay]?.subscriptions.removeValue(forKey: id) else { return }
        report(.closed(relay, id, text))
        switch subscription.role {
        case .live(let live):
            if subscription.isEstablished {
                liveLost(id, live, of: relay)
            } else {
                liveRefused(id, live, of: relay)
            }
        case .history(let batch): historyFailed(id, of: batch, at: relay, .closed)
        case .probe: break
        }
    }

    /// Ends a subscription from our side.
    mutating func end(_ id: SubscriptionID, of relay: RelayURL) {
        guard let conversation = conversations[relay], conversation.subscriptions[id] != nil else { return }
        conversations[relay]?.subscriptions[id] = nil
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
            role: role, filters: filters, openedAt: now, deadline: now + configuration.answerTimeout)
        effects.append(.open(link, id, filters))
        return id
    }
}
