// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport

// What must be so of everything that is asked and written.
extension World {
    /// Nothing goes over the limits, and live comes before history.
    mutating func checkRequest(_ link: LinkID, _ id: SubscriptionID, _ filters: [Filter]) {
        // The link may have broken without the planner knowing yet.
        guard let relay = relays[link.relay], relay.link == link else { return }
        checkLimits(link.relay, id, filters)
        if now < relay.quietUntil { complain("\(link.relay) is asked though it wanted to be left alone") }
        guard id.text.string.hasPrefix("h"), !relay.liveWentWrong,
            planner.relays[link.relay]?.isReadInRounds == false
        else { return }
        // Of the many requests of a big world, some are looked at.
        if plan.isBig, inputs % 16 != 0 { return }
        let live = relay.subscriptions.filter {
            relay.established.contains($0.key) && $0.key.text.string.hasPrefix("l")
        }
        .values.flatMap(\.self)
        // What is no longer wanted since its batch was opened is read to its end, and so is what was reconciled.
        let batch = planner.pending.batches[link.relay]?.values.first { $0.subscriptions[id] != nil }
        guard batch.map({ $0.pages <= 1 && !$0.wasReconciled && planner.isAllWanted($0) }) ?? true else {
            return
        }
        for filter in filters where filter.until == nil && !isCovered(filter, by: live) {
            complain(
                "the history \(filter.canonicalJSON) of \(link.relay) is read without a live subscription")
        }
    }

    private mutating func checkLimits(_ url: RelayURL, _ id: SubscriptionID, _ filters: [Filter]) {
        let said = known(url)
        if filters.isEmpty || filters.count > said.maxFilters ?? 16 {
            complain("a REQ of \(filters.count) filters to \(url)")
        }
        for filter in filters {
            if filter.limit ?? 0 > said.maxLimit ?? 5000 {
                complain("\(url) is asked for \(filter.limit ?? 0) events")
            }
            if filter.kinds?.contains(.repositoryState) == true, filter.tags.isEmpty {
                complain("\(url) is asked for everybody's states")
            }
        }
        // One so long is only asked of relays that say how long a message may be.
        guard let most = said.maxMessageLength else { return }
        let length = filters.reduce(10 + id.text.bytes.count) { $0 + $1.canonicalJSON.utf8.count + 1 }
        if length > most { complain("a REQ of \(length) bytes to \(url)") }
    }

    /// What the planner can know of a relay.
    func known(_ url: RelayURL) -> UpstreamInformation {
        guard planner.relays[url]?.information != nil else { return UpstreamInformation() }
        return relays[url]?.information ?? UpstreamInformation()
    }

    private func isCovered(_ filter: Filter, by live: [Filter]) -> Bool {
        // References are asked for once, and a cap is measured with a filter that has no condition.
        if filter.ids != nil || filter.tags.isEmpty && filter.kinds == nil { return true }
        if filter.authors != nil, filter.kinds != [.deletion] { return true }
        let alike = live.filter { other in
            (filter.kinds ?? []).allSatisfy { other.kinds?.contains($0) ?? false }
                && (filter.kinds == nil) == (other.kinds == nil)
                && filter.tags.map(\.letter) == other.tags.map(\.letter)
        }
        let authors = Set(alike.flatMap { $0.authors ?? [] })
        guard (filter.authors ?? []).allSatisfy(authors.contains) else { return false }
        return !alike.isEmpty
            && filter.tags.allSatisfy { condition in
                let values = Set(
                    alike.flatMap { $0.tags.first { $0.letter == condition.letter }?.values ?? [] })
                return condition.values.allSatisfy(values.contains)
            }
    }

    /// Who cannot be reached is dialled less and less often: how long each pause is, chance decides, but ten of them
    /// are not over in a minute.
    mutating func noteFailedDial(_ url: RelayURL) {
        relays[url]?.failedDials.append(now)
        let tenth = relays[url]?.failedDials.dropLast(9).last
        guard let tenth, now - tenth < .seconds(60) else { return }
        complain("\(url) was dialled in vain ten times in a minute")
    }

    /// Who refuses whatever it is asked for is asked seldom, however much is wanted of it.
    mutating func noteRefusal(_ url: RelayURL) {
        let lately = (relays[url]?.refusals ?? []).filter { now - $0 < .seconds(600) } + [now]
        relays[url]?.refusals = lately
        if lately.count > 100 { complain("\(url) had to refuse \(lately.count) times in ten minutes") }
    }

    /// No cursor moves past what was not judged.
    mutating func checkRows(_ rows: [SyncRow]) {
        // What a wrong clock wrote down, or a relay did not send, is found out by an audit alone.
        guard !plan.auditsOften else { return }
        var cursors: [RelayURL: [Timestamp: [SyncItem]]] = [:]
        for row in rows {
            guard let url = relayOfKey[Array(row.key.prefix(16))], let relay = relays[url] else { continue }
            if row.table == .cursor, let cursor = row.asCursor, let until = cursor.coveredUntil {
                cursors[url, default: [:]][until, default: []].append(cursor.item)
            } else if row.table == .relay, let until = row.asRelay?.coveredUntil {
                // What was sent may be on its way for as long as messages travel.
                let travel = relay.manners.latency.upperBound / 1000 + 1
                check(planner.itemsCoveredAsOne(at: url), of: url, until: until.advanced(by: -travel))
            }
        }
        for (url, items) in cursors.sorted(by: { $0.key < $1.key }) {
            for (until, items) in items.sorted(by: { $0.key < $1.key }) {
                check(items, of: url, until: until.advanced(by: -1))
            }
        }
    }

    private mutating func check(_ items: some Sequence<SyncItem>, of url: RelayURL, until: Timestamp) {
        let judged = store.judged
        for id in relays[url]?.unjudged.keys.filter(judged.contains) ?? [] {
            relays[url]?.unjudged[id] = nil
        }
        guard let relay = relays[url] else { return }
        let missing = relay.unjudged.values.filter { event in
            guard let arrived = relay.arrivedAt[event.id] else { return false }
            return WorldPlan.start.advanced(by: arrived.nanoseconds / 1_000_000_000) < until
        }
        guard !missing.isEmpty else { return }
        let filters = SyncItem.filters(for: items.filter { $0.family != .deletions })
        let matching = missing.filter { event in filters.contains { $0.matches(event) } }
        for event in matching.sorted(by: Event.newestFirst) {
            let since = (relay.arrivedAt[event.id] ?? .zero).nanoseconds / 1_000_000
            complain("a cursor at \(url) is past \(event.brief), there since \(since) ms and never judged")
        }
    }
}
