// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Live subscriptions that were packed as a whole, because there was no room to fill them item by item.
struct PackedLive: Hashable, Sendable {
    var packing: LivePacking
    /// The established subscription of each bin.
    var subscriptions: [Int: SubscriptionID] = [:]
    /// Bins whose subscription asks for something else than they hold.
    var changed: Set<Int>
    /// What is followed live: items of which every condition is.
    var followed = ItemSet()
    /// Bins that the relay refused or ended, and when each may be tried again.
    var setbacks: [Int: Setback] = [:]
    /// Everything that there was to choose from when it was last looked at what to follow.
    var chosenFrom: ItemSet

    init(_ packing: LivePacking, chosenFrom: ItemSet) {
        self.packing = packing
        self.chosenFrom = chosenFrom
        changed = Set(packing.bins.indices)
    }

    /// The first bin from `first` on that may be opened and asks for too little of these; without items, the first one
    /// of an established subscription that asks for too much.
    func next(for items: ItemSet?, from first: Int, at now: Uptime) -> Int? {
        changed.sorted().first { bin in
            guard bin >= first, setbacks[bin]?.notBefore.map({ $0 <= now }) ?? true else { return false }
            guard let items else { return subscriptions[bin] != nil }
            return !packing.bins[bin].all.isDisjoint(with: items)
        }
    }

    /// Everything is followed but what some bin does not ask for yet.
    mutating func updateFollowed() {
        followed.formUnion(changed.reduce(packing.items) { $0.subtracting(packing.bins[$1].all) })
    }
}

// Relays that leave us little room (NIP-11): everything is packed anew; what has no room even then is read in rounds.
extension SyncPlanner {
    /// As live subscriptions were filled so far, nothing more has room. They end, everything that was followed
    /// resumes from now, and is followed by the fewest subscriptions that hold it; what has no room is read in rounds.
    mutating func repack(_ relay: RelayURL) {
        guard let entry = relays.entries[relay] else { return }
        repack(relay, as: bestPacking(of: entry, at: relay).packing)
    }

    mutating func repack(_ relay: RelayURL, as packing: LivePacking) {
        guard let conversation = conversations[relay], var entry = relays.entries[relay] else { return }
        let stored = conversation.storedUntil
        for item in conversation.followed.intersection(entry.complete) {
            entry.cursors[item] = max(entry.cursors[item] ?? stored, stored)
        }
        let left = entry.wanted.lasting.subtracting(packing.items)
        entry.confirmed.subtract(entry.confirmed.lasting)
        entry.audit?.covered = ItemSet()
        relays.entries[relay] = entry
        for id in conversation.subscriptions.filter({ $0.value.live != nil }).keys.sorted(by: {
            $0.text < $1.text
        }) { end(id, of: relay) }
        conversations[relay]?.placement = [:]
        conversations[relay]?.liveChange = nil
        conversations[relay]?.rewriteIsDue = false
        conversations[relay]?.packed = PackedLive(packing, chosenFrom: entry.wanted.lasting)
        for id in pending.ordered(relay) {
            guard let batch = pending.batches[relay]?[id] else { continue }
            switch batch.phase {
            case .judging: leftAlone(batch.items.lasting.subtracting(left), of: relay)
            case .history where batch.items.lasting.isSubset(of: left): break
            case .history, .openingLive:
                for page in batch.subscriptions.keys.sorted(by: { $0.text < $1.text }) {
                    end(page, of: relay)
                }
                postpone(id, at: relay)
            }
        }
        readInRounds(left, relay)
        refreshQueue(relay)
    }

    /// Everything where it has room; else as much of each owner's as has room.
    func bestPacking(
        of entry: RelayEntry, at relay: RelayURL
    ) -> (packing: LivePacking, whole: ItemSet) {
        let (wanted, room) = (entry.wanted.lasting, liveRoom(of: relay))
        if let packing = LivePacking(wanted, in: items, room: room) { return (packing, wanted) }
        let shares = repositories.shares(of: relay, isBootstrap: entry.isBootstrap)
        return LivePacking.fair([[.announcements]] + shares, in: items, room: room)
    }

