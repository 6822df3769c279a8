// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner

// What must be so.
extension World {
    /// Nothing goes over the limits, and live comes before history.
    mutating func checkRequest(_ link: LinkID, _ id: SubscriptionID, _ filters: [Filter]) {
        // The link may have broken without the planner knowing yet.
        guard let relay = relays[link.relay], relay.link == link else { return }
        if filters.isEmpty || filters.count > known(link.relay).maxFilters {
            complain("a REQ of \(filters.count) filters")
        }
        if now < relay.quietUntil { complain("\(link.relay) is asked though it wanted to be left alone") }
        guard id.text.string.hasPrefix("h"), !relay.liveWentWrong, !plan.isTight else { return }
        let live = relay.subscriptions.filter {
            relay.established.contains($0.key) && $0.key.text.string.hasPrefix("l")
        }
        .values.flatMap(\.self)
        // Later pages of what is no longer wanted are read to their end.
        for filter in filters where filter.until == nil && !isCovered(filter, by: live) {
            complain(
                "the history \(filter.canonicalJSON) of \(link.relay) is read without a live subscription")
        }
    }

    /// What the planner can know of a relay's limits.
    func known(_ url: RelayURL) -> UpstreamLimits {
        planner.relays[url]?.information == nil ? UpstreamLimits() : plan.limits
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

    /// A cursor never moves before everything until then is stored.
    mutating func checkRow(_ row: SyncRow) {
        // What a wrong clock wrote down, or a relay did not send, is found out by an audit alone.
        guard !plan.auditsOften else { return }
        for url in plan.relays {
            guard let relay = relays[url] else { continue }
            if row.table == .cursor, let (item, until) = row.cursorParts(of: url) {
                check([item], of: relay, until: until.advanced(by: -1))
            } else if row.table == .relay, let until = row.coveredPart(of: url) {
                // What was sent may be on its way for as long as messages travel.
                let travel = relay.manners.latency.upperBound / 1000 + 1
                check(
                    Array(planner.itemsCoveredAsOne(at: url)), of: relay, until: until.advanced(by: -travel))
            }
        }
    }

    private mutating func check(_ items: [SyncItem], of relay: ModelRelay, until: Timestamp) {
        let missing = relay.events.values.filter { event in
            guard !store.judged.contains(event.id), let arrived = relay.arrivedAt[event.id] else {
                return false
            }
            return WorldPlan.start.advanced(by: arrived.nanoseconds / 1_000_000_000) < until
        }
        guard !missing.isEmpty else { return }
        let filters = SyncItem.filters(for: items.filter { $0.family != .deletions })
        for event in missing.sorted(by: Event.newestFirst)
        where filters.contains(where: { $0.matches(event) }) {
            complain("a cursor at \(relay.url) is past \(event.id), which was never judged")
        }
    }

    /// Everything accepted that a reachable relay holds is here, and every relay is complete or says why not.
    mutating func judgeTheEnd() {
        let follow = expectedFollowSet()
        for (index, url) in plan.relays.enumerated() {
            let isBootstrap = index < plan.bootstrap
            let addresses = follow.followed.filter { isBootstrap || $0.value.relays.contains(url) }.map(\.key)
                .sorted()
            guard isBootstrap || !addresses.isEmpty, let relay = relays[url], !relay.manners.isDown else {
                continue
            }
            guard let entry = planner.relays[url] else { return complain("\(url) is not tracked") }
            let page = min(relay.manners.cap, plan.information.maxLimit ?? 5000)
            let mayHaveGaps =
                relay.manners.refusesTags || relay.manners.refusesAuth || page <= 20 || plan.isTight
            switch entry.status {
            case .connected: break
            case .connectedWithHistoryGaps where mayHaveGaps: continue
            case .syncing where mayHaveGaps: continue
            // An audit is read while everything is live.
            case .syncing where entry.isAudited: break
            default: complain("\(url) is \(entry.status): \(entry.lastFailure ?? "")")
            }
            let filters = expectedFilters(addresses)
            for event in relay.events.values.sorted(by: { $0.id < $1.id })
            where !store.has(event) && filters.contains(where: { $0.matches(event) })
                && store.isAcceptable(event) && !(plan.holds < 1000 && isFoundByChance(event))
            {
                complain("\(url) holds \(event.id) of kind \(event.kind), and it is not here")
            }
        }
    }

    /// A maintainer's announcement on a relay that the owner does not list: it is found while it is held.
    private func isFoundByChance(_ event: Event) -> Bool {
        RepositoryAnnouncement(event).map { !store.admission.interest.includes($0) } ?? false
    }

    private func expectedFollowSet() -> FollowSet {
        var follow = FollowSet(service: ServiceAuthority(WorldPlan.service), archive: [])
        for event in store.matching([Filter(kinds: [.repositoryAnnouncement])]) {
            if let announcement = RepositoryAnnouncement(event) { _ = follow.upsert(announcement) }
        }
        return follow
    }

    /// Worked out anew from what is stored, not from what the planner believes.
    private func expectedFilters(_ addresses: [EventAddress]) -> [Filter] {
        var filters = [Filter(kinds: [.repositoryAnnouncement, .graspList])]
        guard !addresses.isEmpty else { return filters }
        filters.append(Filter(kinds: [.repositoryState], tags: ["d": addresses.map(\.identifier)]))
        let texts = addresses.map(\.text)
        let naming = ["a", "A", "q"].map { Filter(tags: [Character($0): texts]) }
        filters += naming
        let roots = store.matching(naming).filter(\.kind.isRepositoryRoot)
        let ids = roots.map { TagValue($0.id.hex) }
        filters += ["e", "E", "q"].map { Filter(tags: [Character($0): ids]) }
        let named = roots.flatMap { EventReferences($0).ids }
        if !named.isEmpty { filters.append(Filter(ids: named)) }
        return filters
    }
}
