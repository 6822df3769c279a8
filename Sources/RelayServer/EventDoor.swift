// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore

/// The one door, as one client's conversation sees it.
struct EventDoor: Sendable {
    /// Hands events over and returns at once; `reply` is called once, on any thread, with an answer an event, in order.
    let submit:
        @Sendable (
            _ events: [ParsedEvent], _ client: Client, _ reply: @escaping @Sendable ([Answer]) -> Void
        ) -> Void

    /// Who hands events over.
    struct Client: Hashable, Sendable {
        /// Whom it has authenticated as.
        var keys: [PublicKey]
        var address: NetworkAddress?
        /// No other open connection has the same.
        var connection: UInt64
    }

    /// The fields of an `OK`.
    struct Answer: Hashable, Sendable {
        var accepted: Bool
        var message: String
    }
}

extension EventDoor {
    /// Clients' events go in at the one door.
    init(_ ingest: Ingest) {
        submit = { events, client, reply in
            let source = IngestSource.client(
                authenticated: client.keys, address: client.address, connection: client.connection)
            ingest.submit(events, from: source) { verdicts in
                reply(
                    verdicts.map { verdict in
                        let (accepted, message) = verdict.ok
                        return Answer(accepted: accepted, message: message)
                    })
            }
        }
    }
}
