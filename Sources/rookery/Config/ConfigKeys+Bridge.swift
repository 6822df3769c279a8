// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension ConfigKeys {
    static let bridge: [ConfigKey] = [
        .flag("bridge.enabled", \.bridge.isEnabled),
        .parsed("bridge.api_base_url", \.bridge.apiBaseURL, show: { $0 }, parse: webURL),
        .text("bridge.bearer_token_file", \.bridge.bearerTokenFile),
        .text("bridge.mnemonic_file", \.bridge.mnemonicFile),
        .text("bridge.oauth_client_file", \.bridge.oauthClientFile),
        ConfigKey.text("bridge.bearer_token", \.bridge.bearerToken).secret(),
        ConfigKey.text("bridge.mnemonic", \.bridge.mnemonic).secret(),
        .list("bridge.accounts", \.bridge.accounts, show: { $0 }, parse: handle),
        .span("bridge.poll_interval_s", \.bridge.pollInterval, unit: .seconds, in: 0.01...86_400),
        .integer("bridge.max_pages_per_poll", \.bridge.maxPagesPerPoll, in: 1...1000),
        .flag("bridge.stream", \.bridge.usesStream),
        .list("bridge.track", \.bridge.track, max: 3, show: \.rawValue) { text throws(ConfigProblem) in
            guard let track = BridgeSettings.Track(rawValue: text) else {
                throw ConfigProblem(
                    "may hold \"mentions\", \"replies\", \"quotes\", not \(ConfigKey.shown(text))")
            }
            return track
        },
        .list("bridge.relays", \.bridge.relays, show: \.text, parse: relayURL),
        .list("bridge.blossom_servers", \.bridge.blossomServers, show: { $0 }, parse: webURL),
        .choice("bridge.media", \.bridge.media),
        .choice("bridge.key_scheme", \.bridge.keyScheme),
        .choice("bridge.style", \.bridge.style),
        .choice("bridge.moderation", \.bridge.moderation),
        .number("bridge.daily_spend_cap_usd", \.bridge.dailySpendCapUSD, in: 0...1_000_000),
        ConfigKey.parsed("bridge.redis_write_queue", \.bridge.redisWriteQueue, show: { $0 }) {
            text throws(ConfigProblem) in
            guard text.isEmpty || text.hasPrefix("redis://") || text.hasPrefix("rediss://") else {
                throw ConfigProblem("must be empty or a redis:// URL")
            }
            return try ConfigKey.plain(text, max: 2048)
        }.secret(),
    ]

    @Sendable private static func webURL(_ text: String) throws(ConfigProblem) -> String {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count <= 2048,
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { throw ConfigProblem("must be an http:// or https:// URL, not \(ConfigKey.shown(text))") }
        return text
    }

    @Sendable private static func handle(_ text: String) throws(ConfigProblem) -> String {
        let name = text.hasPrefix("@") ? String(text.dropFirst()) : text
        let isHandle =
            (1...15).contains(name.utf8.count)
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isHandle else {
            throw ConfigProblem("must hold handles like \"jack\", not \(ConfigKey.shown(text))")
        }
        return name
    }
}
