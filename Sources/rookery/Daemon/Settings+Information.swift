// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RelayServer
import RelaySession
import RepositoryRules

extension Settings {
    /// What NIP-11 tells; `key` is the relay's own. What management has changed goes before the configuration.
    func information(key: PublicKey, _ lists: ModerationLists) -> RelayInformation {
        let changed = lists.managed.information
        var information = RelayInformation()
        information.name = changed.name ?? relay.name
        information.description = changed.description ?? relay.description
        information.pubkey = relay.publicKey
        information.contact = relay.contact
        information.icon = changed.icon ?? relay.icon
        information.banner = relay.banner
        information.termsOfService = relay.termsOfService
        information.relayKey = key.hex
        information.version = Version.text
        information.acceptance = acceptance(lists)
        information.curation = curation(lists)
        information.hasRestrictedWrites =
            relay.admission != .open || lists.restrictsWrites || !lists.curation.whitelist.isEmpty
            || relay.limits.shown.minProofOfWork > 0
        information.requiresAuthentication =
            relay.policy.readsNeedAuthentication || !relay.policy.readers.isEmpty
        return information
    }

    /// Which repositories are taken (GRASP-01); empty when any event is.
    private func acceptance(_ lists: ModerationLists) -> String {
        guard relay.admission == .grasp else { return "" }
        let name = relay.domain.isEmpty ? "this relay" : relay.domain
        var text =
            "Repository announcements that list \(name) under both clone and relays, those of their maintainers,"
        if !sync.archive.isEmpty { text += " those that the operator archives," }
        text += " and whatever refers to what was accepted."
        let curation = lists.curation
        if !curation.whitelist.isEmpty {
            text += " Only repositories and owners that the operator has listed."
        }
        if !curation.blacklist.isEmpty { text += " Not those that the operator has excluded." }
        return text
    }

    /// What the operator picks and turns away beyond spam (GRASP-01); empty when nothing.
    private func curation(_ lists: ModerationLists) -> String {
        var rules: [String] = []
        if !lists.entries(\.allowedPubkeys).isEmpty {
            rules.append("Only keys that the operator has listed publish.")
        }
        if !lists.allowedKinds.isEmpty { rules.append("Only some kinds of events are taken.") }
        if !lists.bannedKinds.isEmpty { rules.append("Some kinds of events are not taken.") }
        if !lists.curation.whitelist.isEmpty {
            rules.append("Only repositories that the operator has listed are taken.")
        }
        if !lists.curation.blacklist.isEmpty {
            rules.append("Some repositories are excluded by the operator.")
        }
        return rules.joined(separator: " ")
    }
}
