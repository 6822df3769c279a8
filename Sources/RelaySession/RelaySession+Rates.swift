// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Messages that come faster than their sender may send them.
extension RelaySession {
    /// Says when to try again, to whom the message concerns. Ending something never comes too soon.
    mutating func refuse(
        _ message: ClientMessage, wait: Duration, _ entry: Backlog.Entry, _ actions: inout [SessionAction]
    ) {
        let text = SessionText.rateLimited(wait)
        switch message {
        case .event(let event), .authenticate(let event):
            answer(.ok(event.event.id, accepted: false, message: text), &actions)
        case .request(let id, _):
            if let open = subscriptions.slot(of: id) { end(open, &actions) }
            answer(.closed(id, message: text), &actions)
        case .count(let id, _): refuseCount(id, text, &actions)
        case .close(let id):
            if let open = subscriptions.slot(of: id) { end(open, &actions) }
            return
        case .negentropyOpen(let id, _, _), .negentropyMessage(let id, _):
            refuseReconciliation(id, text, &actions)
        case .negentropyClose(let id):
            endReconciliation(id, &actions)
            return
        }
        losePatienceWithHaste(entry, &actions)
    }
}
