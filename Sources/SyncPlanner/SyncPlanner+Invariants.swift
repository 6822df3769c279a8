// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension SyncPlanner {
    /// What must hold after every input; each broken promise as a sentence. Empty is good.
    ///
    /// - Complexity: O(everything); for tests and simulations.
    public func brokenInvariants() -> [String] {
        relays.entries.keys.sorted().flatMap(brokenInvariants(of:))
            + pending.batches.keys.filter { relays[$0] == nil }.map { "\($0): batches of a forgotten relay" }
            + (effects.isEmpty ? [] : ["effects were left behind"])
    }

    private func brokenInvariants(of relay: RelayURL) -> [String] {
        guard let entry = relays[relay] else { return [] }
        var broken: [String] = []
        func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
            if !holds { broken.append("\(relay): \(what())") }
        }
        let inFlight = pending.items(of: relay)
        let batches = pending.batches[relay, default: [:]].values
        expect(inFlight.isDisjoint(with: entry.confirmed), "an item is both pending and confirmed")
        expect(inFlight.count == batches.reduce(0) { $0 + $1.items.count }, "an item is in two batches")
        expect(inFlight.isDisjoint(with: entry.queue), "an item is both pending and queued")
        expect(entry.confirmed.isDisjoint(with: entry.queue), "an item is both confirmed and queued")
        expect(entry.confirmed.isSubset(of: entry.wanted), "something confirmed is not wanted")
        expect(entry.inRounds.isSubset(of: entry.wanted.lasting), "something read in rounds is not wanted")
        for batch in batches {
            expect(entry.link == .up(batch.link), "batch \(batch.id) outlived its link")
            let running = batch.reconciling?.running ?? [:]
            expect(running.count <= configuration.limits.reconciledPerBatchMax, "too much is reconciled")
            for reconciling in running.values {
                let open = Array(reconciling.fetches.keys) + (reconciling.session.map { [$0] } ?? [])
                expect(
                    open.allSatisfy { conversations[relay]?.subscriptions[$0] != nil },
                    "a reconciliation waits for what has ended")
                expect(
                    reconciling.neededTotal <= configuration.limits.neededPerFilterMax, "too much is needed")
            }
            expect(batch.unjudged >= 0, "batch \(batch.id) has more verdicts than events")
        }
        guard let conversation = conversations[relay] else {
            if case .up = entry.link { expect(false, "a link without a conversation") }
            return broken
        }
        expect(entry.link == .up(conversation.link), "a conversation outlived its link")
        expect(
            conversation.subscriptions.count <= entry.limits.maxSubscriptions,
            "\(conversation.subscriptions.count) subscriptions are open")
        for subscription in conversation.subscriptions.values {
            expect(subscription.filters.count <= entry.limits.maxFilters, "a REQ has too many filters")
            if case .history(let batch) = subscription.role {
                expect(pending.batches[relay]?[batch] != nil, "a history without its batch")
            }
            switch subscription.role {
            case .reconciliation(let id): expect(self[id]?.session != nil, "a session of nothing")
            case .fetch(let id): expect(self[id] != nil, "a fetch for nothing")
            default: break
            }
        }
        var live = ItemSet()
        for (id, subscription) in conversation.liveSubscriptions {
            let covered = conversation.placement[id] ?? ItemSet()
            expect(covered.isSubset(of: subscription.items), "\(id) covers what it does not ask for")
            expect(covered.isDisjoint(with: live), "an item is covered twice")
            live.formUnion(covered)
        }
        if let packed = conversation.packed {
            expect(live.isEmpty, "what is packed is placed")
            expect(packed.packing.isSound(in: items), "a packing is more than its room, or miscounted")
            expect(packed.packing.items.isDisjoint(with: entry.inRounds), "an item is live and in rounds")
            for (bin, id) in packed.subscriptions {
                let items = conversation.subscriptions[id]?.live?.items ?? ItemSet()
                expect(
                    packed.followed.intersection(packed.packing.bins[bin].all).isSubset(of: items),
                    "\(id) follows what it does not ask for")
            }
            let established = packed.subscriptions.keys.sorted()
            for bin in packed.packing.bins.indices where !established.contains(bin) {
                expect(
                    packed.followed.isDisjoint(with: packed.packing.bins[bin].all), "bin \(bin) is not open")
            }
        } else {
            expect(conversation.followed == live, "an ended subscription covers something")
        }
        for item in entry.confirmed.lasting.subtracting(followed(at: relay)) {
            expect(false, "\(items[item]) is confirmed and not live")
        }
        let accounted = entry.confirmed.union(inFlight).union(entry.queue).union(entry.setbacks.items)
        expect(entry.wanted.isSubset(of: accounted), "something wanted was lost")
        expect(
            conversation.unjudged.events == conversation.unjudgedInFlight(submissions),
            "verdicts are miscounted")
        return broken
    }
}

extension UpstreamConversation {
    fileprivate func unjudgedInFlight(_ submissions: [SubmissionID: Submission]) -> Int {
        arrivals.keys.reduce(0) { $0 + (submissions[$1]?.load.events ?? 0) }
    }
}
