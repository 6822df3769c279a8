// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore
import SyncPlanner

/// Finding out what differs: by negentropy, or page by page.
extension SyncCourse {
    private static let name: SubscriptionID = "neg"

    /// Where nothing is here, ids would only be added to the events.
    mutating func begin(_ effects: inout [Effect]) {
        guard tally.local == 0, terms.direction.takes, !terms.isDry else { return beginReconciling(&effects) }
        readsAll = true
        readPages(&effects)
    }

    mutating func beginReconciling(_ effects: inout [Effect]) {
        stage = .reconciling(since: now, hasAnswer: false)
        effects.append(.send(.negentropyOpen(Self.name, terms.filter, first)))
    }

    mutating func reconcile(_ text: TagValue, _ effects: inout [Effect]) {
        guard case .reconciling(let since, _) = stage else { return }
        stage = .reconciling(since: since, hasAnswer: true)
        tally.rounds += 1
        effects.append(.step(text))
    }

    mutating func stepped(_ found: Found?, _ effects: inout [Effect]) {
        guard case .reconciling = stage else { return }
        guard let found else { return takePages("its negentropy makes no sense", &effects) }
        let have = found.have.filter { self.found.insert($0).inserted }
        let need = found.need.filter { self.found.insert($0).inserted }
        tally.localOnly += have.count
        tally.remoteOnly += need.count
        guard self.found.count <= limits.differenceMax else {
            return takePages("more differs than can be held", &effects)
        }
        if !terms.isDry {
            if terms.direction.takes { wanted += need }
            if terms.direction.gives { offers += have }
        }
        guard let message = found.message else {
            stage = .ready
            return effects.append(.send(.negentropyClose(Self.name)))
        }
        effects.append(.send(.negentropyMessage(Self.name, message)))
    }

    mutating func regathered(_ first: TagValue, _ effects: inout [Effect]) {
        guard case .reconciling = stage else { return }
        self.first = first
        effects.append(.send(.negentropyClose(Self.name)))
        guard takeRest() else { return takePages("our own set changes all the time", &effects) }
        stage = .waiting
    }

    /// It ended the reconciliation.
    mutating func refused(_ reason: String, _ effects: inout [Effect]) {
        guard case .reconciling(_, let hasAnswer) = stage else { return }
        if SyncReason.isAuthRequired(reason) {
            return showKey(reason, &effects)
        }
        // What was open before may have been closed for its idleness, or begun too soon.
        let mayTryAgain = SyncReason.isRateLimited(reason) || hasAnswer && reason.hasPrefix("closed:")
        if mayTryAgain, takeRest() { return stage = .waiting }
        takePages(reason, &effects)
    }

    /// The other relay does not do negentropy.
    mutating func takePages(_ reason: String, _ effects: inout [Effect]) {
        if case .reconciling(_, hasAnswer: true) = stage {
            effects.append(.send(.negentropyClose(Self.name)))
        }
        let why = UpstreamWords.short(reason)
        cannotReconcile = why
        guard terms.direction.takes, !terms.isDry else {
            return fail("it does not reconcile (\(why)), so what it lacks cannot be found out")
        }
        effects.append(.tell("it does not reconcile (\(why)): all of it is read, page by page"))
        if terms.direction.gives {
            tally.note("what it lacks cannot be found out without negentropy", most: limits.reasons)
            let what = tally.localOnly == 0 ? "nothing" : "not everything"
            tally.failure = "\(what) was sent: it does not reconcile"
        }
        // The pages bring what was found to be needed.
        wanted = []
        tally.remoteOnly = 0
        readPages(&effects)
    }

    private mutating func readPages(_ effects: inout [Effect]) {
        tally.method = .pages
        let pages = HistoryPages(filters: [terms.filter.paged(since: terms.pagesSince)], limits: terms.pages)
        turnPage(pages, ObservedCaps(atLeast: terms.pages.pageSize), &effects)
    }

    mutating func turnPage(_ pages: HistoryPages, _ caps: ObservedCaps, _ effects: inout [Effect]) {
        let name = makeName()
        effects.append(.send(.request(name, pages.request)))
        stage = .paging(pages, caps, name)
    }

    func isReconciliation(_ name: SubscriptionID) -> Bool { name == Self.name }
}

extension Filter {
    /// NIP-77 leaves `limit` aside, and so do pages.
    fileprivate func paged(since: Timestamp?) -> Filter {
        var filter = self
        filter.limit = nil
        if let since { filter.since = max(since, filter.since ?? since) }
        return filter
    }
}
