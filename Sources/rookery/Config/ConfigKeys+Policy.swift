// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

extension ConfigKeys {
    /// Items of one list.
    private static let most = 100_000

    static let policy: [ConfigKey] = [
        .flag("relay.policy.reads_need_auth", \.relay.policy.readsNeedAuthentication)
            .about("Whether nobody reads who has not shown a key (NIP-42)."),
        .list(
            "relay.policy.allowed_pubkeys", \.relay.policy.allowedPubkeys, max: most, show: \.hex, parse: key
        )
        .about("In hex or as npub; with one entry, nobody else publishes here."),
        .list(
            "relay.policy.banned_pubkeys", \.relay.policy.bannedPubkeys, max: most, show: \.hex, parse: key
        )
        .about("In hex or as npub; refused, and what is stored of them is removed."),
        kinds("relay.policy.allowed_kinds", \.relay.policy.allowedKinds)
            .about("Kinds, and ranges as text; with one entry, nothing else is taken."),
        kinds("relay.policy.banned_kinds", \.relay.policy.bannedKinds)
            .about(
                "Kinds, and ranges as text: `[1, \"30000-39999\"]`; refused from now on, what is stored stays."
            ),
        .list(
            "relay.policy.banned_events", \.relay.policy.bannedEvents, max: most, show: \.hex, parse: event
        )
        .about("Ids in hex or as note; removed, and kept from coming back."),
        .list(
            "relay.policy.blocked_addresses", \.relay.policy.blockedAddresses, max: most, show: \.description,
            parse: addresses
        )
        .about("Addresses and ranges from which nobody connects: \"192.0.2.0/24\", \"2001:db8::/32\"."),
        .list(
            "relay.policy.readers", \.relay.policy.readers, max: most, show: \.hex, parse: key
        )
        .about("In hex or as npub; with one entry, nobody else reads."),
        .list(
            "relay.policy.repository_whitelist", \.relay.policy.repositoryWhitelist, max: most,
            show: \.description, parse: repository
        )
        .about("\"npub…\", \"npub…/identifier\", \"identifier\": which repositories may list this relay."),
        .list(
            "relay.policy.repository_blacklist", \.relay.policy.repositoryBlacklist, max: most,
            show: \.description, parse: repository
        )
        .about("The same forms; neither taken nor followed, what is stored stays."),
    ]

    /// Keys that SIGHUP puts in force.
    static let livePolicy = Set(policy.map(\.path))

    /// Numbers, and ranges as text, in any mixture.
    private static func kinds(_ path: String, _ place: any Place<[ClosedRange<UInt16>]>) -> ConfigKey {
        var key = ConfigKey.list(path, place, max: 1_000, show: KindSet.text) { text throws(ConfigProblem) in
            guard let range = KindSet.range(text) else {
                throw ConfigProblem("must hold kinds like 1 or \"30000-39999\", not \(ConfigKey.shown(text))")
            }
            return range
        }
        key.mayMixNumbers = true
        return key
    }

    @Sendable private static func key(_ text: String) throws(ConfigProblem) -> PublicKey {
        if let key = PublicKey(anyForm: text) { return key }
        throw ConfigProblem(
            "must hold public keys as 64 hexadecimal digits or npub, not \(ConfigKey.shown(text))")
    }

    @Sendable private static func event(_ text: String) throws(ConfigProblem) -> EventID {
        if let id = EventID(anyForm: text) { return id }
        throw ConfigProblem(
            "must hold event ids as 64 hexadecimal digits or note, not \(ConfigKey.shown(text))")
    }

    @Sendable private static func addresses(_ text: String) throws(ConfigProblem) -> AddressPrefix {
        if let prefix = AddressPrefix(text) { return prefix }
        throw ConfigProblem(
            "must hold addresses like 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32, not \(ConfigKey.shown(text))")
    }

    @Sendable private static func repository(_ text: String) throws(ConfigProblem) -> ArchivePattern {
        guard text.utf8.count <= 1024, let pattern = ArchivePattern(text), pattern != .everything else {
            let forms = "\"npub…\", \"npub…/identifier\" or \"identifier\""
            throw ConfigProblem("must hold \(forms), not \(ConfigKey.shown(text))")
        }
        return pattern
    }
}
