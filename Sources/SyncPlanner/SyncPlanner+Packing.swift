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

    init(_ packing: LivePacking) {
        self.packing = packing
        changed = Set(packing.bins.indices)
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
        conversations[relay]?.packed = packed
        openNextBin(for: batch, at: relay)
    }

    /// Opens one subscription after the other until all ask for what they hold; then the batch's history.
    mutating func openNextBin(for batch: BatchID?, at relay: RelayURL) {
        guard let packed = conversations[relay]?.packed else { return }
        guard let bin = packed.changed.min() else {
            conversations[relay]?.packed?.followed = packed.packing.items
            if let batch { openHistory(batch, at: relay) }
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

    /// EOSE of a packed subscription.
    mutating func binOpened(
        _ bin: Int, _ id: SubscriptionID, _ live: UpstreamConversation.Subscription.Live, of relay: RelayURL
    ) {
        conversations[relay]?.packed?.subscriptions[bin] = id
        conversations[relay]?.packed?.changed.remove(bin)
        for old in live.replacing { end(old, of: relay) }
        if let batch = live.batch, pending.batches[relay]?[batch] != nil {
            openNextBin(for: batch, at: relay)
        } else if conversations[relay]?.packed?.changed.isEmpty == true {
            openNextBin(for: nil, at: relay)
        }
    }

    /// Packed subscriptions no longer ask for what is not wanted.
    mutating func rewritePacked(_ packed: PackedLive, _ wanted: ItemSet, of relay: RelayURL) {
        var packed = packed
        for bin in packed.packing.keep(wanted, in: items).sorted() {
            if packed.packing.bins[bin].items.isEmpty {
                if let id = packed.subscriptions.removeValue(forKey: bin) { end(id, of: relay) }
                packed.changed.remove(bin)
            } else {
                packed.changed.insert(bin)
            }
        }
        packed.followed.formIntersection(wanted)
        conversations[relay]?.packed = packed
        conversations[relay]?.rewriteIsDue = !packed.changed.isEmpty
        if !packed.changed.isEmpty { openNextBin(for: nil, at: relay) }
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
