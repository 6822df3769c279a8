// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension RelaySession {
    /// Sends an answer behind those that are owed for earlier events.
    mutating func answer(_ message: RelayMessage, _ actions: inout [SessionAction]) {
        if answers.isEmpty { return actions.append(.send(message)) }
        answers.add(message)
    }

    /// The verdict on an event. A false one costs patience, as it costs us a look at its signature.
    mutating func judged(
        _ ticket: EventTicket, _ accepted: Bool, _ message: String, at moment: Uptime,
        _ actions: inout [SessionAction]
    ) {
        if !accepted, message.hasPrefix(SessionText.authRequired) { challenge(&actions) }
        answers.settle(ticket, accepted: accepted, message: message)
        sendReadyAnswers(&actions)
        if !accepted, message.hasPrefix(SessionText.invalid) {
            losePatience(forFalseEventAt: moment, &actions)
        }
    }

    mutating func sendReadyAnswers(_ actions: inout [SessionAction]) {
        while let answer = answers.popReady() { actions.append(.send(answer)) }
    }

    /// Says what was wrong with a message, to whom it concerns: a `NOTICE` only where no id is known.
    mutating func refuse(_ error: ClientMessageError, _ actions: inout [SessionAction]) {
        switch error {
        case .badEvent(let id?, let reason):
            answer(.ok(id, accepted: false, message: "invalid: \(reason)"), &actions)
        case .badEvent(nil, let reason): answer(.notice("invalid: \(reason)"), &actions)
        case .badRequest(let id, let reason):
            if let slot = subscriptions.slot(of: id) { end(slot, &actions) }
            answer(.closed(id, message: Self.describe(reason)), &actions)
        case .badNegentropy(let id, let reason):
            refuseReconciliation(id, Self.describe(reason), &actions)
        case .unreadable(let reason): answer(.notice("invalid: \(reason)"), &actions)
        }
    }

    private static func describe(_ error: FilterError) -> String {
        switch error {
        case .invalid(let reason): "invalid: \(reason)"
        case .unsupported(let reason): "unsupported: \(reason)"
        }
    }
}
