// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an operator wants of the bridge, on its way to whoever has the store.
struct BridgeOrder: Codable, Hashable, Sendable {
    var verb: Verb
    var arguments: [String] = []

    enum Verb: String, Codable, Sendable {
        case addAccounts = "add-accounts"
        case removeAccounts = "remove-accounts"
        /// The same, and everything that they mirrored is taken back.
        case eraseAccounts = "erase-accounts"
        case listAccounts = "list-accounts"
        case poll
        case showPost = "show-post"
        /// Media that were given up are fetched again.
        case retryFailed = "retry-failed"
        /// What waits for a decision, or is in the state that is named.
        case listItems = "list-items"
        /// A verdict, who gives it, the reason, and the numbers of items.
        case decide
        /// A name, a role, and a key or nothing.
        case appoint
        case dismiss
        /// A name, and `revoke` where there is to be none.
        case giveToken = "give-token"
        case listModerators = "list-moderators"
    }
}
