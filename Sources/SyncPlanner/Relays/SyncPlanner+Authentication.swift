// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Telling a relay who we are, when it wants to know (NIP-42).
extension SyncPlanner {
    mutating func challenged(_ relay: RelayURL, with challenge: String) {
        // One is enough for a link; who changes it all the time wants something else.
        if conversations[relay]?.authentication.challenge != nil { offended(relay, weight: 1) }
        conversations[relay]?.authentication.challenge = challenge
        switch conversations[relay]?.authentication.state {
        case .expectingChallenge, .awaitingChallenge: authenticate(relay)
        default: break
        }
    }

    /// Starts to authenticate, unless that was tried.
    ///
    /// - Returns: whether it is under way.
    @discardableResult mutating func authenticate(_ relay: RelayURL) -> Bool {
        guard let conversation = conversations[relay] else { return false }
        let until = now + configuration.answerTimeout
        switch conversation.authentication.state {
        case .done, .refused: return false
        case .signing, .sent: return true
        case .idle, .expectingChallenge, .awaitingChallenge: break
        }
        if let challenge = conversation.authentication.challenge {
            conversations[relay]?.authentication.state = .signing(until: until)
            effects.append(.authenticate(conversation.link, challenge: challenge))
        } else {
            switch conversation.authentication.state {
            case .idle, .expectingChallenge:
                conversations[relay]?.authentication.state = .awaitingChallenge(until: until)
            default: break
            }
        }
        return true
    }

    /// Waits a little for what is to be signed, as NIP-11 says that nothing is served before.
    mutating func expectChallenge(_ relay: RelayURL) {
        guard case .idle = conversations[relay]?.authentication.state else { return }
        guard conversations[relay]?.authentication.challenge == nil else {
            authenticate(relay)
            return
        }
        conversations[relay]?.authentication.state = .expectingChallenge(
            until: now + configuration.limits.challengePatience)
    }

    /// The time is over for the step under way.
    mutating func authenticationIsLate(_ relay: RelayURL) {
        if case .expectingChallenge = conversations[relay]?.authentication.state {
            conversations[relay]?.authentication.state = .idle
        } else {
            authenticationRefused(relay, "no answer")
        }
    }

    mutating func authenticating(_ link: LinkID, _ id: EventID?) {
        let relay = link.relay
        guard conversations[relay]?.link == link,
            case .signing(let until) = conversations[relay]?.authentication.state
        else { return }
        touched.insert(relay)
        guard let id else { return authenticationRefused(relay, "there is no key") }
        conversations[relay]?.authentication.state = .sent(id, until: until)
    }

    /// OK of the event that was sent to authenticate.
    mutating func answered(_ id: TagValue, isAccepted: Bool, _ text: String, of relay: RelayURL) {
        guard case .sent(let sent, _) = conversations[relay]?.authentication.state,
            id == TagValue(sent.hex)
        else { return }
        guard isAccepted else { return authenticationRefused(relay, text) }
        conversations[relay]?.authentication.state = .done
        report(.authenticated(relay))
    }

    /// What waits is asked all the same, and fails with a reason.
    mutating func authenticationRefused(_ relay: RelayURL, _ text: String) {
        conversations[relay]?.authentication.state = .refused
        let refusal = "auth refused: \(UpstreamWords.short(text))"
        conversations[relay]?.authentication.refusal = refusal
        relays.entries[relay]?.lastFailure = refusal
        report(.authRefused(relay, text))
    }
}
