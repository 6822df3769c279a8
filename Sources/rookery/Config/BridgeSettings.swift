// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

/// `[bridge]`: which accounts of X are mirrored, and how.
struct BridgeSettings: Sendable {
    var isEnabled = false
    var apiBaseURL = "https://api.x.com"
    var bearerTokenFile = ""
    var mnemonicFile = ""
    var bearerToken = ""
    var mnemonic = ""
    var accounts: [Handle] = []
    var denied: [AccountName] = []
    var hidden = AccountPolicy.Hidden.keep
    var metricsInterval = Duration.seconds(3600)
    var pollInterval = Duration.seconds(300)
    var maxPagesPerPoll = 5
    var usesStream = true
    var track: [Track] = []
    var relays: [RelayURL] = []
    var blossomServers: [String] = []
    var media = BridgeConfiguration.MediaHandling.link
    var mediaPatience = Duration.seconds(3600)
    var mediaDownloads = 3
    var maxMediaFileMiB = 512
    /// 0 for ever.
    var mediaKeptDays = 0.0
    /// 0 for any number.
    var maxMediaGiB = 0.0
    var blossom = BlossomSettings()
    var keyScheme = KeyScheme.nip06ID
    var style = ConversionSettings.Style.native
    var moderation = Moderation.off
    var dailySpendCapUSD = 5.0
    var leaseDirectory = ""
    var concurrency = 3
    var backfill = 20
    var context = BridgeConfiguration.Context.reposts
    var holdsEdits = false
    var prefix = ""
    var suffix = ""
    /// Which posts are mirrored of accounts without rules of their own.
    var rules = MirrorRules()
    var isDryRun = false
    var moderationRules: [ModerationRuleSettings] = []
    var moderationOtherwise = ModerationRule.Effect.ask
    var sweepInterval = Duration.seconds(6 * 3600)
    var links = BridgeLinkSettings()

    /// What does not go together.
    var contradictions: [(key: String, problem: String)] {
        guard isEnabled else { return [] }
        var found: [(key: String, problem: String)] = []
        if bearerToken.isEmpty, bearerTokenFile.isEmpty {
            found.append(("bridge.enabled", "the bridge needs bridge.bearer_token_file"))
        }
        if mnemonic.isEmpty, mnemonicFile.isEmpty {
            found.append(
                ("bridge.enabled", "the bridge needs bridge.mnemonic_file"))
        }
        if media == .link, !blossom.uploaders.isEmpty {
            found.append(
                ("bridge.blossom_uploaders", "needs bridge.media = \"store\" or \"blossom\""))
        }
        if media == .blossom, blossomServers.isEmpty {
            found.append(("bridge.media", "\"blossom\" needs bridge.blossom_servers"))
        }
        if let since = rules.since, let until = rules.until, since >= until {
            found.append(("bridge.posts_until", "must be later than bridge.posts_since"))
        }
        return found + links.contradictions
    }

    enum Track: String, CaseIterable, Sendable {
        case mentions, replies, quotes
    }

    enum Moderation: String, CaseIterable, Sendable {
        case off, queue
    }
}
