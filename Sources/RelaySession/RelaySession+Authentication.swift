// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// AUTH (NIP-42): who the client is, and what it may read because of that.
extension RelaySession {
    /// Asks who the client is; once is enough for as long as it stays.
    mutating func challenge(_ actions: inout [SessionAction]) {
        guard !isChallenged else { return }
        isChallenged = true
        actions.append(.send(.authChallenge(ownChallenge.text)))
    }

    /// Has the shell look whether the event is what we asked for. Later messages wait for that.
    mutating func authenticate(_ event: ParsedEvent, at arrived: Uptime, _ actions: inout [SessionAction]) {
        guard isChallenged else {
            return answer(.ok(event.event.id, accepted: false, message: SessionText.noChallenge), &actions)
        }
        guard scope.keys.count < bounds.authenticatedKeys || scope.keys.contains(event.event.pubkey) else {
            return answer(
                .ok(event.event.id, accepted: false, message: SessionText.tooManyKeys), &actions)
        }
        isAuthenticating = true
        actions.append(.authenticate(event, challenge: ownChallenge.text, arrived: arrived))
    }

    /// The shell has looked. A false proof costs patience.
    mutating func authenticated(
        _ event: Event, _ refusal: String?, at arrived: Uptime, _ actions: inout [SessionAction]
    ) {
        guard isAuthenticating else { return }
        isAuthenticating = false
        if let refusal {
            answer(.ok(event.id, accepted: false, message: refusal), &actions)
            lose(patienceFor: .badEvent(id: nil, reason: refusal), at: arrived, &actions)
        } else {
            scope.insert(event.pubkey)
            answer(.ok(event.id, accepted: true, message: ""), &actions)
        }
    }

    /// Why filters may not be asked by this client; it is asked who it is where that would help.
    mutating func refusalOfReading(_ filters: [Filter], _ actions: inout [SessionAction]) -> String? {
        for filter in filters {
            switch scope.judge(filter) {
            case .free, .filtered: continue
            case .needsAuthentication:
                challenge(&actions)
                return SessionText.authenticationNeeded
            case .restricted: return SessionText.restricted
            }
        }
        return nil
    }
}
