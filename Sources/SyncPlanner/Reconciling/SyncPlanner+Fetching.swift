// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What reconciliations found missing, read by id.
extension SyncPlanner {
    /// Asks for what is needed, in as many `REQ`s at once as may be.
    mutating func fetchNeeded(_ id: ReconciliationID) {
        let relay = id.link.relay
        while let needed = self[id]?.needed, !needed.isEmpty, mayOpenHistory(relay) {
            let ids = needed.suffix(idsPerFetch(relay))
            let filter = Filter(ids: Array(ids), limit: ids.count)
            guard let fetch = open("f", [filter], as: .fetch(id), at: relay) else { return }
            self[id]?.needed.removeLast(ids.count)
            self[id]?.fetches[fetch] = IDFetch(ids)
        }
    }

    private func idsPerFetch(_ relay: RelayURL) -> Int {
        let limits = limits(of: relay)
        let room = (limits.maxMessageLength - Filter.requestLength - Filter.bareLength) / 67
        let most = min(configuration.limits.idsPerFilter, limits.pageSize, room)
        return max(1, min(most, conversations[relay]?.idsMax ?? most))
    }

    /// Takes an event that was asked for by its id: it must match the filter that it was listed for, too.
    mutating func takeFetched(
        _ event: Event, of fetch: SubscriptionID, _ id: ReconciliationID, hasAllTags: Bool = true
    ) -> HistoryPages.Arrival? {
        guard var filter = self[id]?.filter, self[id]?.fetches[fetch] != nil else { return nil }
        if !hasAllTags { filter.tags = [] }
        guard filter.matches(event) else { return .unasked }
        return self[id]?.fetches[fetch]?.take(event.id)
    }

    /// EOSE: what did not come is asked for again while anything does.
    mutating func fetchEnded(_ fetch: SubscriptionID, of id: ReconciliationID) {
        let relay = id.link.relay
        end(fetch, of: relay)
        guard let ended = self[id]?.fetches.removeValue(forKey: fetch) else { return }
        report(.pageRead(relay))
        guard !ended.missing.isEmpty else { return }
        guard !ended.served.isEmpty else {
            self[id]?.isNotServed = true
            return
        }
        // It may return no more at a time.
        if ended.served.count < ended.missing.count {
            conversations[relay]?.idsMax = max(configuration.limits.smallestCap, ended.served.count)
        }
        self[id]?.needed.insert(contentsOf: ended.missing.sorted(), at: 0)
    }

    /// The relay ended it because of how it was asked: it is asked again when that may be.
    mutating func fetchInterrupted(_ fetch: SubscriptionID, of id: ReconciliationID) {
        guard let ended = self[id]?.fetches.removeValue(forKey: fetch) else { return }
        report(.pageRetried(id.link.relay))
        self[id]?.needed += ended.missing.sorted()
    }
}
