// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Live events, and subscriptions that fell behind them.
extension RelaySession {
    /// Decides on a live event that matches a subscription. Events come in the order of the commit feed.
    ///
    /// Does nothing but decide, so that one event can be handed to very many sessions.
    public mutating func receive(_ live: LiveEvent, for slot: SubscriptionSlot) -> LiveDecision {
        // As nearly always.
        if isWritable, subscriptions.sendAtOnce(live, slot) { return .send }
        let isWritable = isWritable
        let room = Subscription.Room(
            events: bounds.heldEvents, bytes: bounds.heldBytes - subscriptions.heldBytes)
        let decision = subscriptions.update(slot) {
            $0.receive(live, isWritable: isWritable, room: room)
        }
        if decision == .fallBehind, subscriptions[slot]?.phase == .live {
            let number = scans.makeNumber()
            // Whatever of this commit was sent lies after it, in the subscription's own position.
            let before = FeedPosition(commit: live.position.commit)
            subscriptions.update(slot) { $0.fallBehind(after: before, scan: number) }
            scans.add(number, .catchUp(slot))
        }
        return decision ?? .keep
    }

    /// The subscription was not reached by the feed since `position`: it reads on from there by itself.
    ///
    /// For the shell whose own queue of live events overflowed.
    ///
    /// - Returns: how many subscriptions fell behind by this.
    public mutating func missedEvents(after position: FeedPosition) -> Int {
        var fallen = 0
        for slot in subscriptions.openSlots {
            if subscriptions[slot]?.hasGap == false { fallen += 1 }
            guard subscriptions[slot]?.phase == .live else {
                subscriptions.update(slot) { $0.noteGap() }
                continue
            }
            let number = scans.makeNumber()
            subscriptions.update(slot) { $0.fallBehind(after: position, scan: number) }
            scans.add(number, .catchUp(slot))
        }
        return fallen
    }

    /// Something that happened before must not be given to anybody any more: what is held is read from the feed instead,
    /// which knows what is gone.
    ///
    /// - Returns: how many subscriptions fell behind by this.
    public mutating func takeBack() -> Int {
        var fallen = 0
        for slot in subscriptions.openSlots where subscriptions[slot]?.held.isEmpty == false {
            if subscriptions[slot]?.hasGap == false { fallen += 1 }
            subscriptions.update(slot) { $0.noteGap() }
        }
        return fallen
    }

    /// The stored events are sent, or a piece of the feed is: goes live unless more was missed meanwhile.
    mutating func continueLive(_ slot: SubscriptionSlot, _ actions: inout [SessionAction]) {
        guard let subscription = subscriptions[slot] else { return }
        if subscription.hasGap {
            let number = scans.makeNumber()
            subscriptions.update(slot) { $0.awaitCatchUp(number) }
            return scans.add(number, .catchUp(slot))
        }
        let events = subscriptions.update(slot) { $0.goLive() } ?? []
        if !events.isEmpty { actions.append(.deliver(slot, events)) }
    }

    mutating func beginCatchUp(
        _ number: ScanNumber, _ slot: SubscriptionSlot, _ actions: inout [SessionAction]
    ) {
        guard let subscription = subscriptions[slot], let position = subscription.position else { return }
        subscriptions.update(slot) { $0.beginCatchUp(number) }
        actions.append(.catchUp(number, subscription.filters, after: position))
    }

    mutating func caughtUp(
        _ number: ScanNumber, _ report: CatchUpReport, _ actions: inout [SessionAction]
    ) {
        reported(number)
        guard case .catchUp(let slot) = scans[number] else { return }
        switch report {
        case .read(let events, let end, let isComplete):
            if !events.isEmpty { actions.append(.deliver(slot, events.map(\.event))) }
            subscriptions.update(slot) { $0.caughtUp(to: end) }
            if isComplete {
                drop(number, &actions)
                continueLive(slot, &actions)
            } else {
                scans.again(number)
            }
        case .beyondHorizon: close(slot, SessionText.tooFarBehind, &actions)
        case .failed(let failure): close(slot, SessionText.describe(failure), &actions)
        }
    }
}
