// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

extension ConfigKeys {
    static let bridge: [ConfigKey] = [
        .flag("bridge.enabled", \.bridge.isEnabled)
            .about("Whether accounts of X are mirrored."),
        .parsed("bridge.api_base_url", \.bridge.apiBaseURL, show: { $0 }, parse: webURL)
            .taking("a URL").about("The server that is asked."),
        .text("bridge.bearer_token_file", \.bridge.bearerTokenFile)
            .about("A file that holds the bearer token."),
        .text("bridge.mnemonic_file", \.bridge.mnemonicFile)
            .about("A file that holds the words from which keys are derived."),
        ConfigKey.text("bridge.bearer_token", \.bridge.bearerToken)
            .about("The bearer token itself.").secret(),
        ConfigKey.text("bridge.mnemonic", \.bridge.mnemonic).about("The words themselves.").secret(),
        .list("bridge.accounts", \.bridge.accounts, show: \.text, parse: handle)
            .about("Handles to mirror, besides those added with `rookery bridge account add`."),
        .list("bridge.deny", \.bridge.denied, show: \.description) { text throws(ConfigProblem) in
            guard let name = AccountName(text) else {
                throw ConfigProblem(
                    "must hold handles like \"jack\" or numbers like \"id:12\", not \(ConfigKey.shown(text))")
            }
            return name
        }.about("Accounts that are never shown, by handle or as \"id:12\": neither mirrored nor quoted."),
        .choice("bridge.hidden", \.bridge.hidden)
            .about(
                "What becomes of the events of accounts and posts that are suspended, protected or withheld."),
        .span("bridge.poll_interval_s", \.bridge.pollInterval, unit: .seconds, in: 0.01...86_400)
            .about(
                "How often each is asked about; a quarter as often while the stream is connected, or when nothing happens."
            ),
        .integer("bridge.max_pages_per_poll", \.bridge.maxPagesPerPoll, in: 1...1000)
            .about("Pages read at once."),
        .flag("bridge.stream", \.bridge.usesStream)
            .about("Whether a stream is listened to beside polling."),
        .list("bridge.track", \.bridge.track, max: 3, show: \.rawValue) { text throws(ConfigProblem) in
            guard let track = BridgeSettings.Track(rawValue: text) else {
                throw ConfigProblem(
                    "may hold \"mentions\", \"replies\", \"quotes\", not \(ConfigKey.shown(text))")
            }
            return track
        }.about("What else is mirrored: \"mentions\", \"replies\", \"quotes\"."),
        .list("bridge.relays", \.bridge.relays, show: \.text, parse: relayURL)
            .about("Further relays to post to; this one always gets everything."),
        .list("bridge.blossom_servers", \.bridge.blossomServers, show: { $0 }, parse: webURL)
            .about("Where media go with `media = \"blossom\"`."),
        .choice("bridge.media", \.bridge.media).about("What becomes of media."),
        .choice("bridge.key_scheme", \.bridge.keyScheme).about("How keys are derived."),
        .choice("bridge.style", \.bridge.style).about("How posts are written as events."),
        .choice("bridge.moderation", \.bridge.moderation).about("Whether posts wait for a decision."),
        .number("bridge.daily_spend_cap_usd", \.bridge.dailySpendCapUSD, in: 0...1_000_000)
            .about("What may be spent at X in a day (UTC): not a cent more."),
        .integer("bridge.concurrency", \.bridge.concurrency, in: 1...100)
            .about("Questions to X under way at a time."),
        .integer("bridge.backfill_posts", \.bridge.backfill, in: 1...3200)
            .about("Posts mirrored of an account that was never read."),
        .choice("bridge.context", \.bridge.context)
            .about("Which posts of others are mirrored because an account refers to them."),
        .flag("bridge.hold_edits", \.bridge.holdsEdits)
            .about("Whether posts wait until they can be edited no more."),
        .text("bridge.prefix", \.bridge.prefix).about("Put before every text."),
        .text("bridge.suffix", \.bridge.suffix).about("Put after every text."),
        .text("bridge.lease_dir", \.bridge.leaseDirectory)
            .about("A directory that several bridges share: each account is read by one of them at a time."),
        .span("bridge.sweep_interval_s", \.bridge.sweepInterval, unit: .seconds, in: 1...31_536_000)
            .about("Between two looks whether young posts are still there."),
        .span("bridge.metrics_interval_s", \.bridge.metricsInterval, unit: .seconds, in: 0...31_536_000)
            .about("Between two looks at how often posts of a week were liked; 0: never."),
    ]

    @Sendable private static func webURL(_ text: String) throws(ConfigProblem) -> String {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count <= 2048,
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { throw ConfigProblem("must be an http:// or https:// URL, not \(ConfigKey.shown(text))") }
        return text
    }

    @Sendable private static func handle(_ text: String) throws(ConfigProblem) -> Handle {
        guard let handle = Handle(text) else {
            throw ConfigProblem("must hold handles like \"jack\", not \(ConfigKey.shown(text))")
        }
        return handle
    }
}
