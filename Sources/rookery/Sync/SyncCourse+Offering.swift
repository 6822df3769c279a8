// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// Sending what the other relay lacks.
extension SyncCourse {
    mutating func offerMore(_ effects: inout [Effect]) {
        let room = limits.offers - unanswered.count - loading.count
        guard loading.isEmpty, !offers.isEmpty, room >= limits.offers / 2 || unanswered.isEmpty,
            unansweredBytes < limits.offerBytes
        else { return }
        let ids = Array(offers.prefix(room))
        offers.removeFirst(ids.count)
        loading = Set(ids)
        effects.append(.load(ids))
    }

    mutating func loaded(_ events: [Event], _ effects: inout [Effect]) {
        guard !loading.isEmpty else { return }
        loading = []
        for event in events { offer(event, &effects) }
    }

    private mutating func offer(_ event: Event, _ effects: inout [Effect]) {
        guard unansweredBytes < limits.offerBytes else { return offers.prepend(event.id) }
        guard !event.isProtected else { return tally.withheld += 1 }
        // Many relays end the conversation over a message that is too long.
        guard event.json.count + Self.aroundEvent <= limits.messageBytes else {
            tally.refused += 1
            return tally.note("\(event.id) is longer than it takes", most: limits.reasons)
        }
        unanswered[event.id] = event
        unansweredBytes += event.json.count
        effects.append(.send(.event(ParsedEvent(event: event))))
    }

    /// **Bytes** of `["EVENT",` and `]`.
    private static let aroundEvent = 10

    mutating func answered(_ text: String, _ accepted: Bool, _ reason: String, _ effects: inout [Effect]) {
        guard let id = EventID(hex: text) else { return }
        if authentication == .sent(id) { return authenticated(accepted, reason, &effects) }
        guard let event = unanswered.removeValue(forKey: id) else { return }
        unansweredBytes -= event.json.count
        if accepted || SyncReason.isDuplicate(reason) {
            tally.sent += 1
        } else if SyncReason.isAuthRequired(reason), authentication.mayHelp {
            offers.prepend(id)
            showKey(reason, &effects)
        } else if SyncReason.isRateLimited(reason), takeRest() {
            offers.prepend(id)
        } else {
            tally.refused += 1
            tally.note(reason, most: limits.reasons)
        }
    }
}
