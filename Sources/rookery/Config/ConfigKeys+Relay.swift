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
        }
        .taking("HOST:PORT").about(
            "Where clients connect, WebSocket and HTTP alike; port 0 takes a free one."),
        .parsed("relay.domain", \.relay.domain, show: { $0 }, parse: domain)
            .taking("an authority: host or host:port").about(
                "The authority that announcements must list and proofs name; empty: the address listened on."
            ),
        .choice("relay.admission", \.relay.admission)
            .about("`open` takes any valid event, `grasp` what NIP-34 and GRASP-01 ask for."),
        .choice("relay.auth", \.relay.auth)
            .about("When clients are asked who they are (NIP-42): when it matters, or as soon as they come."),
        .flag("relay.and_tags", \.relay.hasAllTags)
            .about("Whether filters may ask for all of some tags (NIP-91)."),
        .flag("relay.search", \.relay.hasSearch)
            .about(
                "Whether filters may search for words (NIP-50); their index is built when this is turned on."),
        .text("relay.key_file", \.relay.keyFile)
            .about(
                "The relay's own secret key, made when missing. Empty: `relay.key` in the data directory."),
        .choice("relay.status_page", \.relay.statusPage)
            .about(
                "What a browser sees at the relay's address, and `/status.json` tells: everything, health and numbers without lists of"
                    + " relays, repositories and problems, or name and address alone. Where not everybody may read, `full` is `summary`."
            ),
        .text("relay.name", \.relay.name, max: 256).about("NIP-11, unless management has set another."),
        .text("relay.description", \.relay.description).about("NIP-11, unless management has set another."),
        .text("relay.contact", \.relay.contact, max: 1024)
            .about("NIP-11: a URI by which the operator is reached."),
        .parsed("relay.pubkey", \.relay.publicKey, show: { $0 }, parse: publicKey)
            .taking("64 hexadecimal digits or npub").about(
                "NIP-11: the operator's key, in hex or as npub. It may manage the relay, too."),
        .text("relay.icon", \.relay.icon, max: 2048)
            .about("NIP-11: the URL of a square image, unless management has set another."),
        .text("relay.banner", \.relay.banner, max: 2048).about("NIP-11: the URL of an image."),
        .text("relay.terms_of_service", \.relay.termsOfService, max: 2048).about("NIP-11: a URL."),
    ]

    static let limits: [ConfigKey] = [
        .integer(
            "relay.limits.max_message_length", \.relay.limits.shown.maxMessageLength, in: 1024...67_108_864
        )
        .about(
            "The longest message of a client, in bytes; a longer one ends the conversation."
        ),
        .integer("relay.limits.max_subscriptions", \.relay.limits.shown.maxSubscriptions, in: 1...100_000)
            .about("Subscriptions open at once on one connection."),
        .integer("relay.limits.max_filters", \.relay.limits.shown.maxFilters, in: 1...CodecLimits.maxFilters)
            .about("Filters in one request."),
        .integer("relay.limits.max_limit", \.relay.limits.shown.maxLimit, in: 1...100_000_000)
            .about("What a filter's `limit` is cut to."),
        .integer("relay.limits.default_limit", \.relay.limits.shown.defaultLimit, in: 1...100_000_000)
            .about("The limit of a filter that names none; not above `max_limit`."),
        .integer("relay.limits.max_subid_length", \.relay.limits.shown.maxSubscriptionIDLength, in: 1...64)
            .about("The longest subscription id, in characters."),
        .integer("relay.limits.max_event_bytes", \.relay.limits.shown.maxEventBytes, in: 1024...67_108_864)
            .about(
                "The longest event, in bytes; those that say what a repository holds may be as long as a message."
            ),
        .integer("relay.limits.max_event_tags", \.relay.limits.shown.maxEventTags, in: 1...10_000_000)
            .about("Tags of one event; 20,000 for those that say what a repository holds."),
        .integer(
            "relay.limits.max_content_length", \.relay.limits.shown.maxContentLength, in: 1...67_108_864
        )
        .about("Content of one event, in characters; 1,048,576 for those that say what a repository holds."),
        .integer(
            "relay.limits.created_at_lower_limit", \.relay.limits.createdAtLowerLimit, in: 0...10_000_000_000
        )
        .about("How far `created_at` of what clients publish may lie in the past, in seconds; 0 for any."),
        .integer(
            "relay.limits.created_at_upper_limit", \.relay.limits.createdAtUpperLimit, in: 0...10_000_000_000
        )
        .about("How far `created_at` may lie in the future, in seconds; 0 for any."),
        .integer("relay.limits.min_pow_difficulty", \.relay.limits.shown.minProofOfWork, in: 0...256)
            .about("Leading zero bits that the id of what clients publish must have (NIP-13)."),
        .integer("relay.limits.max_connections", \.relay.limits.maxConnections, in: 1...1_000_000)
            .about("Connections at once; fewer where fewer files may be open. One more is answered 503."),
        .integer(
            "relay.limits.max_connections_per_address", \.relay.limits.maxConnectionsPerAddress,
            in: 1...1_000_000
        )
        .about("Connections at once of one IPv4 address or IPv6 /64; one more is answered 429."),
        .span("relay.limits.ban_s", \.relay.limits.ban, unit: .seconds, in: 0...86_400)
            .about(
                "How long a globally reachable address is refused after a stream of nonsense; 0: not at all."
            ),
    ]

    static let metrics: [ConfigKey] = [
        .parsed("metrics.listen", \.metrics.listen, show: { $0?.description ?? "" }) {
            text throws(ConfigProblem) in
            if text.isEmpty { return nil }
            return try ListenAddress(text)
        }.taking("HOST:PORT").about(
            "A port of its own for `/metrics`, and for probes at `/healthz`; empty: on the relay's port.")
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
        if let key = PublicKey(anyForm: text) { return key.description }
        throw ConfigProblem(
            "must be a public key as 64 hexadecimal digits or npub, not \(ConfigKey.shown(text))")
    }
}
