// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Rounds: what a relay leaves no room to follow live is read again and again, from where it was left.
extension SyncPlanner {
    /// What is read in rounds from now on.
    mutating func readInRounds(_ left: ItemSet, _ relay: RelayURL) {
        guard var entry = relays.entries[relay], entry.inRounds != left else { return }
        let isNews = entry.inRounds.isEmpty != left.isEmpty
        entry.inRounds = left
        entry.lastFailure = entry.noRoom
        if isNews { entry.roundAt = nil }
        relays.entries[relay] = entry
        guard isNews else { return }
        report(.readInRounds(relay, !left.isEmpty))
        updateHealth(relay)
    }

    /// When everything was read, the next round is fixed; the longer it is, the later.
    mutating func scheduleRound(_ relay: RelayURL) {
        guard let entry = relays.entries[relay], entry.isReadInRounds, entry.roundAt == nil,
            case .up = entry.link, !hasWork(relay)
        else { return }
        let share = Double(entry.inRounds.count) / Double(max(1, configuration.limits.itemsPerRound))
        let interval = configuration.roundInterval * min(max(1, share), configuration.limits.roundStretchMax)
        let at = now + around(interval)
        relays.entries[relay]?.roundAt = at
    }

    /// What has no room is asked for again from where it was left; or all is packed anew, when there is more room by now,
    /// or somebody has less than their share.
    mutating func startRound(_ relay: RelayURL) {
        relays.entries[relay]?.roundAt = nil
        guard let entry = relays.entries[relay], entry.isReadInRounds, case .up = entry.link else { return }
        if let packing = betterPacking(of: entry, at: relay) { return repack(relay, as: packing) }
        let inRounds = entry.inRounds
        relays.entries[relay]?.confirmed.subtract(inRounds)
        refreshQueue(relay)
    }

    /// - Returns: `nil` when what is followed is as good as any, or nearly.
    private mutating func betterPacking(of entry: RelayEntry, at relay: RelayURL) -> LivePacking? {
        guard let packed = conversations[relay]?.packed else { return nil }
        let wanted = entry.wanted.lasting
        guard packed.chosenFrom != wanted || packed.packing.room != liveRoom(of: relay) else { return nil }
        conversations[relay]?.packed?.chosenFrom = wanted
        let best = bestPacking(of: entry, at: relay)
        let more = best.packing.items.count - packed.packing.items.count
        let isBetter = !best.whole.isDisjoint(with: entry.inRounds) || more > entry.inRounds.count / 8
        return isBetter ? best.packing : nil
    }

    /// What needs no further live subscription.
    func followed(at relay: RelayURL) -> ItemSet {
        (conversations[relay]?.followed ?? []).union(relays.entries[relay]?.inRounds ?? [])
    }
}
