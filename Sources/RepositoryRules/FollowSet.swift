// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Which repositories are followed, kept in step with the stored announcements.
///
/// Followed are announcements that list this service, those the archive names, and the announcements of
/// the recursive maintainers of either. Announcements that are none of these must be told too: a
/// maintainer may appear before the one who lists them.
public struct FollowSet: Sendable {
    public let interest: RepositoryInterest
    /// The followed ones, by address.
    public private(set) var followed: [EventAddress: RepositoryAnnouncement] = [:]
    private var groups: [TagValue: RepositoryGroup] = [:]
    private var pool = RelayURLPool()

    public init(_ interest: RepositoryInterest) { self.interest = interest }

    public init(service: ServiceAuthority?, archive: [ArchivePattern] = []) {
        self.init(RepositoryInterest(service: service, archive: archive))
    }

    /// Takes in a stored announcement; an older one than is known here changes nothing.
    public mutating func upsert(_ announcement: RepositoryAnnouncement) -> FollowChange {
        var announcement = announcement
        announcement.trim(for: interest.service)
        announcement.shareRelays(&pool)
        let identifier = announcement.identifier
        var group = groups.removeValue(forKey: identifier) ?? RepositoryGroup(interest: interest)
        let authority = group.upsert(announcement)
        var change = apply(authority, of: group, identifier: identifier)
        let address = announcement.address
        let isInForce = group.announcements[announcement.owner] == announcement
        if isInForce, group.authorised.contains(announcement.owner) {
            let previous = followed.updateValue(announcement, forKey: address)
            if previous == nil {
                change.started.append(address)
            } else if previous != announcement {
                change.changed.append(address)
            }
        }
        if !group.announcements.isEmpty { groups[identifier] = group }
        return Self.sorted(change)
    }

    /// Forgets the announcement of this id: it was deleted, has expired, or was removed.
    ///
    /// Another version at the same address stays what it is.
    public mutating func remove(_ address: EventAddress, id: EventID) -> FollowChange {
        guard address.kind == .repositoryAnnouncement,
            groups[address.identifier]?.announcements[address.pubkey]?.id == id,
            var group = groups.removeValue(forKey: address.identifier)
        else { return FollowChange() }
        let authority = group.remove(address.pubkey, id: id)
        var change = apply(authority, of: group, identifier: address.identifier)
        if followed.removeValue(forKey: address) != nil { change.stopped.append(address) }
        if !group.announcements.isEmpty { groups[address.identifier] = group }
        return Self.sorted(change)
    }

    public func isFollowed(_ address: EventAddress) -> Bool { followed[address] != nil }

    /// Everybody who may act for some followed repository of this identifier.
    public func authorised(_ identifier: TagValue) -> Set<PublicKey> { groups[identifier]?.authorised ?? [] }

    /// The owner at `address` and everybody who may act for them.
    public func recursiveMaintainers(of address: EventAddress) -> Set<PublicKey> {
        groups[address.identifier]?.recursiveMaintainers(of: address.pubkey) ?? []
    }

    private mutating func apply(
        _ authority: AuthorityChange, of group: RepositoryGroup, identifier: TagValue
    ) -> FollowChange {
        var change = FollowChange()
        for key in authority.gained {
            guard let announcement = group.announcements[key],
                followed.updateValue(announcement, forKey: announcement.address) == nil
            else { continue }
            change.started.append(announcement.address)
        }
        for key in authority.lost {
            let address = EventAddress(kind: .repositoryAnnouncement, pubkey: key, identifier: identifier)
            if followed.removeValue(forKey: address) != nil { change.stopped.append(address) }
        }
        return change
    }

    private static func sorted(_ change: FollowChange) -> FollowChange {
        var change = change
        change.started.sort()
        change.stopped.sort()
        change.changed.sort()
        return change
    }
}
