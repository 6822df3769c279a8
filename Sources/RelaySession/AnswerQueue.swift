// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// The answers owed for events, in the order the events came, whatever the order of the verdicts.
struct AnswerQueue: Sendable {
    private enum Entry: Sendable {
        case waiting(EventID)
        case ready(RelayMessage)
    }

    private var entries: Deque<Entry> = []
    /// The ticket of the first entry.
    private var first: UInt64 = 0
    /// Events whose verdict has not come.
    private(set) var inFlight = 0

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    mutating func wait(for id: EventID) -> EventTicket {
        entries.append(.waiting(id))
        inFlight += 1
        return EventTicket(number: first + UInt64(entries.count) - 1)
    }

    /// An answer that is known already and waits for those before it.
    mutating func add(_ answer: RelayMessage) { entries.append(.ready(answer)) }

    /// Settles one event; a ticket that is settled already, or never was, changes nothing.
    mutating func settle(_ ticket: EventTicket, accepted: Bool, message: String) {
        guard ticket.number >= first, ticket.number - first < UInt64(entries.count) else { return }
        let index = Int(ticket.number - first)
        guard case .waiting(let id) = entries[index] else { return }
        inFlight -= 1
        entries[index] = .ready(.ok(id, accepted: accepted, message: message))
    }

    /// The next answer that may go out.
    mutating func popReady() -> RelayMessage? {
        guard case .ready(let answer) = entries.first else { return nil }
        entries.removeFirst()
        first += 1
        // A resting client holds no room for answers.
        if entries.isEmpty { entries = [] }
        return answer
    }
}
