// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import SyncPlanner

/// Sending what the relay lacks, and nothing twice.
extension StreamCourse {
    /// Whether the relay has an event, or has refused it.
    func isSettled(_ id: EventID) -> Bool { settled.contains(id) || talk.taken.contains(id) }

    mutating func noteNews() {
        talk.hasNews = true
        // In a circle of relays the event is often about to come from the other side.
        talk.followAt = takes ? now + limits.linger : now
    }

    mutating func follow(_ effects: inout [Effect]) {
        guard gives, talk.hasNews, !talk.isFollowing, talk.outbox.hasRoom, now >= talk.followAt else {
            return
        }
        talk.hasNews = false
        talk.isFollowing = true
        effects.append(.follow(after: talk.feed))
    }

    mutating func followed(_ page: FeedPage, _ effects: inout [Effect]) {
        talk.isFollowing = false
        switch page {
        case .commits(let commits):
            for event in commits.flatMap(\.stored) where terms.maySend(event) && !isSettled(event.id) {
                talk.outbox.add(event.id)
            }
            guard let last = commits.last?.sequence else { return }
            talk.feed = last
            talk.hasNews = true
        case .beyondHorizon(let latest):
            talk.feed = latest
            guard reconciles == false else { return fillAgain() }
            talk.hasGaps = true
            effects.append(.note(.missed))
        }
    }

    mutating func loaded(_ events: [Event], _ effects: inout [Effect]) {
        let length = talk.manners?.messageLength ?? .max
        var fitting: [Event] = []
        // While it waited, the relay may have sent it itself.
        for event in events where terms.maySend(event) && !settled.contains(event.id) {
            // `["EVENT",` and `]`
            if event.json.count + 10 <= length {
                fitting.append(event)
            } else {
                settled.insert(event.id)
                effects.append(.note(.answered(.tooLong, "")))
            }
        }
        for event in talk.outbox.loaded(fitting, at: now) {
            effects.append(.send(.event(ParsedEvent(event: event))))
        }
    }

    mutating func answered(_ id: EventID, _ accepted: Bool, _ reason: String, _ effects: inout [Effect]) {
        if talk.authentication == .sent(id) { return keyShown(accepted, reason, &effects) }
        guard talk.outbox.answered(id) else { return }
        let answer = StreamAnswer(accepted: accepted, reason)
        if answer.isThere {
            talk.taken.insert(id)
            (talk.refusals, talk.rests) = (0, 0)
        } else if answer == .authRequired, talk.authentication.mayHelp {
            talk.outbox.putBack(id)
            _ = showKey(&effects)
            return
        } else if answer == .rateLimited {
            talk.outbox.putBack(id)
            takeRest(&effects)
        } else {
            // A fault of the moment; the next back-fill finds the event again.
            if answer != .error { settled.insert(id) }
            talk.refusals += 1
            if talk.refusals % limits.refusalsInARow == 0 { takeRest(&effects) }
        }
        effects.append(.note(.answered(answer, accepted ? "" : UpstreamWords.short(reason))))
    }
}
