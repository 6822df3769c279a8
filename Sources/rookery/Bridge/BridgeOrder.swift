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
    }
}