    func liveRoom(of relay: RelayURL) -> LivePacking.Room {
        let limits = limits(of: relay)
        return LivePacking.Room(
            subscriptions: min(limits.maxSubscriptions - 1, max(1, configuration.consolidationThreshold)),
            filters: limits.maxFilters, bytes: limits.maxMessageLength - Filter.requestLength,
            total: conversations[relay]?.liveBytesMax ?? .max)
    }

    /// A relay that holds much for us and refuses one more subscription has no room for it: from now on it is asked for
    /// an eighth less than it holds, which leaves some to replace subscriptions in.
    ///
    /// - Returns: whether that was learnt; who holds little refuses for some other reason.
    mutating func learnRoom(of relay: RelayURL) -> Bool {
        guard let conversation = conversations[relay] else { return false }
        let held =
            conversation.packed.map { packed in
                packed.subscriptions.keys.reduce(0) { $0 + packed.packing.bins[$1].bytes }
            } ?? conversation.liveSubscriptions.reduce(0) { $0 + $1.live.cost.bytes }
        let room = held - held / 8
        guard room >= UpstreamLimits.leastRoom, room < conversation.liveBytesMax ?? .max else { return false }
        conversations[relay]?.liveBytesMax = room
        repack(relay)
        return true
    }

    /// How many batches there may be at one time: packed subscriptions may leave room for one alone.
    func batchesMax(of relay: RelayURL) -> Int {
        let limits = limits(of: relay)
        let packed = conversations[relay]?.packed?.packing.bins.count ?? 0
        return min(
            limits.historySubscriptions, configuration.limits.batchesPerRelayMax,
            max(1, limits.maxSubscriptions - packed))
    }

    /// These were not followed for a moment: whatever a batch in flight brings, they are asked for once more.
    mutating func leftAlone(_ items: ItemSet, of relay: RelayURL) {
        for (id, batch) in pending.batches[relay] ?? [:] {
            pending.batches[relay]?[id]?.stale.formUnion(batch.items.intersection(items))
        }
    }

    /// Opens what these items need of packed subscriptions. Where some are read in rounds already, new ones that find
    /// no room are too; with the next round it is looked at who is followed.
    mutating func openPacked(_ items: ItemSet, for batch: BatchID, at relay: RelayURL) {
        guard var packed = conversations[relay]?.packed, let entry = relays.entries[relay],
            packed.packing.room == liveRoom(of: relay)
        else { return repack(relay) }
        let (changed, left) = packed.packing.insert(items, in: self.items)
        guard left.isEmpty || entry.isReadInRounds else { return repack(relay) }
        packed.changed.formUnion(changed)
        packed.updateFollowed()
        conversations[relay]?.packed = packed
        readInRounds(entry.inRounds.union(left), relay)
        openNextBin(for: batch, at: relay)
    }

    /// Opens one subscription after the other, each once, that this batch's items need; then the batch's history.
    /// Without a batch, those that ask for too much.
    ///
    /// Who refuses or ends some of them is asked for the others all the same.
    mutating func openNextBin(for batch: BatchID?, from first: Int = 0, at relay: RelayURL) {
        guard let packed = conversations[relay]?.packed else { return }
        let items = batch.map {
            (pending.batches[relay]?[$0]?.items ?? []).lasting.subtracting(followed(at: relay))
        }
        guard let bin = packed.next(for: items, from: first, at: now) else {
            if let batch, let items { openHistory(batch, without: items, packed, at: relay) }
            return
        }
        guard mayOpen(relay) else {
            if let batch { postpone(batch, at: relay) }
            return
        }
        let live = UpstreamConversation.Subscription.Live(
            items: packed.packing.bins[bin].all, cost: FilterCost(),
            replacing: packed.subscriptions[bin].map { [$0] } ?? [], batch: batch, bin: bin)
        let limit = relays.entries[relay]?.knowsLimitZero == true ? 0 : 1
        let filters = packed.packing.filters(of: bin, in: self.items, limit: limit)
        let id = open("l", filters, as: .live(live), at: relay)
        conversations[relay]?.liveChange = id
    }

