// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport

// What relays do.
extension World {
    mutating func publish(_ event: Event, on url: RelayURL) {
        guard relays[url]?.publish(event, at: now) == true, let relay = relays[url], let link = relay.link
        else { return }
        for (id, filters) in relay.subscriptions.sorted(by: { $0.key.text < $1.key.text })
        where relay.established.contains(id) && filters.contains(where: { $0.matches(event) }) {
            if !happens(relay.manners.losesLive) { send([.event(id, event)], over: link) }
        }
    }

    mutating func request(_ link: LinkID, _ id: SubscriptionID, _ filters: [Filter]) {
        guard let relay = relays[link.relay], relay.link == link else { return }
        relays[link.relay]?.subscriptions[id] = filters
        let open = (relays[link.relay]?.subscriptions.count ?? 0) + relay.sessions.count
        if open > known(link.relay).maxSubscriptions ?? 20 {
            complain("\(link.relay) has \(open) subscriptions")
        }
        let isLive = id.text.string.hasPrefix("l")
        if happens(relay.manners.drops) { return dropLink(link.relay) }
        if happens(relay.manners.isSilent) {
            if isLive { relays[link.relay]?.liveWentWrong = true }
            return
        }
        if relay.manners.wantsAuth, !relay.knowsUs {
            if isLive { relays[link.relay]?.liveWentWrong = true }
            relays[link.relay]?.subscriptions[id] = nil
            if relay.manners.refusesAuth { noteRefusal(link.relay) }
            return send([.closed(id, message: "auth-required: who are you")], over: link)
        }
        if happens(relay.manners.limitsRate) {
            // While it is left alone, what a waiting history asks for may no longer be wanted live.
            relays[link.relay]?.liveWentWrong = true
            // Some say so without ending anything.
            if Bool.random(using: &rng) { return send([.notice("rate-limited: slow down")], over: link) }
            relays[link.relay]?.subscriptions[id] = nil
            return send([.closed(id, message: "rate-limited: slow down")], over: link)
        }
        if relay.manners.limitZero == .refused, filters.contains(where: { $0.limit == 0 }) {
            relays[link.relay]?.subscriptions[id] = nil
            return send([.closed(id, message: "invalid: limit")], over: link)
        }
        if happens(relay.manners.floods) { flood(id, over: link) }
        let refuses = relay.manners.refusesTags && filters.contains { !$0.tags.isEmpty }
        if refuses || happens(isLive ? relay.manners.closesLive : relay.manners.closes) {
            if isLive { relays[link.relay]?.liveWentWrong = true }
            relays[link.relay]?.subscriptions[id] = nil
            return send([.closed(id, message: "error: not today")], over: link)
        }
        var messages: [RelayMessage] = []
        for event in relay.answer(filters) {
            if happens(relay.manners.forges), let forged = event.forged {
                messages.append(.event(id, forged))
            }
            messages.append(.event(id, event))
        }
        messages.append(.endOfStoredEvents(id))
        relays[link.relay]?.established.insert(id)
        while !messages.isEmpty {
            let burst = min(messages.count, Int.random(in: 1...40, using: &rng))
            send(Array(messages.prefix(burst)), over: link)
            messages.removeFirst(burst)
        }
        if isLive, happens(relay.manners.closesLive / 2) {
            relays[link.relay]?.subscriptions[id] = nil
            relays[link.relay]?.established.remove(id)
            relays[link.relay]?.liveWentWrong = true
            send([.closed(id, message: "error: enough")], over: link)
        }
    }

    mutating func send(_ messages: [RelayMessage], over link: LinkID) {
        arrive(.deliver(link, messages), over: link)
    }

    /// Much that nobody asked for.
    private mutating func flood(_ id: SubscriptionID, over link: LinkID) {
        var events = ModelEvents(rng: rng.split())
        let unasked = (0..<1100).map { _ in events.event(20_001, by: 9, at: wall, []) }
        send(unasked.map { .event(id, $0) }, over: link)
    }

    mutating func takeAuthentication(_ link: LinkID, _ id: EventID) {
        guard let relay = relays[link.relay], relay.link == link else { return }
        let isAccepted = !relay.manners.refusesAuth
        relays[link.relay]?.knowsUs = isAccepted
        send([.ok(TagValue(id.hex), accepted: isAccepted, message: "")], over: link)
    }

    /// Whoever says that it is asked too much must be left alone from the moment when that was heard.
    private mutating func noteRate(_ link: LinkID, _ messages: [RelayMessage]) {
        for message in messages {
            switch message {
            case .closed(_, let text) where text.hasPrefix("rate-limited:"),
                .negentropyError(_, let text, _) where text.hasPrefix("rate-limited:"),
                .notice(let text) where text.hasPrefix("rate-limited:"):
                relays[link.relay]?.quietUntil = now + .seconds(65)
            default: break
            }
        }
    }

    mutating func deliver(_ link: LinkID, _ messages: [RelayMessage]) {
        guard let relay = relays[link.relay], relay.link == link else { return }
        if happens(relay.manners.drops) { return dropLink(link.relay) }
        if relay.isPaused {
            relays[link.relay]?.heldBack.append(messages)
        } else {
            noteRate(link, messages)
            tell(.received(link, messages))
        }
    }

    mutating func resume(_ link: LinkID) {
        guard let relay = relays[link.relay], relay.link == link else { return }
        relays[link.relay]?.isPaused = false
        relays[link.relay]?.heldBack = []
        // A resumed socket brings what waited, in order, and from another call.
        for messages in relay.heldBack { agenda.add(.inLife(life, .deliver(link, messages)), at: now) }
        relays[link.relay]?.lastArrival = max(relay.lastArrival, now)
    }

    mutating func dropLink(_ url: RelayURL) {
        guard let link = relays[url]?.link else { return }
        relays[url]?.hangUp()
        later(1...100, .tell(.linkDown(link, .lost), life: life))
    }
}
