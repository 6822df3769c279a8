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
        tellFollowing()
        askStore()
        lookUpReferences()
        trackRelays()
        let changed = dirtyRelays.union(configuration.bootstrap)
        dirtyRelays = []
        for relay in changed.sorted() { refreshWanted(relay) }
        if items.isCrowded { items.keep(itemsInUse()) }
    }

    /// Every item that the plan speaks of.
    private func itemsInUse() -> ItemSet {
        var used = references.absent
        for entry in repositories.entries.values { used.formUnion(entry.items) }
        for entry in relays.entries.values {
            // Everything queued or confirmed is wanted.
            used.formUnion(entry.wanted)
            used.formUnion(entry.cursors.items)
            used.formUnion(entry.setbacks.items)
        }
        for relay in pending.batches.keys { used.formUnion(pending.items(of: relay)) }
        for conversation in conversations.values {
            used.formUnion(conversation.packed?.packing.items ?? ItemSet())
            for subscription in conversation.subscriptions.values {
                used.formUnion(subscription.live?.items ?? ItemSet())
            }
        }
        for relay in restored.values { used.formUnion(relay.cursors.items) }
        used.formUnion(rows.items)
        return used
    }

    private mutating func tellFollowing() {
        let following = [repositories.entries.count, repositories.rootCount]
        guard following != toldFollowing else { return }
        toldFollowing = following
        report(.following(repositories: following[0], roots: following[1]))
    }

    /// Who may state what this identifier is has changed: states that were refused may be accepted now.
    mutating func askAgainForStates(of address: EventAddress) {
        reopen(.repository(address))
        dirtyRelays.formUnion(relaysOf(address))
    }

    /// Wherever this item was complete, or is in flight, it is asked for once more.
    mutating func reopen(_ item: SyncItem) {
        guard let number = items.known(item) else { return }
        let concerned = relays.entries.filter { relay, entry in
            entry.cursors[number] != nil || entry.confirmed.contains(number)
                || entry.complete.contains(number)
                || pending.batches[relay]?.values.contains { $0.items.contains(number) } == true
        }
        for relay in concerned.keys.sorted() {
            let wasComplete = relays.entries[relay]?.complete.contains(number) == true
            // Of a relay that is read in rounds nothing is complete; what one of them read is confirmed.
            let wasConfirmed = relays.entries[relay]?.confirmed.contains(number) == true
            let hasCursor = relays.entries[relay]?.cursors[number] != nil
            relays.entries[relay]?.dropCursor(of: number)
            if hasCursor { rows.put(cursorOf: number, at: relay, nil, at: now) }
            for (id, batch) in pending.batches[relay] ?? [:] where batch.items.contains(number) {
                pending.batches[relay]?[id]?.stale.insert(number)
            }
            if wasComplete || wasConfirmed { refreshQueue(relay) }
        }
    }

    // MARK: References (L4)

    /// Remembers what an accepted event names, unless it is known to be here or too far away.
    mutating func chase(_ named: ArraySlice<Reference>, for addresses: Set<EventAddress>, depth: Int) {
        guard depth <= configuration.limits.referenceDepthMax else { return }
        for reference in named {
            switch reference {
            case .event(let id):
                if thread(id) != nil { continue }
            case .address(let address):
                if repositories.entries[address] != nil { continue }
                guard address.kind.isReplaceable || address.kind.isAddressable,
                    address.identifier.bytes.count <= configuration.limits.identifierLengthMax
                else { continue }
            }
            let limits = configuration.limits
            let owner = addresses.min()?.pubkey
            let share = owner.map { references.count(of: $0) } ?? 0
            guard references.entries.count < limits.referencesMax,
                share < max(1, limits.referencesMax / max(1, limits.ownerShare))
            else {
                report(.overLimit(.references))
                return
            }
            references.insert(reference, for: addresses, depth: depth)
            newsArrived()
        }
    }

    /// Asks our store which of the events named lately it lacks, as many questions at once as may be open.
    mutating func lookUpReferences() {
        while references.hasUnchecked, storeQuestions.mayOpen(configuration.limits) {
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
                let number = items.number(.reference(reference))
                for address in references.isAbsent(reference, number) { markDirty(address) }
            } else {
                references.remove(reference)
            }
        }
        askStore()
        lookUpReferences()
        finishLoading()
    }

    private func referencesWanted(of relay: RelayURL, isBootstrap: Bool) -> ItemSet {
        if isBootstrap { return references.absent }
        return repositories.repositories(of: relay).reduce(into: ItemSet()) { wanted, address in
            wanted.formUnion(references.absent(for: address))
        }
    }

    // MARK: Wanted − pending − confirmed

    /// Works out what is wanted of a relay, and forgets what no longer is.
    mutating func refreshWanted(_ relay: RelayURL) {
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        var wanted = repositories.wanted(of: relay, isBootstrap: entry.isBootstrap)
        wanted.formUnion(referencesWanted(of: relay, isBootstrap: entry.isBootstrap))
        let isNeeded = entry.isBootstrap || repositories.isNamed(relay)
        entry.unneededSince = isNeeded ? nil : entry.unneededSince ?? now
        if entry.wanted != wanted {
            for item in entry.cursors.items.subtracting(wanted) {
                rows.put(cursorOf: item, at: relay, nil, at: now)
            }
            entry.cursors.formIntersection(wanted)
            entry.behind.formIntersection(wanted)
            entry.audit?.covered.formIntersection(wanted)
            entry.setbacks.formIntersection(wanted)
            let unwanted = entry.audit?.remaining.subtracting(wanted) ?? ItemSet()
            let isLess = !entry.wanted.isSubset(of: wanted)
            entry.wanted = wanted
            entry.confirmed.formIntersection(wanted)
            if isLess { conversations[relay]?.rewriteIsDue = true }
            let inRounds = entry.inRounds.intersection(wanted)
            relays.entries[relay] = entry
            readInRounds(inRounds, relay)
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
        entry.queue = entry.wanted.subtracting(entry.confirmed).subtracting(pending.items(of: relay))
        entry.retryAt = nil
        if let refusal = entry.refusal, let notBefore = refusal.notBefore, notBefore > now {
            // Nothing else is given either.
            for item in entry.queue { entry.setbacks[item] = refusal.outlasting(entry.setbacks[item]) }
        }
        for item in entry.queue.intersection(entry.setbacks.items) {
            guard let notBefore = entry.setbacks[item]?.notBefore, notBefore > now else { continue }
            entry.retryAt = min(entry.retryAt ?? notBefore, notBefore)
            entry.queue.remove(item)
        }
        relays.entries[relay] = entry
    }
}
