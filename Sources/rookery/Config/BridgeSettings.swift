// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// `[bridge]`: known and checked, so that a file written for a later version is read; it cannot be enabled yet.
struct BridgeSettings: Sendable {
    var isEnabled = false
    var apiBaseURL = "https://api.x.com"
    var bearerTokenFile = ""
    var mnemonicFile = ""
    var oauthClientFile = ""
    var bearerToken = ""
    var mnemonic = ""
    var accounts: [String] = []
    var pollInterval = Duration.seconds(300)
    var maxPagesPerPoll = 5
    var usesStream = true
    var track: [Track] = []
    var relays: [RelayURL] = []
    var blossomServers: [String] = []
    var media = Media.link
    var keyScheme = KeyScheme.nip06ID
    var style = Style.native
    var moderation = Moderation.off
    var dailySpendCapUSD = 5.0
    var redisWriteQueue = ""

    enum Track: String, CaseIterable, Sendable {
        case mentions, replies, quotes
    }

    enum Media: String, CaseIterable, Sendable {
        case link, store, blossom
    }

    enum KeyScheme: String, CaseIterable, Sendable {
        case nip06ID = "nip06-id"
        case nostrweet
        case nip06Index = "nip06-index"
    }

    enum Style: String, CaseIterable, Sendable {
        case native, nostrweet
    }

    enum Moderation: String, CaseIterable, Sendable {
        case off, queue
    }
}
