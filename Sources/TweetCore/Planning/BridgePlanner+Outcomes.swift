// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

// What follows from an answer, and from none.
extension BridgePlanner {
    mutating func kept(_ id: FetchID, at now: Int64) {
        guard let fetch = underWay.removeValue(forKey: id) else { return }
        switch fetch.subject {
        case .list(let scope, _): keptPage(of: scope, id, at: now)
        case .handles(let handles):
            // Those that were found are accounts by now; the others are asked for again in a while.
            for handle in handles where unresolved[handle] != nil {
                unresolved[handle] = now + configuration.probeInterval
            }
        case .profiles, .sweep, .quotes, .counts: break
        }
    }

    private mutating func keptPage(of scope: FetchScope, _ id: FetchID, at now: Int64) {
        guard var list = lists[scope], list.fetch == id else { return }
        list.fetch = nil
        list.failures = 0
        if let progress = list.pending { list.progress = progress }
        list.pending = nil
        list.pagesLeft -= 1
        if !list.progress.gaps.isEmpty, list.pagesLeft > 0 {
            list.nextTurn = now
        } else {
            list.idlePolls = list.foundNews ? 0 : list.idlePolls + 1
            list.foundNews = false
            list.pagesLeft = configuration.pagesPerPoll
            list.nextTurn = now + (list.isAskedAgain ? 0 : rest(of: list))
        }
        lists[scope] = list
    }

    /// How long a list is left alone: not at all where there are gaps, the longer the less happens.
    private mutating func rest(of list: List) -> Int64 {
        // Others take their turns first: whoever waits longest is next.
        if !list.progress.gaps.isEmpty { return 0 }
        var interval = configuration.pollInterval
        if case .timeline(let id) = list.scope { interval = accounts[id]?.interval ?? interval }
        var factor = min(configuration.patience, 1 + list.idlePolls / 4)
        if streamIsConnected, case .timeline = list.scope { factor = configuration.patience }
        // A tenth at most, so that not all accounts come at the same time.
        return interval * factor - (interval > 20 ? Int64.random(in: 0...interval / 10, using: &chance) : 0)
    }

    mutating func notKept(_ id: FetchID, at now: Int64) {
        guard let fetch = underWay.removeValue(forKey: id) else { return }
        // Our own disk is at fault, not whom it is about.
        retry(fetch, after: 5_000, at: now, isFailure: false)
    }

    mutating func failed(
        _ id: FetchID, _ failure: XFailure, at now: Int64, _ effects: inout [BridgeEffect]
    ) {
        guard let fetch = underWay.removeValue(forKey: id) else { return }
        switch failure {
        case Turnstile.resting:
            // Nobody was asked, so nobody's account is to blame.
            pause(
                SpendPurpose.allCases, now + configuration.restInterval, fetch, failure, at: now, &effects)
        case .transient, .invalid: retry(fetch, after: nil, at: now)
        case .limited(let until):
            pause(fetch.subject.sharers, until ?? now + 60_000, fetch, failure, at: now, &effects)
        case .overBudget(let until):
            // What is less important has no money either.
            let purposes = SpendPurpose.allCases.filter { $0 >= fetch.purpose }
            pause(purposes, until ?? now + configuration.probeInterval, fetch, failure, at: now, &effects)
        case .usageCapped(let until):
            pause(
                SpendPurpose.allCases, until ?? now + configuration.probeInterval, fetch, failure, at: now,
                &effects)
        case .outOfCredits, .unauthorized, .forbidden:
            pause(SpendPurpose.allCases, now + configuration.probeInterval, fetch, failure, at: now, &effects)
        case .staleSince(let id): restart(fetch, at: id, now, &effects)
        case .absent(let absence, _):
            if case .list(.timeline(let id), _) = fetch.subject { effects.append(.unreadable(id, absence)) }
            retry(fetch, after: configuration.profileInterval, at: now)
        }
    }

    private mutating func pause(
        _ purposes: [SpendPurpose], _ until: Int64, _ fetch: Fetch, _ failure: XFailure, at now: Int64,
        _ effects: inout [BridgeEffect]
    ) {
        // Not for ever, whatever a header says.
        let end = min(max(until, now + 1_000), now + 31 * 86_400_000)
        let isNews = purposes.contains { pauses[$0] ?? 0 <= now }
        for purpose in purposes { pauses[purpose] = max(pauses[purpose] ?? 0, end) }
        if isNews { effects.append(.paused(until: end, failure)) }
        retry(fetch, after: 0, at: now, isFailure: false)
    }

    private mutating func restart(
        _ fetch: Fetch, at id: PostID, _ now: Int64, _ effects: inout [BridgeEffect]
    ) {
        guard case .list(let scope, _) = fetch.subject, var list = lists[scope] else {
            return retry(fetch, after: nil, at: now)
        }
        // Written with the next page.
        let (_, lost) = list.progress.restart(at: id, of: scope)
        if let lost { effects.append(.lost(scope, lost)) }
        list.fetch = nil
        list.pending = nil
        list.pagesLeft = configuration.pagesPerPoll
        list.nextTurn = now
        lists[scope] = list
    }

    /// Asks again later: after so many **milliseconds**, or after a backoff (R5).
    private mutating func retry(
        _ fetch: Fetch, after pause: Int64?, at now: Int64, isFailure: Bool = true
    ) {
        switch fetch.subject {
        case .list(let scope, let part):
            guard var list = lists[scope], list.fetch == fetch.id else { return }
            list.fetch = nil
            list.pending = nil
            if isFailure { list.failures += 1 }
            if case .gap(let low) = part { list.progress.forgetToken(ofGap: low) }
            let backoff = configuration.backoff(after: list.failures)
            // A tenth at most, so that those that failed together do not come together.
            list.nextTurn = now + (pause ?? backoff - Int64.random(in: 0...backoff / 10, using: &chance))
            lists[scope] = list
        case .handles(let handles):
            for handle in handles where unresolved[handle] != nil {
                unresolved[handle] = now + (pause ?? 60_000)
            }
        case .profiles(let ids):
            profilesLeft += ids.filter { accounts[$0] != nil && !profilesLeft.contains($0) }
        case .sweep(let posts): chosen[.young, default: []] += posts
        case .quotes(let posts): chosen[.quotable, default: []] += posts
        case .counts(let posts): chosen[.counted, default: []] += posts
        }
        if !fetch.subject.isOfList, pause == nil {
            pauses[fetch.purpose] = max(pauses[fetch.purpose] ?? 0, now + 60_000)
        }
    }

    /// How many polls of an account failed in a row.
    public func failures(of account: UserID) -> Int64 { lists[.timeline(account)]?.failures ?? 0 }
}

extension Fetch.Subject {
    var isOfList: Bool { if case .list = self { true } else { false } }

    /// What is asked by the same route and matters no more: it waits as well when that has a limit (R13).
    var sharers: [SpendPurpose] {
        switch self {
        case .list(.timeline, _), .handles: [.ownPosts]
        case .list(.search, _): [.mentions, .quotes]
        case .quotes: [.quotes]
        case .profiles: [.references]
        case .sweep: [.deletions, .metrics]
        case .counts: [.metrics]
        }
    }
}
