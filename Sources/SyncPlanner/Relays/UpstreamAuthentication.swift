// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How far we have come in telling a relay who we are (NIP-42), over one link.
struct UpstreamAuthentication: Hashable, Sendable {
    /// What the relay last asked us to sign.
    var challenge: String?
    var state = State.idle
    /// How it said no, for the operator.
    var refusal: String?

    enum State: Hashable, Sendable {
        /// Nobody wants to know. May become expectingChallenge, awaitingChallenge or signing.
        case idle
        /// The relay's NIP-11 says that it wants to know; many say what to sign only to whoever has asked for something.
        /// Becomes signing, awaitingChallenge, or idle.
        case expectingChallenge(until: Uptime)
        /// The relay wants to know, and has not said what to sign. Becomes signing or refused.
        case awaitingChallenge(until: Uptime)
        /// Becomes sent or refused.
        case signing(until: Uptime)
        /// Becomes done or refused.
        case sent(EventID, until: Uptime)
        case done
        case refused
    }

    /// When the step under way has failed; nothing is asked meanwhile.
    var deadline: Uptime? {
        switch state {
        case .expectingChallenge(let until), .awaitingChallenge(let until), .signing(let until),
            .sent(_, let until):
            until
        case .idle, .done, .refused: nil
        }
    }
}
