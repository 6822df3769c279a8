// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

// How a conversation ends, and how long until something is to be done.
extension OutboxCourse {
    mutating func end(
        _ reason: String, _ now: Uptime, _ wall: Int64, _ effects: inout [Effect],
        using chance: inout some RandomNumberGenerator
    ) {
        guard phase != .idle else { return }
        failures += 1
        let full = min(limits.backoffMost, limits.backoff * (1 << min(failures - 1, 20)))
        let wait = full - .milliseconds(Int64.random(in: 0...(full.milliseconds / 2), using: &chance))
        giveBack(wall, reason, using: &chance)
        close(&effects)
        phase = .waiting(until: now + wait)
        effects.append(.note(.failed(reason, retryIn: wait)))
    }

    /// What was sent may have come there; what was not, has not.
    mutating func giveBack(
        _ wall: Int64, _ reason: String, using chance: inout some RandomNumberGenerator
    ) {
        for (id, sent) in unanswered { outcomes[id] = again(sent.event, reason, wall, using: &chance) }
        for event in queue { outcomes[event.event.id] = .unsent(wall) }
        unanswered = [:]
        unansweredBytes = 0
        queue.removeAll()
    }

    mutating func close(_ effects: inout [Effect]) {
        number += 1
        key = .idle
        effects.append(.hangUp)
    }

    mutating func deadline(_ now: Uptime, _ wall: Int64) -> Uptime? {
        var moments: [Uptime] = []
        if case .waiting(let until) = phase {
            // Nothing is done before, but what is to be written down.
            moments.append(until)
        } else {
            if let due, !isClaiming, due > wall { moments.append(now + .milliseconds(due - wall)) }
            if let restUntil { moments.append(restUntil) }
        }
        if let storeRest { moments.append(storeRest) }
        if case .open(let since) = phase {
            if let first = unanswered.values.map(\.at).min() { moments.append(first + limits.answer) }
            if let since = key.waitsSince { moments.append(since + limits.challenge) }
            if !queue.isEmpty, restUntil == nil, !key.isUnderWay { moments.append(bucket.next(at: now)) }
            if isDone { moments.append(lastUse + limits.idle) }
            if failures > 0 { moments.append(since + limits.settles) }
        }
        return moments.filter { $0 > now }.min()
    }
}
