// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RepositoryRules

/// Lists of one origin: everything that is banned, allowed or named otherwise, with the reasons given for it.
public struct ModerationSheet: Sendable, Hashable {
    public typealias List<Subject: Hashable> = [Subject: String]

    /// When there is one, nobody else publishes here.
    public var allowedPubkeys: List<PublicKey> = [:]
    public var bannedPubkeys: List<PublicKey> = [:]
    /// Taken whatever else these lists say.
    public var allowedEvents: List<EventID> = [:]
    public var bannedEvents: List<EventID> = [:]
    /// When there is one, no other is taken.
    public var allowedKinds = KindSet()
    public var bannedKinds = KindSet()
    /// From these nobody connects.
    public var blockedAddresses: List<AddressPrefix> = [:]
    /// When there is one: the only ones that are taken for listing this relay.
    public var allowedRepositories: List<ArchivePattern> = [:]
    public var bannedRepositories: List<ArchivePattern> = [:]
    /// What NIP-11 tells instead of what the configuration says.
    public var information = InformationChange()

    public init() {}

    /// Entries of all lists.
    public var count: Int {
        allowedPubkeys.count + bannedPubkeys.count + allowedEvents.count + bannedEvents.count
            + allowedKinds.ranges.count + bannedKinds.ranges.count + blockedAddresses.count
            + allowedRepositories.count + bannedRepositories.count
    }

    /// Whether there is anything that an event could be refused for.
    var isSilent: Bool {
        bannedPubkeys.isEmpty && bannedEvents.isEmpty && bannedKinds.isEmpty && allowedPubkeys.isEmpty
            && allowedKinds.isEmpty && bannedRepositories.isEmpty
    }
}

/// Words of the information document that were changed while the relay runs; `nil` where nothing was.
public struct InformationChange: Sendable, Hashable {
    public var name: String?
    public var description: String?
    public var icon: String?

    public init() {}
}
