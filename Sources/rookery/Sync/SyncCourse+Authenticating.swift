// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// Telling the other relay who we are, once it wants to know (NIP-42).
extension SyncCourse {
    var isAuthenticating: Bool {
        switch authentication {
        case .wanted, .signing, .sent: true
        case .idle, .challenged, .done, .refused: false
        }
    }

    /// Whether it may help to show a key.
    var mayShowKey: Bool {
        switch authentication {
        case .done, .refused: false
        case .idle, .challenged, .wanted, .signing, .sent: true
        }
    }

    mutating func challenged(_ challenge: String, _ effects: inout [Effect]) {
        switch authentication {
        case .idle, .challenged: authentication = .challenged(challenge)
        case .wanted: sign(challenge, &effects)
        case .signing, .sent, .done, .refused: break
        }
    }

    /// Something needs a key.
    mutating func showKey(_ reason: String, _ effects: inout [Effect]) {
        switch authentication {
        case .idle: authentication = .wanted
        case .challenged(let challenge): sign(challenge, &effects)
        case .wanted, .signing, .sent: break
        case .done, .refused: fail("it does not let us: \(UpstreamWords.short(reason))")
        }
    }

    private mutating func sign(_ challenge: String, _ effects: inout [Effect]) {
        authentication = .signing
        effects.append(.sign(challenge))
    }

    mutating func signed(_ event: Event, _ effects: inout [Effect]) {
        guard case .signing = authentication else { return }
        authentication = .sent(event.id)
        effects.append(.send(.authenticate(ParsedEvent(event: event))))
    }

    mutating func authenticated(_ accepted: Bool, _ reason: String, _ effects: inout [Effect]) {
        authentication = accepted ? .done : .refused
        guard accepted else { return fail("it does not take our key: \(UpstreamWords.short(reason))") }
        // What it refused is asked anew.
        switch stage {
        case .reconciling: beginReconciling(&effects)
        case .waiting, .paging, .resting, .ready: break
        }
    }
}
