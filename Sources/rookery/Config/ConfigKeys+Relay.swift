// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RelaySession
import RepositoryRules

extension ConfigKeys {
    static let relay: [ConfigKey] = [
        .parsed("relay.listen", \.relay.listen, show: \.description) { text throws(ConfigProblem) in
            try ListenAddress(text)
        },
        .parsed("relay.domain", \.relay.domain, show: { $0 }, parse: domain),
        .choice("relay.admission", \.relay.admission),
        .choice("relay.auth", \.relay.auth),
        .flag("relay.and_tags", \.relay.hasAllTags),
        .text("relay.key_file", \.relay.keyFile),
        .text("relay.name", \.relay.name, max: 256),
        .text("relay.description", \.relay.description),
        .text("relay.contact", \.relay.contact, max: 1024),
        .parsed("relay.pubkey", \.relay.publicKey, show: { $0 }, parse: publicKey),
        .text("relay.icon", \.relay.icon, max: 2048),
        .text("relay.banner", \.relay.banner, max: 2048),
        .text("relay.terms_of_service", \.relay.termsOfService, max: 2048),
    ]

    static let limits: [ConfigKey] = [
        .integer(
            "relay.limits.max_message_length", \.relay.limits.shown.maxMessageLength, in: 1024...67_108_864),
        .integer("relay.limits.max_subscriptions", \.relay.limits.shown.maxSubscriptions, in: 1...100_000),
        .integer("relay.limits.max_filters", \.relay.limits.shown.maxFilters, in: 1...CodecLimits.maxFilters),
        .integer("relay.limits.max_limit", \.relay.limits.shown.maxLimit, in: 1...100_000_000),
        .integer("relay.limits.default_limit", \.relay.limits.shown.defaultLimit, in: 1...100_000_000),
        .integer("relay.limits.max_subid_length", \.relay.limits.shown.maxSubscriptionIDLength, in: 1...64),
        .integer("relay.limits.max_event_bytes", \.relay.limits.maxEventBytes, in: 1024...67_108_864),
        .integer("relay.limits.max_event_tags", \.relay.limits.shown.maxEventTags, in: 1...10_000_000),
        .integer(
            "relay.limits.max_content_length", \.relay.limits.shown.maxContentLength, in: 1...67_108_864),
        .integer(
            "relay.limits.created_at_lower_limit", \.relay.limits.createdAtLowerLimit, in: 0...10_000_000_000),
        .integer(
            "relay.limits.created_at_upper_limit", \.relay.limits.createdAtUpperLimit, in: 0...10_000_000_000),
        .integer("relay.limits.min_pow_difficulty", \.relay.limits.shown.minProofOfWork, in: 0...256),
        .integer("relay.limits.max_connections", \.relay.limits.maxConnections, in: 1...1_000_000),
        .integer(
            "relay.limits.max_connections_per_address", \.relay.limits.maxConnectionsPerAddress,
            in: 1...1_000_000),
        .span("relay.limits.ban_s", \.relay.limits.ban, unit: .seconds, in: 0...86_400),
    ]

    static let store: [ConfigKey] = [
        .number("store.map_size_gib", \.store.mapSizeGiB, in: 0.001...65_536),
        .choice("store.durability", \.store.durability),
    ]

    static let metrics: [ConfigKey] = [
        .parsed("metrics.listen", \.metrics.listen, show: { $0?.description ?? "" }) {
            text throws(ConfigProblem) in
            if text.isEmpty { return nil }
            return try ListenAddress(text)
        }
    ]

    /// An authority: `relay.example.com`, `localhost:7777`; spelt as its normalised form.
    @Sendable private static func domain(_ text: String) throws(ConfigProblem) -> String {
        if text.isEmpty { return "" }
        guard let authority = ServiceAuthority(text) else {
            throw ConfigProblem(
                "must be an authority like relay.example.com or localhost:7777, not \(ConfigKey.shown(text))")
        }
        return authority.description
    }

    /// A public key in hexadecimal or as npub; spelt in hexadecimal.
    @Sendable private static func publicKey(_ text: String) throws(ConfigProblem) -> String {
        if text.isEmpty { return "" }
        if let key = PublicKey(hex: text) { return key.description }
        if case .npub(let key) = NIP19Entity(bech32: text) { return key.description }
        throw ConfigProblem(
            "must be a public key as 64 hexadecimal digits or npub, not \(ConfigKey.shown(text))")
    }
}
