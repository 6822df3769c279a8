// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RepositoryRules

/// Which of the operator's lists refuses an event.
public enum Moderated: Hashable, Sendable {
    case event, pubkey, kind, repository
    /// Others are listed, and this one is not.
    case unlistedPubkey
    case unlistedKind

    var message: String {
        switch self {
        case .event: "blocked: this event is banned here"
        case .pubkey: "blocked: this key is banned here"
        case .kind: "blocked: this kind is not taken here"
        case .repository: RepositoryCuration.refusal
        case .unlistedPubkey: "blocked: only listed keys publish here"
        case .unlistedKind: "blocked: only listed kinds are taken here"
        }
    }
}
