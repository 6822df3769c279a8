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

    init(_ packing: LivePacking) {
        self.packing = packing
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
    /// resumes from now, and is followed by the fewest subscriptions that hold it, or read in rounds.
    mutating func repack(_ relay: RelayURL) {
        guard let conversation = conversations[relay], var entry = relays.entries[relay] else { return }
        if !entry.isReadInRounds {
            let stored = conversation.storedUntil
            for item in conversation.followed.intersection(entry.complete) {
                entry.cursors[item] = max(entry.cursors[item] ?? stored, stored)
            }
        }
        let packing = LivePacking(entry.wanted.lasting, in: items, room: liveRoom(of: relay))
        entry.confirmed.subtract(entry.confirmed.lasting)
        entry.audit?.covered = ItemSet()
        relays.entries[relay] = entry
        for id in conversation.subscriptions.filter({ $0.value.live != nil }).keys.sorted(by: {
            $0.text < $1.text
        }) { end(id, of: relay) }
        conversations[relay]?.placement = [:]
        conversations[relay]?.liveChange = nil
        conversations[relay]?.rewriteIsDue = false
        conversations[relay]?.packed = packing.map(PackedLive.init)
        for id in pending.ordered(relay) {
            guard let batch = pending.batches[relay]?[id] else { continue }
            switch batch.phase {
            case .judging: if packing != nil { leftAlone(batch.items.lasting, of: relay) }
            case .history where packing == nil: break
            case .history, .openingLive:
                for page in batch.subscriptions.keys.sorted(by: { $0.text < $1.text }) {
                    end(page, of: relay)
                }
                postpone(id, at: relay)
            }
        }
        readInRounds(packing == nil, relay)
        refreshQueue(relay)
    }

    func liveRoom(of relay: RelayURL) -> LivePacking.Room {
        let limits = limits(of: relay)
        return LivePacking.Room(
            subscriptions: min(limits.maxSubscriptions - 1, max(1, configuration.consolidationThreshold)),
            filters: limits.maxFilters, bytes: limits.maxMessageLength - Filter.requestLength)
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

    /// Opens what these items need of packed subscriptions.
    mutating func openPacked(_ items: ItemSet, for batch: BatchID, at relay: RelayURL) {
        guard var packed = conversations[relay]?.packed, packed.packing.room == liveRoom(of: relay),
            let changed = packed.packing.insert(items, in: self.items)
        else { return repack(relay) }
        packed.changed.formUnion(changed)
        packed.updateFollowed()
        conversations[relay]?.packed = packed
        openNextBin(for: batch, at: relay)
    }

    /// Opens one subscription after the other, each once, that this batch's items need; then the batch's history.
    /// Without a batch, those that ask for too much.
    ///
    /// Who refuses or ends some of them is asked for the others all the same.
    mutating func openNextBin(for batch: BatchID?, from first: Int = 0, at relay: RelayURL) {
        guard let packed = conversations[relay]?.packed else { return }
        let items = batch.map {
            (pending.batches[relay]?[$0]?.items ?? []).lasting.subtracting(packed.followed)
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

    // MARK: Rounds

    static let noRoom = "limits: no room to follow live, read in rounds"

    private mutating func readInRounds(_ isSo: Bool, _ relay: RelayURL) {
        guard relays.entries[relay]?.isReadInRounds != isSo else { return }
        relays.entries[relay]?.isReadInRounds = isSo
        relays.entries[relay]?.roundAt = nil
        relays.entries[relay]?.lastFailure = isSo ? Self.noRoom : nil
        report(.readInRounds(relay, isSo))
        updateHealth(relay)
    }

    /// When everything was read, the next round is fixed.
    mutating func scheduleRound(_ relay: RelayURL) {
        guard let entry = relays.entries[relay], entry.isReadInRounds, entry.roundAt == nil,
            case .up = entry.link, !hasWork(relay)
        else { return }
        let at = now + around(configuration.roundInterval)
        relays.entries[relay]?.roundAt = at
    }

    /// Everything is asked for again from where it was left, or followed live if there is room by now.
    mutating func startRound(_ relay: RelayURL) {
        relays.entries[relay]?.roundAt = nil
        guard var entry = relays.entries[relay], entry.isReadInRounds, case .up = entry.link else { return }
        if LivePacking(entry.wanted.lasting, in: items, room: liveRoom(of: relay)) != nil {
            return repack(relay)
        }
        entry.confirmed.subtract(entry.confirmed.lasting)
        relays.entries[relay] = entry
        refreshQueue(relay)
    }

    /// What needs no further live subscription.
    func followed(at relay: RelayURL) -> ItemSet {
        guard let entry = relays.entries[relay] else { return ItemSet() }
        return entry.isReadInRounds ? entry.wanted : conversations[relay]?.followed ?? ItemSet()
    }
}
