// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RepositoryRules

/// `[relay.policy]`: who and what is let in or kept out, besides what management says (NIP-86).
struct PolicySettings: Sendable {
    var allowedPubkeys: [PublicKey] = []
    var bannedPubkeys: [PublicKey] = []
    var allowedKinds: [ClosedRange<UInt16>] = []
    var bannedKinds: [ClosedRange<UInt16>] = []
    var bannedEvents: [EventID] = []
    var blockedAddresses: [AddressPrefix] = []
    /// Who alone may read; anybody when nobody is named.
    var readers: [PublicKey] = []
    /// Whether nobody reads who has not shown a key.
    var readsNeedAuthentication = false
    var repositoryWhitelist: [ArchivePattern] = []
    var repositoryBlacklist: [ArchivePattern] = []

    /// The same as lists.
    var sheet: ModerationSheet {
        func list<Subject: Hashable>(_ subjects: [Subject]) -> ModerationSheet.List<Subject> {
            ModerationSheet.List(subjects.map { ($0, "") }) { first, _ in first }
        }
        var sheet = ModerationSheet()
        sheet.allowedPubkeys = list(allowedPubkeys)
        sheet.bannedPubkeys = list(bannedPubkeys)
        sheet.allowedKinds = KindSet(allowedKinds)
        sheet.bannedKinds = KindSet(bannedKinds)
        sheet.bannedEvents = list(bannedEvents)
        sheet.blockedAddresses = list(blockedAddresses)
        sheet.allowedRepositories = list(repositoryWhitelist)
        sheet.bannedRepositories = list(repositoryBlacklist)
        return sheet
    }
}
