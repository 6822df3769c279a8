// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore

/// The one door, as one client's conversation sees it.
struct EventDoor: Sendable {
    /// Hands events over and returns at once; `reply` is called once, on any thread, with an answer an event, in order.
    /// `keys`: whom the client has authenticated as.
    let submit:
        @Sendable (
            _ events: [ParsedEvent], _ keys: [PublicKey], _ reply: @escaping @Sendable ([Answer]) -> Void
        ) -> Void

    /// The fields of an `OK`.
    struct Answer: Hashable, Sendable {
        var accepted: Bool
        var message: String
    }
}

extension EventDoor {
    /// Clients' events go in at the one door.
    init(_ ingest: Ingest) {
        submit = { events, keys, reply in
            ingest.submit(events, from: .client(authenticated: keys)) { verdicts in
                reply(
                    verdicts.map { verdict in
                        let (accepted, message) = verdict.ok
                        return Answer(accepted: accepted, message: message)
                    })
            }
        }
    }
}
