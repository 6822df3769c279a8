// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetBridge

/// What an operator wants of the bridge, on its way to whoever has the store.
struct BridgeOrder: Codable, Hashable, Sendable {
    var verb: Verb
    var arguments: [String] = []
    var options = Options()

    enum Verb: String, Codable, Sendable {
        case addAccounts = "add-accounts"
        case removeAccounts = "remove-accounts"
        /// The same, and everything that they mirrored is taken back.
        case eraseAccounts = "erase-accounts"
        case listAccounts = "list-accounts"
        /// ``Options/change``.
        case setAccounts = "set-accounts"
        /// The same, and relays are asked to forget all of it: one account, and the relays that are named, none for all.
        case vanishAccount = "vanish-account"
        /// A handle, what becomes of the mirror, and a key and a proof, or nothing.
        case claimAccount = "claim-account"
        case unclaimAccounts = "unclaim-accounts"
        case listClaims = "list-claims"
        case poll
        /// Handles of the configuration become accounts; nothing else is read.
        case bootstrap
        case fetchProfiles = "fetch-profiles"
        /// ``Options/force``: also those that were not to be had before.
        case fetchPosts = "fetch-posts"
        /// A handle; ``Options/count``, ``Options/days``.
        case fetchTimeline = "fetch-timeline"
        case showPost = "show-post"
        /// ``Options/posts``; a handle or nothing.
        case listPosts = "list-posts"
        /// A post; ``Options/fetch``: all of its conversation is read.
        case showThread = "show-thread"
        /// Posts are mirrored whatever filters say; ``Options/force``: whatever was decided.
        case mirrorPosts = "mirror-posts"
        /// ``Options/force``: also when they say nothing new.
        case publishProfiles = "publish-profiles"
        /// The same; of all accounts when none is named.
        case publishLists = "publish-lists"
        /// Media that were given up are fetched again, and jobs whose numbers are named are done again.
        case retryFailed = "retry-failed"
        /// What waits for a decision, or is in the state that is named; ``Options/page``.
        case listItems = "list-items"
        /// A verdict, who gives it, the reason, and the numbers of items.
        case decide
        /// A name, a role, and a key or nothing.
        case appoint
        case dismiss
        /// A name, and `revoke` where there is to be none.
        case giveToken = "give-token"
        case listModerators = "list-moderators"
        /// What a user of X has given for tokens.
        case signIn = "sign-in"
    }

    /// What some verbs go by; absent where nothing was said.
    struct Options: Codable, Hashable, Sendable {
        /// Whether the answer is JSON, an object a line.
        var json: Bool?
        var force: Bool?
        var fetch: Bool?
        var count: Int?
        /// **Days**.
        var days: Int?
        var posts: PostQuery?
        var page: Page?
        var change: AccountChange?
    }

    /// A part of a list.
    struct Page: Codable, Hashable, Sendable {
        /// Behind this number.
        var after: UInt64?
        var limit = 100
    }
}
