// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Requests that somebody is asked about before they are served. What the client says meanwhile waits, and nobody else does.
extension RelaySession {
    /// Has the shell ask about a request that is acceptable by itself.
    mutating func ask(
        _ number: ScanNumber, _ message: ClientMessage, _ entry: Backlog.Entry,
        _ actions: inout [SessionAction]
    ) {
        inquiry = .open(number, entry)
        actions.append(.ask(number, message))
    }

    /// Takes a `CLOSE` or `NEG-CLOSE` of the very request that is asked about, when nothing was said in between: the question stays open, so that
    /// a client has one at most, but nothing comes of its answer.
    ///
    /// - Returns: whether it was that.
    mutating func withdraws(_ message: Backlog.Message) -> Bool {
        guard backlog.isEmpty, case .usable(let end) = message,
            case .open(let number, let asked) = inquiry, case .usable(let request) = asked.message,
            end.ends(request)
        else { return false }
        inquiry = .withdrawn(number)
        return true
    }

    /// The request may be served, with other filters in place of its own if there are any.
    ///
    /// Nobody gets more than they asked for, and who may read which kinds is looked at anew.
    mutating func permitted(
        _ number: ScanNumber, instead narrowed: [Filter]?, _ actions: inout [SessionAction]
    ) {
        guard let entry = takeAsked(number), case .usable(let message) = entry.message,
            let (id, asked) = message.asked
        else { return }
        let filters = narrowed ?? asked
        if let refusal = refusal(of: message, serving: narrowed ?? [], insteadOf: asked, &actions) {
            return refuse(message, refusal, &actions)
        }
        switch message {
        case .request where filters.isEmpty: actions.append(.send(.endOfStoredEvents(id, .finish)))
        case .count where filters.isEmpty: actions.append(.send(.count(id, 0)))
        case .count: serve(number, countOf: filters, id, arrived: entry.arrived)
        case .negentropyOpen(_, _, let first):
            gather(
                number,
                Reconciliation(
                    id, filters.first ?? Filter(ids: []), first, size: entry.size, at: entry.arrived))
        default: serve(number, filters, id, entry, &actions)
        }
    }

    /// The request is not served.
    mutating func forbidden(_ number: ScanNumber, _ reason: String, _ actions: inout [SessionAction]) {
        guard let entry = takeAsked(number), case .usable(let message) = entry.message else { return }
        if reason.hasPrefix(SessionText.authRequired) { challenge(&actions) }
        refuse(message, reason, &actions)
    }

    private mutating func refuse(
        _ message: ClientMessage, _ reason: String, _ actions: inout [SessionAction]
    ) {
        switch message {
        case .request(let id, _), .count(let id, _): refuseCount(id, reason, &actions)
        case .negentropyOpen(let id, _, _): refuseReconciliation(id, reason, &actions)
        default: return
        }
    }

    /// The request that was asked about, unless it was withdrawn or the answer is to another question.
    private mutating func takeAsked(_ number: ScanNumber) -> Backlog.Entry? {
        switch inquiry {
        case .open(number, let entry):
            inquiry = .none
            return entry
        case .withdrawn(number): inquiry = .none
        case .none, .open, .withdrawn: break
        }
        return nil
    }

    /// Why other filters are not served, if there are any.
    private mutating func refusal(
        of message: ClientMessage, serving narrowed: [Filter], insteadOf asked: [Filter],
        _ actions: inout [SessionAction]
    ) -> String? {
        guard !narrowed.isEmpty, let (id, _) = message.asked else { return nil }
        guard narrowed.count <= limits.maxFilters, Filter.areAll(narrowed, within: asked) else {
            return SessionText.widened
        }
        if case .negentropyOpen = message, narrowed.count > 1 { return SessionText.severalFilters }
        // What is not offered here is not offered to a policy either.
        return refusal(of: id, narrowed) ?? refusalOfReading(narrowed, &actions)
    }
}

extension ClientMessage {
    /// What is asked for under which id, if anything is.
    fileprivate var asked: (SubscriptionID, [Filter])? {
        switch self {
        case .request(let id, let filters), .count(let id, let filters): (id, filters)
        case .negentropyOpen(let id, let filter, _): (id, [filter])
        case .event, .close, .authenticate, .negentropyMessage, .negentropyClose: nil
        }
    }

    /// Whether it is the end of what `request` begins.
    fileprivate func ends(_ request: ClientMessage) -> Bool {
        switch (self, request) {
        case (.close(let ended), .request(let id, _)): ended == id
        case (.negentropyClose(let ended), .negentropyOpen(let id, _, _)): ended == id
        default: false
        }
    }
}
