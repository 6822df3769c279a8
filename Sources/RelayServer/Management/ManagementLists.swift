// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RepositoryRules

/// What the lists hold, as NIP-86 tells it.
extension ModerationLists {
    /// The list that a method asks for, in JSON; `nil` for a method that asks for none.
    func json(_ method: ManagementMethod) -> [UInt8]? {
        switch method {
        case .listbannedpubkeys: Self.json(entries(\.bannedPubkeys), "pubkey") { $0.hex }
        case .listallowedpubkeys: Self.json(entries(\.allowedPubkeys), "pubkey") { $0.hex }
        case .listbannedevents: Self.json(entries(\.bannedEvents), "id") { $0.hex }
        case .listallowedevents: Self.json(entries(\.allowedEvents), "id") { $0.hex }
        case .listallowedkinds: Self.json(allowedKinds)
        case .listdisallowedkinds: Self.json(bannedKinds)
        case .listblockedips: Self.json(entries(\.blockedAddresses), "ip") { $0.description }
        case .listbannedrepositories:
            Self.json(entries(\.bannedRepositories), "repository") { $0.description }
        case .listallowedrepositories:
            Self.json(entries(\.allowedRepositories), "repository") { $0.description }
        default: nil
        }
    }

    /// Sorted, so that two answers may be compared. What stands in the configuration says so.
    private static func json<Subject>(
        _ entries: [Entry<Subject>], _ name: String, _ spell: (Subject) -> String
    ) -> [UInt8] {
        let lines = entries.map { (spell($0.subject), $0) }.sorted { $0.0 < $1.0 }
        return JSONObject.list(
            lines.map { subject, entry in
                var object = JSONObject()
                object.add(name, subject)
                object.addUnlessEmpty("reason", entry.reason)
                if entry.origin == .configuration { object.add("origin", entry.origin.rawValue) }
                return object.text
            })
    }

    private static func json(_ kinds: KindSet) -> [UInt8] {
        JSONObject.list(kinds.ranges.flatMap { $0.map { Array(String($0).utf8) } })
    }
}
