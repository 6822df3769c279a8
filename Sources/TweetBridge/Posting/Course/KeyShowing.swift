// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How far we have come in telling a relay who we are (NIP-42): once in a conversation, when it wants to know.
enum KeyShowing: Hashable, Sendable {
    /// → `challenged`, `wanted`
    case idle
    /// → `signing`
    case challenged(String)
    /// It wants to know, and has not said what to sign. → `signing`
    case wanted(since: Uptime)
    /// → `sent`
    case signing
    /// → `done`, `refused`
    case sent(EventID, at: Uptime)
    case done
    case refused(String)

    /// Since when we wait for the relay.
    var waitsSince: Uptime? {
        switch self {
        case .wanted(let since), .sent(_, let since): since
        case .idle, .challenged, .signing, .done, .refused: nil
        }
    }

    var isUnderWay: Bool {
        switch self {
        case .wanted, .signing, .sent: true
        case .idle, .challenged, .done, .refused: false
        }
    }
}
