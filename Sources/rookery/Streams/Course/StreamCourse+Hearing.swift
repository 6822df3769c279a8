// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// What the relay says.
extension StreamCourse {
    static let liveName: SubscriptionID = "live"

    mutating func hear(_ messages: [RelayMessage], _ effects: inout [Effect]) {
        var fresh: [ParsedEvent] = []
        // What is not ours is the back-fill's, in its order.
        var others: [RelayMessage] = []
        for message in messages {
            switch message {
            case .event(Self.liveName, let event): if isFresh(event, &effects) { fresh.append(event) }
            case .endOfStoredEvents(Self.liveName, _): liveOpened()
            case .closed(Self.liveName, let reason): liveClosed(reason, &effects)
            case .ok(let id, let accepted, let reason):
                if let id = EventID(hex: String(decoding: id.bytes, as: UTF8.self)) {
                    answered(id, accepted, reason, &effects)
                }
            case .authChallenge(let challenge):
                guard challenge.utf8.count <= limits.challengeLength else { break }
                if talk.authentication.take(challenge) { effects.append(.sign(challenge)) }
            case .event(_, let event):
                settled.insert(event.id)
                others.append(message)
            case .endOfStoredEvents, .closed, .negentropyMessage, .negentropyError, .notice:
                others.append(message)
            case .count, .unknown: break
            }
        }
        if !others.isEmpty { passOn(.received(others), &effects) }
        if !fresh.isEmpty { submit(fresh, .live, &effects) }
    }

    /// Whether an event of the live subscription is for our own door.
    private mutating func isFresh(_ event: ParsedEvent, _ effects: inout [Effect]) -> Bool {
        settled.insert(event.id)
        guard takes, terms.filter.matches(event.event) else {
            talk.strays += 1
            effects.append(.note(.arrived(.unasked, 1)))
            return false
        }
        guard !talk.outbox.contains(event.id), !talk.taken.contains(event.id) else {
            effects.append(.note(.arrived(.echo, 1)))
            return false
        }
        talk.came.insert(event.id)
        return true
    }

    // MARK: The live subscription

    mutating func openLive(_ effects: inout [Effect]) {
        guard case .due(let at) = talk.live, now >= at else { return }
        talk.live = .asked(now)
        let since = talk.wantsStored ? wall.advanced(by: -limits.overlap.components.seconds) : nil
        effects.append(.send(.request(Self.liveName, [terms.live(since: since)])))
    }

    private mutating func liveOpened() {
        guard case .asked = talk.live else { return }
        talk.live = .open
        talk.rests = 0
    }

    private mutating func liveClosed(_ reason: String, _ effects: inout [Effect]) {
        let isRefused: Bool
        switch talk.live {
        case .asked: isRefused = true
        case .open: isRefused = false
        case .unwanted, .due: return
        }
        // What was stored there meanwhile is found by another back-fill.
        if !isRefused { fillAgain() }
        talk.live = .due(now)
        if SyncReason.isAuthRequired(reason), showKey(&effects) { return }
        if SyncReason.isRateLimited(reason) { return takeRest(&effects) }
        if isRefused, !talk.wantsStored {
            talk.wantsStored = true
            return
        }
        talk.liveLosses += 1
        effects.append(.note(.liveEnded(UpstreamWords.short(reason))))
        guard talk.liveLosses <= limits.liveLosses else {
            return talk.failure = "it ends the live subscription: \(UpstreamWords.short(reason))"
        }
        talk.live = .due(now + .seconds(1 << min(talk.liveLosses - 1, 5)))
    }

    // MARK: Our key

    /// Something needs a key.
    ///
    /// - Returns: `false` when that does not help.
    mutating func showKey(_ effects: inout [Effect]) -> Bool {
        if !talk.authentication.isUnderWay { talk.freshAt = now }
        switch talk.authentication.need() {
        case .sign(let challenge): effects.append(.sign(challenge))
        case .wait: break
        case .futile: return false
        }
        return true
    }

    mutating func signed(_ proof: Event, _ effects: inout [Effect]) {
        guard talk.authentication.signed(proof) else { return }
        effects.append(.send(.authenticate(ParsedEvent(event: proof))))
    }

    mutating func keyShown(_ isTaken: Bool, _ reason: String, _ effects: inout [Effect]) {
        talk.authentication = isTaken ? .done : .refused
        talk.freshAt = now
        effects.append(.note(.keyShown(taken: isTaken, UpstreamWords.short(reason))))
        passOn(.keyShown(taken: isTaken, reason), &effects)
    }
}
