// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What keeps a relay from being dialled, or asked, although something is wanted of it.
public enum Holdup: String, Hashable, Sendable, CaseIterable {
    case ourStore = "our own store does not take events: nobody is asked for any"
    case ownership = "whether this process may dial it is being found out"
    /// It failed; the pause after that is not over.
    case pause = "the pause after its last failure is not over"
    case refused = "its address is one that is never dialled for strangers"
    case address = "its address has as many connections, or dials in a minute, as one address may have"
    case turn = "as many dials as may be are under way"
    case slowDown = "it wants us to slow down"
    case authentication = "it wants to know who we are, and has not answered yet"
    case information = "what it says of itself (NIP-11) is being read first"
    /// Between two REQs, since it wanted us to slow down.
    case gap = "it wanted us to slow down: there is a gap between two REQs"
}

extension SyncPlanner {
    /// What keeps `relay` from being dialled or asked; `nil`: nothing, or nothing is wanted of it now.
    func holdup(of relay: RelayURL, at now: Uptime) -> Holdup? {
        guard let entry = relays.entries[relay] else { return nil }
        switch entry.link {
        case .claiming: return .ownership
        case .dialling: return nil
        case .resting:
            if storeTrouble.notBefore != nil { return .ourStore }
            guard let notBefore = entry.backoff.notBefore, notBefore > now else { return .turn }
            if entry.lastDial == .busy { return .address }
            return entry.health == .refused ? .refused : .pause
        case .up: break
        }
        guard hasWork(relay) else { return nil }
        if storeTrouble.notBefore != nil { return .ourStore }
        guard let conversation = conversations[relay], let until = mayAskAt(relay) else { return nil }
        // Whatever lasts longest.
        return switch until {
        case entry.quietUntil: .slowDown
        case conversation.authentication.deadline: .authentication
        case conversation.informationDeadline: .information
        default: .gap
        }
    }
}
