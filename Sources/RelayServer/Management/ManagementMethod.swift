// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What can be asked of the management interface: the methods of NIP-86, and some of our own.
public enum ManagementMethod: String, CaseIterable, Sendable {
    case supportedmethods
    case banpubkey, unbanpubkey, listbannedpubkeys
    case allowpubkey, unallowpubkey, listallowedpubkeys
    case listeventsneedingmoderation
    case allowevent, unallowevent, listallowedevents
    case banevent, unbanevent, listbannedevents
    case changerelayname, changerelaydescription, changerelayicon
    case allowkind, disallowkind, listallowedkinds, listdisallowedkinds
    case blockip, unblockip, listblockedips
    // Ours: repositories as in the configuration's lists, and what the relay does at the moment.
    case banrepository, unbanrepository, listbannedrepositories
    case allowrepository, unallowrepository, listallowedrepositories
    case stats
}