    /// Reads a history of which some items are not followed live: they are asked for again when the subscriptions
    /// that they lack may be.
    private mutating func openHistory(
        _ batch: BatchID, without lacking: ItemSet, _ packed: PackedLive, at relay: RelayURL
    ) {
        if !lacking.isEmpty {
            pending.batches[relay]?[batch]?.stale.formUnion(lacking)
            let setbacks = packed.setbacks.filter { packed.changed.contains($0.key) }
            for (bin, setback) in setbacks.sorted(by: {
                ($0.value.notBefore ?? .zero, $0.key) < ($1.value.notBefore ?? .zero, $1.key)
            }) {
                for item in packed.packing.bins[bin].all.intersection(lacking) {
                    relays.entries[relay]?.setbacks[item] = setback.once
                }
            }
        }
        openHistory(batch, at: relay)
    }

    /// EOSE of a packed subscription.
    mutating func binOpened(
        _ bin: Int, _ id: SubscriptionID, _ live: UpstreamConversation.Subscription.Live, of relay: RelayURL
    ) {
        conversations[relay]?.packed?.subscriptions[bin] = id
        conversations[relay]?.packed?.changed.remove(bin)
        conversations[relay]?.packed?.updateFollowed()
        for old in live.replacing { end(old, of: relay) }
        if let batch = live.batch, pending.batches[relay]?[batch] != nil {
            openNextBin(for: batch, from: bin + 1, at: relay)
        }
    }

    /// A packed subscription was refused, or never answered: its batch goes on without it.
    mutating func binRefused(
        _ bin: Int, _ live: UpstreamConversation.Subscription.Live, of relay: RelayURL
    ) {
        var backoff = Backoff(attempts: conversations[relay]?.packed?.setbacks[bin]?.attempts ?? 0)
        _ = backoff.failed(
            at: now, base: configuration.backoffBase, most: configuration.backoffMax, using: &chance)
        let batch = live.batch.flatMap { pending.batches[relay]?[$0] }
        let words = batch?.words ?? conversations[relay]?.lastNotice
        let failure = BatchFailure.notLive.rawValue
        conversations[relay]?.packed?.setbacks[bin] = Setback(
            backoff: backoff, reason: words.map { "\(failure): \($0)" } ?? failure)
        relays.entries[relay]?.lastFailure = "live: refused"
        guard let batch else { return }
        if conversations[relay]?.packed?.packing.room == liveRoom(of: relay) {
            openNextBin(for: batch.id, from: bin + 1, at: relay)
        } else {
            // It takes fewer filters than was thought: all is packed anew, with the next batch.
            pending.batches[relay]?[batch.id]?.failure = .notLive
            openHistory(batch.id, at: relay)
        }
    }

    /// Packed subscriptions no longer ask for what is not wanted.
    mutating func rewritePacked(_ packed: PackedLive, _ wanted: ItemSet, of relay: RelayURL) {
        var packed = packed
        for bin in packed.packing.keep(wanted, in: items).sorted() {
            if packed.packing.bins[bin].items.isEmpty {
                if let id = packed.subscriptions.removeValue(forKey: bin) { end(id, of: relay) }
                packed.changed.remove(bin)
                packed.setbacks[bin] = nil
            } else {
                packed.changed.insert(bin)
            }
        }
        packed.followed.formIntersection(wanted)
        conversations[relay]?.packed = packed
        // One that was refused is tried again with the next one that is due.
        conversations[relay]?.rewriteIsDue = packed.next(for: nil, from: 0, at: now) != nil
        openNextBin(for: nil, at: relay)
    }
}
