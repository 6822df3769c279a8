// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The open subscriptions of one connection, by slot and by id.
struct SubscriptionTable: Sendable {
    private var slots: [Subscription?] = []
    private var slotsByID: [SubscriptionID: Int] = [:]
    private var freeSlots: [Int] = []
    /// The length of the requests behind them, in **bytes**.
    private(set) var size = 0
    /// What all held events take, in **bytes**.
    private(set) var heldBytes = 0

    var count: Int { slotsByID.count }

    func slot(of id: SubscriptionID) -> SubscriptionSlot? {
        slotsByID[id].map(SubscriptionSlot.init)
    }

    subscript(slot: SubscriptionSlot) -> Subscription? {
        slots.indices.contains(slot.index) ? slots[slot.index] : nil
    }

    mutating func insert(_ subscription: Subscription) -> SubscriptionSlot {
        precondition(slotsByID[subscription.id] == nil, "a subscription id is open once")
        size += subscription.size
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(subscription) } else { slots[index] = subscription }
        slotsByID[subscription.id] = index
        return SubscriptionSlot(index: index)
    }

    mutating func remove(_ slot: SubscriptionSlot) -> Subscription? {
        guard let subscription = self[slot] else { return nil }
        slots[slot.index] = nil
        slotsByID[subscription.id] = nil
        freeSlots.append(slot.index)
        size -= subscription.size
        heldBytes -= subscription.heldBytes
        if count == 0 { (slots, slotsByID, freeSlots) = ([], [:], []) }
        return subscription
    }

    /// Changes a subscription in place.
    @discardableResult
    mutating func update<R>(_ slot: SubscriptionSlot, _ change: (inout Subscription) -> R) -> R? {
        guard slots.indices.contains(slot.index) else { return nil }
        var grown = 0
        let result = slots[slot.index]?.change { subscription in
            let before = subscription.heldBytes
            defer { grown = subscription.heldBytes - before }
            return change(&subscription)
        }
        heldBytes += grown
        return result
    }

    /// - Returns: whether the event is sent now, to a subscription that is live; otherwise nothing has changed.
    mutating func sendAtOnce(_ live: LiveEvent, _ slot: SubscriptionSlot) -> Bool {
        guard slots.indices.contains(slot.index) else { return false }
        return slots[slot.index]?.sendAtOnce(live) ?? false
    }

    var openSlots: [SubscriptionSlot] {
        slots.indices.filter { slots[$0] != nil }.map(SubscriptionSlot.init)
    }
}
