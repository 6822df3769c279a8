// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Live subscriptions: few, within the relay's limits, and rewritten without a gap: the new one is
// established before the old one is closed.
extension SyncPlanner {
    /// Opens a live subscription for these items, together with those of others that have room.
    mutating func openLive(_ items: ItemSet, for batch: BatchID, at relay: RelayURL) {
        if conversations[relay]?.packed != nil { return openPacked(items, for: batch, at: relay) }
        guard let merged = mergePlan(items, at: relay) else { return repack(relay) }
        changeLive(merged.plan, replacing: merged.replacing, for: batch, at: relay)
    }

    private mutating func changeLive(
        _ plan: FilterPlan, replacing: [SubscriptionID], for batch: BatchID?, at relay: RelayURL
    ) {
        let live = UpstreamConversation.Subscription.Live(
            items: plan.items, cost: plan.cost, replacing: replacing, batch: batch, bin: nil)
        // Without `since`, so that back-dated events come too; of stored ones none, or as few as can be asked for.
        let limit = relays.entries[relay]?.knowsLimitZero == true ? 0 : 1
        let id = open("l", plan.filters(in: items, limit: limit), as: .live(live), at: relay)
        conversations[relay]?.liveChange = id
    }

    private struct MergePlan {
        var plan: FilterPlan
        var replacing: [SubscriptionID]
    }

    /// Where new items go: into the fullest subscription that has room; else into one of their own, while
    /// there may be more; else together with one or two others, with more values to a filter; else two others
    /// make room.
    private func mergePlan(_ items: ItemSet, at relay: RelayURL) -> MergePlan? {
        guard let conversation = conversations[relay] else { return nil }
        let limits = limits(of: relay)
        let most = min(limits.liveSubscriptions, max(1, configuration.consolidationThreshold))
        let open = conversation.liveSubscriptions.sorted { $0.live.items.count < $1.live.items.count }
        let values = configuration.limits.valuesPerFilter
        let ids = configuration.limits.idsPerFilter
        let alone = plan(items, values: values)
        for (id, live) in open.reversed()
        where (live.cost + alone.cost).fits(limits, values: values, ids: ids) {
            return MergePlan(plan: plan(live.items.union(items), values: values), replacing: [id])
        }
        if open.count < most {
            guard alone.cost.fits(limits, values: values, ids: ids) else { return nil }
            return MergePlan(plan: alone, replacing: [])
        }
        return crowdedPlan(adding: items, alone.cost, to: open, limits)
            ?? crowdedPlan(adding: [], FilterCost(), to: open, limits)
    }

    /// Every subscription is taken: filters grow, as little as will do, up to the longest message.
    private func crowdedPlan(
        adding items: ItemSet, _ cost: FilterCost,
        to open: [(id: SubscriptionID, live: UpstreamConversation.Subscription.Live)],
        _ limits: UpstreamLimits
    ) -> MergePlan? {
        let most = open.reduce(items.count) { $0 + $1.live.items.count }
        let ids = configuration.limits.idsPerFilter
        var values = configuration.limits.valuesPerFilter
        while values < 2 * max(most, configuration.limits.valuesPerFilter + 1) {
            for first in open.indices {
                let one = cost + open[first].live.cost
                if !items.isEmpty, one.fits(limits, values: values, ids: ids) {
                    return MergePlan(
                        plan: plan(open[first].live.items.union(items), values: values),
                        replacing: [open[first].id])
                }
                for second in open.indices.dropFirst(first + 1)
                where (one + open[second].live.cost).fits(limits, values: values, ids: ids) {
                    return MergePlan(
                        plan: plan(
                            open[first].live.items.union(open[second].live.items).union(items),
                            values: values),
                        replacing: [open[first].id, open[second].id])
                }
            }
            values *= 2
        }
        return nil
    }

    func plan(_ items: ItemSet, values: Int? = nil) -> FilterPlan {
        FilterPlan(
            items, in: self.items, valuesPerFilter: values ?? configuration.limits.valuesPerFilter,
            idsPerFilter: configuration.limits.idsPerFilter)
    }

