// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension ConfigKeys {
    static let management: [ConfigKey] = [
        .list("relay.admins", \.relay.admins, max: 1_000, show: \.hex, parse: admin)
            .about("Who may manage the relay from afar (NIP-86), in hex or as npub; `relay.pubkey` may, too.")
    ]

    /// Keys that SIGHUP puts in force, and NIP-11 tells at once.
    static let liveInformation: Set<String> = [
        "relay.admins", "relay.name", "relay.description", "relay.contact", "relay.pubkey", "relay.icon",
        "relay.banner", "relay.terms_of_service",
    ]

    @Sendable private static func admin(_ text: String) throws(ConfigProblem) -> PublicKey {
        if let key = PublicKey(anyForm: text) { return key }
        throw ConfigProblem(
            "must hold public keys as 64 hexadecimal digits or npub, not \(ConfigKey.shown(text))")
    }
}
