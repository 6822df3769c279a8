// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

// What a relay says, and what is to be done about it.
extension OutboxCourse {
    mutating func hear(
        _ heard: Heard, _ now: Uptime, _ wall: Int64, _ effects: inout [Effect],
        using chance: inout some RandomNumberGenerator
    ) {
        switch heard {
        case .opened:
            phase = .open(since: now)
            lastUse = now
        case .ended(let reason): end(reason, now, wall, &effects, using: &chance)
        case .signed(let proof):
            guard key == .signing else { return }
            key = .sent(proof.id, at: now)
            effects.append(.send(.authenticate(ParsedEvent(event: proof))))
        case .message(.authChallenge(let challenge)):
            switch key {
            case .idle, .challenged: key = .challenged(challenge)
            case .wanted:
                key = .signing
                effects.append(.sign(challenge))
            case .signing, .sent, .done, .refused: break
            }
        case .message(.ok(let id, let accepted, let message)):
            guard let id = EventID(hex: id.string) else { return }
            if case .sent(id, _) = key {
                key = accepted ? .done : .refused(message)
            } else {
                answered(id, accepted: accepted, message, now, wall, &effects, using: &chance)
            }
        case .message: break
        }
    }

    mutating func answered(
        _ id: EventID, accepted: Bool, _ message: String, _ now: Uptime, _ wall: Int64,
        _ effects: inout [Effect],
        using chance: inout some RandomNumberGenerator
    ) {
        guard let sent = unanswered.removeValue(forKey: id) else { return }
        unansweredBytes -= sent.event.event.json.count
        lastUse = now
        let reply = RelayReply(accepted: accepted, message: message)
        if reply != .accepted { effects.append(.note(.refused(id, reply))) }
        switch reply {
        case .accepted:
            outcomes[id] = .accepted
            rests = 0
        case .old: outcomes[id] = .old(message)
        case .rejected: outcomes[id] = .rejected(message)
        case .transient: outcomes[id] = again(sent.event, message, wall, using: &chance)
        case .limited:
            let rest = min(limits.restMost, limits.rest * (1 << min(rests, 20)))
            if restUntil == nil {
                rests += 1
                restUntil = now + rest
                effects.append(.note(.rests(rest)))
            }
            outcomes[id] = .unsent(wall + rest.milliseconds)
        case .needsKey: showKey(for: sent.event, message, now, wall, &effects, using: &chance)
        }
    }

    mutating func showKey(
        for event: OutboundEvent, _ message: String, _ now: Uptime, _ wall: Int64, _ effects: inout [Effect],
        using chance: inout some RandomNumberGenerator
    ) {
        switch key {
        case .idle: key = .wanted(since: now)
        case .challenged(let challenge):
            key = .signing
            effects.append(.sign(challenge))
        case .wanted, .signing, .sent: break
        // It knows us, and that does not help, or not today.
        case .done, .refused:
            outcomes[event.event.id] = again(event, message, wall, using: &chance)
            return
        }
        queue.prepend(event)
    }

    /// Another time, unless it was tried often enough.
    func again(
        _ event: OutboundEvent, _ reason: String, _ wall: Int64,
        using chance: inout some RandomNumberGenerator
    ) -> DeliveryOutcome {
        if event.attempts >= limits.attempts { return .rejected("given up: \(reason)") }
        let full = min(limits.retryMost, limits.retry << Int64(min(max(0, event.attempts - 1), 32)))
        return .again(wall + full - Int64.random(in: 0...(full / 2), using: &chance), reason)
    }
}
