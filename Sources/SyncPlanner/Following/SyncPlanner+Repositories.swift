// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

// Which repositories are followed, and what changes when their announcements do.
extension SyncPlanner {
    /// Brings ``RepoSyncIndex`` in step with the follow set.
    ///
    /// - Parameter askAgain: the scan was repeated: our store is asked about every repository.
    mutating func takeFollowedRepositories(askAgain: Bool) {
        guard announcementsChanged else { return }
        if phase == .running { announcementsChanged = false }
        let followed = followSet.followed
        let chosen = repositoriesToFollow(among: followed)
        let kept = Set(chosen)
        unfollow(repositories.entries.keys.filter { !kept.contains($0) }.sorted())
        // Once for each plan: a stranger may have announced very many.
        if chosen.count < followed.count { report(.overLimit(.repositories)) }
        let before = Set(repositories.entries.keys)
        for address in chosen {
            if let announcement = followed[address] { follow(address, announcement, askAgain: askAgain) }
        }
        var concerned: [EventAddress] = []
        for (identifier, addresses) in repositories.repositoriesOfIdentifier {
            let gained = repositories.authorise(followSet.authorised(identifier), for: identifier)
            guard let gained, !gained.isEmpty else { continue }
            // Where very many share a name, only those are asked for again who name somebody new themselves.
            let isCrowd = addresses.count > configuration.limits.repositoriesAskedAgainMax
            concerned += addresses.intersection(before).filter { address in
                !isCrowd || followed[address]?.maintainers.contains(where: gained.contains) == true
            }
        }
        for address in concerned.sorted() { askAgainForStates(of: address) }
    }

    /// As many as may be followed: of each owner as many as of any other who has as many, those first that were followed
    /// before, be it in an earlier run.
    private func repositoriesToFollow(
        among followed: [EventAddress: RepositoryAnnouncement]
    ) -> [EventAddress] {
        let limits = configuration.limits
        var ofOwner: [PublicKey: [EventAddress]] = [:]
        for address in followed.keys { ofOwner[address.pubkey, default: []].append(address) }
        if followed.count <= limits.repositoriesMax,
            ofOwner.values.allSatisfy({ $0.count <= limits.repositoriesPerOwnerMax })
        {
            return followed.keys.sorted()
        }
        var before = Set(repositories.entries.keys)
        for known in restored.values {
            for case .repository(let address) in items.all(of: known.cursors.items.only(.repository)) {
                before.insert(address)
            }
        }
        var ranked: [(rank: Int, isNew: Int, address: EventAddress)] = []
        for addresses in ofOwner.values {
            let sorted = addresses.map { (before.contains($0) ? 0 : 1, $0) }.sorted(by: <)
            for (rank, (isNew, address)) in sorted.prefix(limits.repositoriesPerOwnerMax).enumerated() {
                ranked.append((rank, isNew, address))
            }
        }
        return ranked.sorted(by: <).prefix(limits.repositoriesMax).map(\.address).sorted()
    }

    private mutating func follow(
        _ address: EventAddress, _ announcement: RepositoryAnnouncement, askAgain: Bool
    ) {
        guard address.identifier.bytes.count <= configuration.limits.identifierLengthMax else { return }
        let known = repositories.entries[address]
        if known == nil || askAgain { storeQuestions.ask(address: address) }
        if askAgain, let known {
            for number in known.items {
                switch items[number] {
                case .root(let id), .comment(let id): storeQuestions.ask(thread: id)
                default: break
                }
            }
        }
        if known?.announcement == announcement.id { return }
        dirtyRelays.formUnion(known?.relays ?? [])
        let owner = items.number(.deletions(address.pubkey))
        if phase == .running { repositories.authorIsNew(owner, at: wall) }
        repositories.follow(
            address, items.number(.repository(address)), owner: owner,
            announcement: announcement.id, relays: relaysWorthAsking(announcement))
        dirtyRelays.formUnion(relaysOf(address))
        // Theirs lead on to whomever they name, once they are here.
        let theirs = announcement.maintainers.sorted().map {
            Reference.address(EventAddress(kind: address.kind, pubkey: $0, identifier: address.identifier))
        }
        chase(theirs[...], for: [address], depth: 1)
    }

    mutating func unfollow(_ addresses: [EventAddress]) {
        guard !addresses.isEmpty else { return }
        for address in addresses { dirtyRelays.formUnion(repositories.entries[address]?.relays ?? []) }
        references.unfollow(Set(addresses))
        repositories.unfollow(addresses)
    }

    /// The relays of an announcement, and its clone URLs as relays; never ourselves.
    private mutating func relaysWorthAsking(_ announcement: RepositoryAnnouncement) -> Set<RelayURL> {
        var relays: [RelayURL] = []
        for relay in announcement.relays + announcement.cloneRelays
        where !relays.contains(relay) && !configuration.own.contains(relay) {
            relays.append(relay)
        }
        if announcement.namesMoreRelays || relays.count > configuration.limits.relaysPerAnnouncementMax {
            report(.overLimit(.relaysOfAnnouncement))
        }
        return Set(relays.prefix(configuration.limits.relaysPerAnnouncementMax).map { pool.shared($0) })
    }
}
