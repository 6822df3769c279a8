// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

// What is done when it can be done.
extension OutboxCourse {
    mutating func goOn(
        _ now: Uptime, _ wall: Int64, _ effects: inout [Effect],
        using chance: inout some RandomNumberGenerator
    ) {
        if let rest = restUntil, now >= rest { restUntil = nil }
        if let rest = storeRest, now >= rest { storeRest = nil }
        if case .waiting(let until) = phase, now >= until { phase = .idle }
        if case .open(let since) = phase, failures > 0, now - since >= limits.settles { failures = 0 }
        if let first = unanswered.values.map(\.at).min(), now - first >= limits.answer {
            end("it did not answer", now, wall, &effects, using: &chance)
        }
        if let since = key.waitsSince, now - since >= limits.challenge {
            key = .refused("it did not say what to sign")
            giveBack(wall, "auth-required: no answer", using: &chance)
        }
        begin(now, wall, &effects)
        if case .open = phase, restUntil == nil {
            if !key.isUnderWay { send(now, wall, &effects) }
            claim(wall, &effects)
        } else if case .open = phase, !queue.isEmpty, let restUntil {
            // What rests too long would be due again while it is here.
            let moment = wall + (restUntil - now).milliseconds
            for event in queue { outcomes[event.event.id] = .unsent(moment) }
            queue.removeAll()
        }
        if !outcomes.isEmpty, !isSettling, storeRest == nil {
            isSettling = true
            effects.append(.settle(outcomes))
            outcomes = [:]
        }
        if case .open = phase, isDone, !hasWork(wall), now - lastUse >= limits.idle {
            close(&effects)
            phase = .idle
        }
    }

    var isDone: Bool { queue.isEmpty && unanswered.isEmpty && !isClaiming }
    func hasWork(_ wall: Int64) -> Bool { due.map { $0 <= wall } ?? false }

    mutating func begin(_ now: Uptime, _ wall: Int64, _ effects: inout [Effect]) {
        guard phase == .idle, hasWork(wall), restUntil == nil, storeRest == nil else { return }
        if let informedAt, now - informedAt < limits.information { return dial(&effects) }
        phase = .inquiring
        effects.append(.inquire)
    }

    mutating func dial(_ effects: inout [Effect]) {
        number += 1
        phase = .connecting
        key = .idle
        effects.append(.dial(number))
    }

    mutating func claim(_ wall: Int64, _ effects: inout [Effect]) {
        let room = limits.inFlight - queue.count - unanswered.count
        guard !isClaiming, storeRest == nil, hasWork(wall), room >= max(1, limits.inFlight / 2) else {
            return
        }
        isClaiming = true
        effects.append(.claim(room))
    }

    mutating func send(_ now: Uptime, _ wall: Int64, _ effects: inout [Effect]) {
        while let next = queue.first {
            let event = next.event
            if let oldest, event.createdAt.seconds < wall / 1_000 - oldest {
                queue.removeFirst()
                outcomes[event.id] = .old("created_at_lower_limit is \(oldest) seconds")
                continue
            }
            guard unansweredBytes < limits.inFlightBytes, bucket.take(at: now) else { return }
            queue.removeFirst()
            unanswered[event.id] = Sent(event: next, at: now)
            unansweredBytes += event.json.count
            lastUse = now
            effects.append(.send(.event(ParsedEvent(event: event))))
        }
    }
}
