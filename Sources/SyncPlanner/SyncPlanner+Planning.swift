// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

// The plan: which repositories, which relays, and what is wanted of each.
extension SyncPlanner {
    /// Makes the plan from the news gathered.
    mutating func replan() {
        replanAt = nil
        guard phase == .running else { return }
        takeFollowedRepositories(askAgain: false)
        askStore()
        lookUpReferences()
        trackRelays()
        let changed = dirtyRelays.union(configuration.bootstrap)
        dirtyRelays = []
        for relay in changed.sorted() { refreshWanted(relay) }
    }

    /// Brings ``RepoSyncIndex`` in step with the follow set.
    ///
    /// - Parameter askAgain: the scan was repeated: our store is asked about every repository.
    mutating func takeFollowedRepositories(askAgain: Bool) {
        guard announcementsChanged else { return }
        if phase == .running { announcementsChanged = false }
        let followed = followSet.followed
        for address in repositories.entries.keys.sorted() where followed[address] == nil {
            unfollow(address)
        }
        var ofOwner: [PublicKey: Int] = [:]
        for address in repositories.entries.keys { ofOwner[address.pubkey, default: 0] += 1 }
        for (address, announcement) in followed.sorted(by: { $0.key < $1.key }) {
            if repositories.entries[address] == nil {
                let count = ofOwner[address.pubkey, default: 0]
                guard count < configuration.limits.repositoriesPerOwnerMax,
                    repositories.entries.count < configuration.limits.repositoriesMax
                else {
                    report(.overLimit(.repositories))
                    continue
                }
                ofOwner[address.pubkey] = count + 1
            }
            follow(address, announcement, askAgain: askAgain)
        }
        let following = [repositories.entries.count, repositories.rootCount]
        guard phase == .running, following != toldFollowing else { return }
        toldFollowing = following
        report(.following(repositories: following[0], roots: following[1]))
    }

    private mutating func follow(
        _ address: EventAddress, _ announcement: RepositoryAnnouncement, askAgain: Bool
    ) {
        guard address.identifier.bytes.count <= configuration.limits.identifierLengthMax else { return }
        let known = repositories.entries[address]
        if known == nil || askAgain { storeQuestions.ask(address: address) }
        if askAgain, let known {
            for id in known.roots.sorted() + known.comments.sorted() { storeQuestions.ask(root: id) }
        }
        let maintainers = followSet.authorised(address.identifier)
        if known?.announcement == announcement.id, known?.maintainers == maintainers { return }
        dirtyRelays.formUnion(known?.relays ?? [])
        repositories.follow(
            address, announcement: announcement.id, relays: relaysWorthAsking(announcement),
            maintainers: maintainers)
        dirtyRelays.formUnion(relaysOf(address))
        let theirs = maintainers.sorted().map {
            Reference.address(EventAddress(kind: address.kind, pubkey: $0, identifier: address.identifier))
        }
        chase(theirs[...], for: [address], depth: 1)
        if phase == .running, known != nil, known?.maintainers != maintainers {
            askAgainForStates(of: address)
        }
    }

    private mutating func unfollow(_ address: EventAddress) {
        dirtyRelays.formUnion(repositories.entries[address]?.relays ?? [])
        repositories.unfollow(address)
        references.unfollow(address)
    }

    /// The relays of an announcement, and its clone URLs as relays; never ourselves.
    private func relaysWorthAsking(_ announcement: RepositoryAnnouncement) -> Set<RelayURL> {
        var relays: [RelayURL] = []
        for relay in announcement.relays + announcement.cloneRelays
        where !relays.contains(relay) && !configuration.own.contains(relay) {
            relays.append(relay)
        }
        return Set(relays.prefix(configuration.limits.relaysPerAnnouncementMax))
    }

    /// Who may state what this identifier is has changed: states that were refused may be accepted now.
    private mutating func askAgainForStates(of address: EventAddress) {
        reopen(.repository(address))
        dirtyRelays.formUnion(relaysOf(address))
    }

    /// Wherever this item was complete, or is in flight, it is asked for once more.
    private mutating func reopen(_ item: SyncItem) {
        for relay in relays.entries.keys.sorted() {
            relays.entries[relay]?.confirmed.remove(item)
            if relays.entries[relay]?.cursors.removeValue(forKey: item) != nil {
                rows.put(.cursor(relay, item, coveredUntil: nil), at: now)
            }
            for (id, batch) in pending.batches[relay] ?? [:] where batch.items.contains(item) {
                pending.batches[relay]?[id]?.stale.insert(item)
            }
        }
    }