    /// EOSE of a live subscription: from here on nothing new is missed.
    mutating func liveOpened(_ id: SubscriptionID, of relay: RelayURL) {
        guard let live = conversations[relay]?.subscriptions[id]?.live else { return }
        conversations[relay]?.subscriptions[id]?.deadline = nil
        conversations[relay]?.liveChange = nil
        if let bin = live.bin { return binOpened(bin, id, live, of: relay) }
        conversations[relay]?.place(live.items, in: id)
        for old in live.replacing {
            conversations[relay]?.placement[old] = nil
            end(old, of: relay)
        }
        guard let id = live.batch, let batch = pending.batches[relay]?[id] else { return }
        // It may have been others that made room.
        let missing = batch.items.lasting.subtracting(followed(at: relay))
        if missing.isEmpty {
            openHistory(id, at: relay)
        } else if mayOpen(relay) {
            openLive(missing, for: id, at: relay)
        } else {
            postpone(id, at: relay)
        }
    }

    /// A live subscription was refused because of how it was asked: what it would have replaced goes on.
    mutating func livePostponed(_ live: UpstreamConversation.Subscription.Live, of relay: RelayURL) {
        conversations[relay]?.liveChange = nil
        if let batch = live.batch { postpone(batch, at: relay) }
    }

    /// A live subscription was refused, or never answered: what it would have replaced goes on.
    ///
    /// The history is read all the same; its items just do not confirm.
    mutating func liveRefused(
        _ id: SubscriptionID, _ live: UpstreamConversation.Subscription.Live, of relay: RelayURL
    ) {
        conversations[relay]?.liveChange = nil
        // A rewrite that was refused is tried again with the next one that is due.
        if live.batch == nil { conversations[relay]?.rewriteIsDue = false }
        if learnRoom(of: relay) { return }
        if let bin = live.bin { return binRefused(bin, live, of: relay) }
        guard let batch = live.batch, pending.batches[relay]?[batch] != nil else { return }
        pending.batches[relay]?[batch]?.failure = .notLive
        openHistory(batch, at: relay)
    }

    /// The relay ended a live subscription that was established: its items resume from now.
    mutating func liveLost(
        _ id: SubscriptionID, _ live: UpstreamConversation.Subscription.Live, of relay: RelayURL,
        _ words: String
    ) {
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        let stored = conversations[relay]?.storedUntil ?? wall
        // Counted over the whole link: whatever confirms in between, this must not become a hot loop.
        var backoff = Backoff(attempts: conversations[relay]?.losses(of: live.bin) ?? 0)
        conversations[relay]?.liveLosses += 1
        let lost = conversations[relay]?.lose(id, live) ?? ItemSet()
        for item in lost.intersection(entry.complete) {
            entry.cursors[item] = max(entry.cursors[item] ?? stored, stored)
        }
        entry.confirmed.subtract(lost)
        entry.audit?.covered.subtract(lost)
        _ = backoff.failed(
            at: now, base: configuration.backoffBase, most: configuration.backoffMax, using: &chance)
        let setback = Setback(backoff: backoff, reason: "live: closed: \(words)")
        if let bin = live.bin { conversations[relay]?.packed?.setbacks[bin] = setback }
        let ofItem = live.bin == nil ? setback : setback.once
        for item in lost.intersection(entry.wanted) { entry.setbacks[item] = ofItem }
        entry.lastFailure = "live: closed"
        relays.entries[relay] = entry
        leftAlone(lost, of: relay)
        refreshQueue(relay)
    }

    /// Rewrites live subscriptions that cover what is no longer wanted.
    mutating func rewriteLive(_ relay: RelayURL) {
        guard let conversation = conversations[relay], conversation.rewriteIsDue,
            conversation.liveChange == nil, let entry = relays.entries[relay], mayOpen(relay)
        else { return }
        if let packed = conversation.packed { return rewritePacked(packed, entry.wanted, of: relay) }
        for (id, live) in conversation.liveSubscriptions {
            let kept = entry.wanted.intersection(conversation.placement[id] ?? ItemSet())
            if kept == live.items { continue }
            conversations[relay]?.placement[id] = kept
            if kept.isEmpty {
                conversations[relay]?.placement[id] = nil
                end(id, of: relay)
                continue
            }
            // At least as many values to a filter as it has now, or it might not fit.
            let values = max(configuration.limits.valuesPerFilter, kept.count)
            changeLive(plan(kept, values: values), replacing: [id], for: nil, at: relay)
            return
        }
        conversations[relay]?.rewriteIsDue = false
    }
}
