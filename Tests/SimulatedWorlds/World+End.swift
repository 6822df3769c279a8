// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner

// What must be so when everything had its time.
extension World {
    /// Everything accepted that a reachable relay holds is here, and every relay is complete or says why not.
    mutating func judgeTheEnd() {
        let follow = expectedFollowSet()
        for address in planner.repositories.entries.keys.sorted() where follow.followed[address] == nil {
            complain("\(address.text) is followed, and nobody announces it")
        }
        for (index, url) in plan.relays.enumerated() {
            let isBootstrap = index < plan.bootstrap
            let addresses = follow.followed.filter { isBootstrap || $0.value.relays.contains(url) }.map(\.key)
                .sorted()
            guard isBootstrap || !addresses.isEmpty, let relay = relays[url], !relay.manners.isDown else {
                continue
            }
            guard let entry = planner.relays[url] else { return complain("\(url) is not tracked") }
            let page = min(relay.manners.cap, relay.manners.tagCap, relay.information.maxLimit ?? 5000)
            let answersNobody = relay.manners.refusesTags || relay.manners.refusesAuth
            switch entry.status {
            case .connected: break
            case .connectedWithHistoryGaps where answersNobody, .syncing where answersNobody: continue
            case .connectedWithHistoryGaps where page <= 20, .syncing where page <= 20: break
            // An audit is read while everything is live, and a round after the other.
            case .syncing where entry.isAudited || entry.isReadInRounds: break
            default: complain("\(url) is \(entry.status): \(entry.lastFailure ?? "")")
            }
            checkAudit(url, entry)
            var seconds: [Timestamp: Int] = [:]
            for event in relay.shelf.events.values { seconds[event.createdAt, default: 0] += 1 }
            for event in relay.shelf.matching(expectedFilters(addresses))
            where !store.has(event) && store.isAcceptable(event)
                && !(plan.holds < 1000 && isFoundByChance(event))
            {
                // Of a second that holds more than a page, some cannot be had.
                if entry.status != .connected, seconds[event.createdAt] ?? 0 >= page { continue }
                // Deletions are asked for from when our clock says that the last audit was.
                if event.kind == .deletion, entry.isReadInRounds, clockError > auditSpan { continue }
                complain("\(url) holds \(event.brief), and it is not here")
            }
        }
    }

    /// How far back an audit goes.
    private var auditSpan: Duration { Self.configuration(plan).dailyResync.upperBound }

    /// Where audits come often, the last one was not long ago.
    private mutating func checkAudit(_ url: RelayURL, _ entry: RelayEntry) {
        guard plan.auditsOften, !entry.isAudited,
            entry.status == .connected || entry.status == .connectedWithHistoryGaps
        else { return }
        let ago = entry.lastAudit.map { wall.seconds - $0.seconds }
        if ago ?? .max > 1000 { complain("\(url) was audited \(ago.map { "\($0) s ago" } ?? "never")") }
    }

    /// A maintainer's announcement on a relay that the owner does not list: it is found while it is held.
    private func isFoundByChance(_ event: Event) -> Bool {
        RepositoryAnnouncement(event, for: store.admission.interest.service).map {
            !store.admission.interest.includes($0)
        } ?? false
    }

    private func expectedFollowSet() -> FollowSet {
        var follow = FollowSet(service: ServiceAuthority(WorldPlan.service), archive: [])
        for event in store.matching([Filter(kinds: [.repositoryAnnouncement])]) {
            guard let announcement = RepositoryAnnouncement(event, for: follow.interest.service) else {
                continue
            }
            _ = follow.upsert(announcement)
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
        let answering = ["e", "E", "q"].map { Filter(tags: [Character($0): ids]) }
        filters += answering
        let named = roots.flatMap { EventReferences($0).ids }
        if !named.isEmpty { filters.append(Filter(ids: named)) }
        var comments = store.matching(answering).filter(\.kind.isComment)
        while !comments.isEmpty {
            let replies = Filter(tags: ["e": comments.map { TagValue($0.id.hex) }])
            filters.append(replies)
            comments = store.matching([replies]).filter(\.kind.isComment)
        }
        // Deletions are followed from the moment on when their author is known.
        let everythingIsKnown = WorldPlan.start.advanced(
            by: (plan.faultsEnd.nanoseconds / 1_000_000_000) + WorldPlan.late)
        filters.append(
            Filter(authors: addresses.map(\.pubkey), kinds: [.deletion], since: everythingIsKnown))
        return filters
    }
}