    // MARK: References (L4)

    /// Remembers what an accepted event names, unless it is known to be here or too far away.
    mutating func chase(_ named: ArraySlice<Reference>, for addresses: Set<EventAddress>, depth: Int) {
        guard depth <= configuration.limits.referenceDepthMax else { return }
        for reference in named {
            switch reference {
            case .event(let id):
                if repositories.repositoriesOfRoot[id] != nil || repositories.comments[id] != nil { continue }
            case .address(let address):
                if repositories.entries[address] != nil { continue }
                guard address.kind.isReplaceable || address.kind.isAddressable,
                    address.identifier.bytes.count <= configuration.limits.identifierLengthMax
                else { continue }
            }
            guard references.entries.count < configuration.limits.referencesMax else {
                report(.overLimit(.references))
                return
            }
            references.insert(reference, for: addresses, depth: depth)
            newsArrived()
        }
    }

    /// Asks our store which of the events named lately it lacks.
    mutating func lookUpReferences() {
        while references.hasUnchecked {
            let asked = references.takeUnchecked(configuration.limits.eventsPerSubmissionMax)
            let id = StoreQuestionID(number())
            storeQuestions.opened(id, references: asked)
            effects.append(.findAbsent(id, asked))
        }
    }

    mutating func foundAbsent(_ id: StoreQuestionID, _ absent: [Reference]) {
        guard storeQuestions.isOpen(id) else { return }
        let absent = Set(absent)
        for reference in storeQuestions.answered(id) {
            if absent.contains(reference) {
                for address in references.isAbsent(reference) { markDirty(address) }
            } else {
                _ = references.remove(reference)
            }
        }
    }

    private func referencesWanted(of relay: RelayURL, isBootstrap: Bool) -> [SyncItem] {
        references.entries.compactMap { reference, entry in
            guard entry.isAbsent else { return nil }
            let matters =
                isBootstrap
                || entry.repositories.contains {
                    repositories.entries[$0]?.relays.contains(relay) == true
                }
            return matters ? .reference(reference) : nil
        }
    }

    // MARK: Wanted − pending − confirmed

    /// Works out what is wanted of a relay, and forgets what no longer is.
    mutating func refreshWanted(_ relay: RelayURL) {
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        var wanted = repositories.wanted(of: relay, isBootstrap: entry.isBootstrap)
        wanted.formUnion(referencesWanted(of: relay, isBootstrap: entry.isBootstrap))
        let isNeeded = entry.isBootstrap || repositories.repositoriesOfRelay[relay] != nil
        entry.unneededSince = isNeeded ? nil : entry.unneededSince ?? now
        if entry.wanted != wanted {
            for item in entry.cursors.keys where !wanted.contains(item) {
                entry.cursors[item] = nil
                rows.put(.cursor(relay, item, coveredUntil: nil), at: now)
            }
            entry.setbacks = entry.setbacks.filter { wanted.contains($0.key) }
            let unwanted = entry.audit?.remaining.subtracting(wanted) ?? []
            let isLess = !entry.wanted.isSubset(of: wanted)
            entry.wanted = wanted
            entry.confirmed.formIntersection(wanted)
            if isLess { conversations[relay]?.rewriteIsDue = true }
            relays.entries[relay] = entry
            audited(unwanted, of: relay)
        } else {
            relays.entries[relay] = entry
        }
        refreshQueue(relay)
    }

    /// The one decision: wanted − pending − confirmed, less what must wait after a failure.
    mutating func refreshQueue(_ relay: RelayURL) {
        touched.insert(relay)
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        let inFlight = pending.items(of: relay)
        entry.retryAt = nil
        var queue: [SyncItem] = []
        for item in entry.wanted where !entry.confirmed.contains(item) && !inFlight.contains(item) {
            if let notBefore = entry.setbacks[item]?.notBefore, notBefore > now {
                entry.retryAt = min(entry.retryAt ?? notBefore, notBefore)
            } else {
                queue.append(item)
            }
        }
        entry.queue = queue.sorted(by: >)
        relays.entries[relay] = entry
    }
}
