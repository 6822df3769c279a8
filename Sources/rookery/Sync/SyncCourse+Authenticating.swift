// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// Telling the other relay who we are, once it wants to know (NIP-42).
extension SyncCourse {
    mutating func challenged(_ challenge: String, _ effects: inout [Effect]) {
        if authentication.take(challenge) { effects.append(.sign(challenge)) }
    }

    /// Something needs a key.
    mutating func showKey(_ reason: String, _ effects: inout [Effect]) {
        switch authentication.need() {
        case .sign(let challenge): effects.append(.sign(challenge))
        case .wait: break
        case .futile: fail("it does not let us: \(UpstreamWords.short(reason))")
        }
    }

    mutating func signed(_ event: Event, _ effects: inout [Effect]) {
        guard authentication.signed(event) else { return }
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
