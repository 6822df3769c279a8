// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore
import SyncPlanner

/// Asking for events by their ids, several requests at a time, or page by page.
extension SyncCourse {
    mutating func askForMore(_ effects: inout [Effect]) {
        if case .waiting = stage, setbacks > 0 { beginReconciling(&effects) }
        if case .resting(let pages, let caps) = stage { turnPage(pages, caps, &effects) }
        // Few ids wait for more of them while the difference is still being found out.
        while requests.count < limits.requests, !wanted.isEmpty,
            wanted.count >= idsPerRequest || requests.isEmpty || isReady
        {
            let ids = Array(wanted.prefix(idsPerRequest))
            wanted.removeFirst(ids.count)
            let name = makeName()
            requests[name] = Request(asked: ids.count, rest: Set(ids))
            effects.append(.send(.request(name, [Filter(ids: ids)])))
        }
    }

    private var isReady: Bool { if case .ready = stage { true } else { false } }

    /// Whether an event came that was asked for.
    mutating func takes(_ event: Event, under name: SubscriptionID) -> Bool {
        if case .paging(var pages, let caps, name) = stage {
            let arrival = pages.take(event)
            stage = .paging(pages, caps, name)
            if arrival == .unasked { tally.unasked += 1 }
            return arrival == .fresh && isNew(event)
        }
        guard terms.filter.matches(event), requests[name]?.rest.remove(event.id) != nil else {
            tally.unasked += 1
            return false
        }
        vain[event.id] = nil
        return true
    }

    /// Whether it did not come on an earlier page: pages overlap by the second at which one ends.
    private mutating func isNew(_ event: Event) -> Bool {
        if event.createdAt < oldest.second { oldest = (event.createdAt, []) }
        return event.createdAt > oldest.second || oldest.ids.insert(event.id).inserted
    }

    mutating func ended(_ name: SubscriptionID, _ effects: inout [Effect]) {
        if case .paging(var pages, var caps, name) = stage {
            effects.append(.send(.close(name)))
            switch pages.pageEnded(caps: &caps, limits: terms.pages) {
            case .nextPage: return turnPage(pages, caps, &effects)
            case .overfull: return fail("it sends more than it is asked for")
            case .finished:
                stage = .ready
                if pages.hasGap {
                    tally.failure = "more than it returns at once was made in one second"
                    if readsAll { tally.failure? += "; run it again to reconcile" }
                }
                return
            }
        }
        guard let request = requests.removeValue(forKey: name) else { return }
        effects.append(.send(.close(name)))
        let came = request.asked - request.rest.count
        if came == 0 { return askAgain(request.rest.sorted(), why: nil) }
        // Where some came, others may have been cut off; the next requests are no longer than that.
        if !request.rest.isEmpty { idsPerRequest = max(Self.leastIDs, min(idsPerRequest, came)) }
        wanted += request.rest.sorted()
    }

    private static let leastIDs = 20

    /// A request was ended by the other relay.
    mutating func closed(_ name: SubscriptionID, _ reason: String, _ effects: inout [Effect]) {
        if case .paging(var pages, let caps, name) = stage {
            pages.pageInterrupted()
            // It is asked for again when that may be.
            stage = .resting(pages, caps)
            if SyncReason.isAuthRequired(reason) { return showKey(reason, &effects) }
            if SyncReason.isRateLimited(reason), takeRest() { return }
            if readsAll, tally.received == 0 {
                (readsAll, tally.method) = (false, .negentropy)
                return beginReconciling(&effects)
            }
            return fail("it ended a page: \(UpstreamWords.short(reason))")
        }
        if isReconciliation(name) { return refused(reason, &effects) }
        guard let rest = requests.removeValue(forKey: name)?.rest.sorted() else { return }
        if SyncReason.isAuthRequired(reason) {
            wanted = Deque(rest) + wanted
            return showKey(reason, &effects)
        }
        if SyncReason.isRateLimited(reason), takeRest() {
            wanted += rest
            return
        }
        idsPerRequest = max(1, idsPerRequest / 2)
        askAgain(rest, why: reason)
    }

    /// What did not come though nothing else did is asked for once more.
    private mutating func askAgain(_ ids: some Sequence<EventID>, why reason: String?) {
        for id in ids {
            let tries = vain[id, default: 0] + 1
            guard tries < limits.tries else {
                vain[id] = nil
                tally.missing += 1
                tally.note(reason ?? "it lists \(id) and does not give it", most: limits.reasons)
                continue
            }
            vain[id] = tries
            wanted.append(id)
        }
        if tally.received == 0, tally.missing > limits.missingMax { fail("it lists what it does not give") }
    }
}
