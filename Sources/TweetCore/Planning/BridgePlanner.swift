// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Decides what is asked of X next: whose turn it is, from where on, and how long to wait after what went wrong.
///
/// Whoever waits longest comes first, a few questions at a time. An account in trouble waits by itself; a credential or
/// money in trouble stops everything it is needed for.
///
/// ```
///           due                    page                   kept, more to read
///  waiting ─────▶ asked ─────▶ being kept ─────▶ asked again (up to pagesPerPoll) ─────▶ waiting
/// ```
public struct BridgePlanner: Sendable {
    public internal(set) var configuration: PlannerConfiguration
    /// What is read from where it was left.
    var lists: [FetchScope: List] = [:]
    /// How lists were left that are not wanted now: an account may come back.
    var left: [FetchScope: ListProgress] = [:]
    var accounts: [UserID: WatchedAccount] = [:]
    /// Handles without an account yet, and when they are asked for again.
    var unresolved: [Handle: Int64] = [:]
    var underWay: [FetchID: Fetch] = [:]
    var streamIsConnected = false
    /// Until when nothing is asked for a purpose.
    var pauses: [SpendPurpose: Int64] = [:]
    var nextProfiles: Int64 = 0
    /// Whose profiles are still to be asked for in this turn.
    var profilesLeft: [UserID] = []
    var nextChoice: [ChoiceKind: Int64] = [:]
    var chosen: [ChoiceKind: [PostID]] = [:]
    var lastNumber: UInt64 = 0
    var chance: any RandomNumberGenerator & Sendable

    /// A list and its schedule.
    struct List: Sendable {
        var scope: FetchScope
        var query: String?
        var progress: ListProgress
        var nextTurn: Int64 = 0
        var pagesLeft: Int
        /// Polls in a row that found nothing.
        var idlePolls: Int64 = 0
        var failures: Int64 = 0
        var fetch: FetchID?
        /// The number of the last question about it: of those that wait equally long, who was asked longest ago is next.
        var lastFetch: UInt64 = 0
        /// What the page under way changes, once it is kept.
        var pending: ListProgress?
        var foundNews = false
        /// Somebody wants it to be read, also if a question is under way: its answer may be older than the wish.
        var isAskedAgain = false
    }

    /// - Parameters:
    ///   - progress: lists as they were left.
    ///   - chance: spreads turns; only waiting times depend on it.
    public init(
        _ configuration: PlannerConfiguration, progress: [FetchScope: ListProgress] = [:],
        chance: any RandomNumberGenerator & Sendable
    ) {
        self.configuration = configuration
        self.chance = chance
        left = progress
    }

    /// - Parameter now: **milliseconds** since 1970.
    public mutating func handle(_ input: BridgeInput, at now: Int64) -> [BridgeEffect] {
        var effects: [BridgeEffect] = []
        switch input {
        case .accounts(let accounts): adopt(accounts, at: now)
        case .unresolved(let handles):
            let old = unresolved
            unresolved = [:]
            for handle in handles { unresolved[handle] = old[handle] ?? now }
        case .kept(let id): kept(id, at: now)
        case .notKept(let id): notKept(id, at: now)
        case .failed(let id, let failure): failed(id, failure, at: now, &effects)
        case .stream(let isConnected):
            if isConnected, !streamIsConnected { askAll(at: now) }
            streamIsConnected = isConnected
        case .asked(let id):
            lists[.timeline(id)]?.nextTurn = now
            lists[.timeline(id)]?.isAskedAgain = true
        case .askedAll: askAll(at: now)
        case .credentialRenewed: pauses = [:]
        case .profilesDue: nextProfiles = min(nextProfiles, now)
        case .chosen(let kind, let posts): chosen[kind] = posts
        case .tick: break
        }
        fill(at: now, &effects)
        return effects
    }

    /// Takes in a page that was answered to a question about a list.
    ///
    /// - Returns: what is to be written in the transaction that keeps it; `nil` for what is no list, or no longer wanted.
    public mutating func take(_ id: FetchID, page: PostPage, at now: Int64) -> ListChange? {
        guard case .list(let scope, let part) = underWay[id]?.subject, var list = lists[scope],
            list.fetch == id
        else { return nil }
        let low: PostID? =
            switch part {
            case .news: list.progress.since
            case .gap(let low): low
            }
        let facts = ListProgress.PageFacts(
            page, above: low, before: PostID.first(at: now + PlannerLimits.clockSlack))
        // A day ago: the clocks of two machines are not the same.
        let change = list.progress.read(
            part, of: scope, facts, backfill: backfill(of: scope), start: PostID.first(at: now - 86_400_000))
        list.pending = list.progress
        list.progress = lists[scope]?.progress ?? list.progress
        list.foundNews = list.foundNews || facts.count > 0
        lists[scope] = list
        return change
    }

    /// Posts of this account above this wait until what is older was read.
    public func ceiling(of account: UserID) -> PostID? {
        (lists[.timeline(account)]?.progress ?? left[.timeline(account)])?.ceiling
    }

    /// When there is something to do at the latest, in **milliseconds** since 1970; `nil`: only when something happens.
    public func nextDeadline(after now: Int64) -> Int64? {
        guard underWay.count < configuration.concurrency else { return nil }
        var deadlines = lists.values.compactMap { list -> Int64? in
            list.fetch == nil ? max(list.nextTurn, pauses[purpose(of: list.scope)] ?? 0) : nil
        }
        deadlines += unresolved.values.map { max($0, pauses[.ownPosts] ?? 0) }
        if !accounts.isEmpty {
            deadlines.append(max(nextProfiles, pauses[.references] ?? 0))
            for kind in kinds { deadlines.append(max(nextChoice[kind] ?? 0, pauses[purpose(of: kind)] ?? 0)) }
        }
        return deadlines.min().map { max($0, now + 1) }
    }

    private mutating func askAll(at now: Int64) {
        for (scope, list) in lists where list.nextTurn > now { lists[scope]?.nextTurn = now }
    }

    func backfill(of scope: FetchScope) -> Int {
        switch scope {
        case .timeline: configuration.backfill
        // What others wrote before an account was watched is not looked for.
        case .search: 0
        }
    }

    func purpose(of scope: FetchScope) -> SpendPurpose {
        switch scope {
        case .timeline: .ownPosts
        case .search: .mentions
        }
    }

    func purpose(of kind: ChoiceKind) -> SpendPurpose {
        switch kind {
        case .young: .deletions
        case .quotable: .quotes
        case .counted: .metrics
        }
    }

    /// The most important first.
    var kinds: [ChoiceKind] {
        ChoiceKind.allCases.filter { kind in
            switch kind {
            case .young: true
            case .quotable: configuration.asksQuotes
            case .counted: configuration.metricsInterval != nil
            }
        }
    }

    func interval(of kind: ChoiceKind) -> Int64 {
        switch kind {
        case .young: configuration.sweepInterval
        case .quotable: configuration.quoteInterval
        case .counted: configuration.metricsInterval ?? configuration.sweepInterval
        }
    }
}
