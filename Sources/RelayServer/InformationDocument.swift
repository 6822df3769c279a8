// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RelaySession
import RepositoryRules

/// What the relay says about itself (NIP-11). Every number in it is the one that is enforced.
struct InformationDocument: Sendable {
    var information: RelayInformation
    let limits: RelayLimits
    let features: RelayFeatures
    /// Whether somebody may manage the relay from afar.
    var hasManagement = false

    /// What works, and nothing else: basic protocol, deletion, this document, repositories, expiration, authentication, counting, vanishing,
    /// lists of relays, the hint that nothing is left, protected events; work where it is asked for, search, all of
    /// some tags and negentropy where those are offered, management where there are admins; private messages and gift wraps where they are guarded.
    var supportedNIPs: [Int] {
        var nips = [1, 9, 11, 34, 40, 42, 45, 62, 65, 67, 70]
        if limits.minProofOfWork > 0 { nips.append(13) }
        if hasManagement { nips += [86, 98] }
        if features.search { nips.append(50) }
        if features.allTags { nips.append(91) }
        if features.negentropy { nips.append(77) }
        if Set(RelayFeatures.privateKinds).isSubset(of: features.guardedKinds) { nips += [17, 59] }
        return nips.sorted()
    }

    var json: [UInt8] {
        var document = JSONObject()
        document.add("name", information.name)
        document.add("description", information.description)
        document.addUnlessEmpty("banner", information.banner)
        document.addUnlessEmpty("icon", information.icon)
        document.addUnlessEmpty("pubkey", information.pubkey)
        document.addUnlessEmpty("self", information.relayKey)
        document.addUnlessEmpty("contact", information.contact)
        document.add("supported_nips", supportedNIPs)
        document.addUnlessEmpty("repo_acceptance_criteria", information.acceptance)
        document.addUnlessEmpty("curation", information.curation)
        document.add("software", information.software)
        document.add("version", information.version)
        document.addUnlessEmpty("terms_of_service", information.termsOfService)
        document.add("limitation", limitation)
        document.add("kind_limits", [repositoryLimits])
        return document.text
    }

    /// No field of NIP-11: of some kinds events may be more than `limitation` says.
    private var repositoryLimits: JSONObject {
        let wider = limits.publishing.repository
        var object = JSONObject()
        object.add("kinds", Kind.repositoryData.map { Int($0.rawValue) })
        object.add("max_event_bytes", Int64(max(limits.publishing.maxEventBytes, wider.maxEventBytes)))
        object.add("max_event_tags", Int64(max(limits.maxEventTags, wider.maxEventTags)))
        object.add("max_content_length", Int64(max(limits.maxContentLength, wider.maxContentLength)))
        return object
    }

    private var limitation: JSONObject {
        var limitation = JSONObject()
        limitation.add("max_message_length", Int64(limits.maxMessageLength))
        limitation.add("max_subscriptions", Int64(limits.maxSubscriptions))
        limitation.add("max_filters", Int64(limits.maxFilters))
        limitation.add("max_limit", Int64(limits.maxLimit))
        limitation.add("default_limit", Int64(limits.defaultLimit))
        limitation.add("max_subid_length", Int64(limits.maxSubscriptionIDLength))
        limitation.add("max_event_bytes", Int64(limits.publishing.maxEventBytes))
        limitation.add("max_event_tags", Int64(limits.maxEventTags))
        limitation.add("max_content_length", Int64(limits.maxContentLength))
        limitation.add("min_pow_difficulty", Int64(limits.minProofOfWork))
        limitation.add("auth_required", information.requiresAuthentication)
        limitation.add("payment_required", false)
        limitation.add("restricted_writes", information.hasRestrictedWrites)
        if let seconds = limits.createdAtLowerLimit { limitation.add("created_at_lower_limit", seconds) }
        if let seconds = limits.createdAtUpperLimit { limitation.add("created_at_upper_limit", seconds) }
        return limitation
    }
}
