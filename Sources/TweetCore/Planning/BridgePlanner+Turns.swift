// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

// Whose turn it is.
extension BridgePlanner {
    /// Asks as much as may be under way: who waits longest first, our own accounts before all else.
    mutating func fill(at now: Int64, _ effects: inout [BridgeEffect]) {
        while underWay.count < configuration.concurrency {
            guard let (question, purpose, subject) = next(at: now, &effects) else { return }
            lastNumber += 1
            let fetch = Fetch(
                id: FetchID(number: lastNumber), question: question, purpose: purpose, subject: subject)
            underWay[fetch.id] = fetch
            if case .list(let scope, _) = subject {
                lists[scope]?.fetch = fetch.id
                lists[scope]?.lastFetch = lastNumber
                lists[scope]?.isAskedAgain = false
            }
            effects.append(.fetch(fetch))
        }
    }

    private mutating func next(
        at now: Int64, _ effects: inout [BridgeEffect]
    ) -> (XQuestion, SpendPurpose, Fetch.Subject)? {
        if let names = nextHandles(at: now) { return (.handles(names), .ownPosts, .handles(names)) }
        if let list = nextList(at: now) { return list }
        if let names = nextProfiles(at: now) { return (.users(names), .references, .profiles(names)) }
        for kind in kinds {
            if let posts = nextChosen(kind, at: now, &effects) {
                switch kind {
                case .young: return (.posts(posts), .deletions, .sweep(posts))
                case .counted: return (.posts(posts), .metrics, .counts(posts))
                case .quotable:
                    guard let shard = SearchShard.quotes(of: posts).first else { continue }
                    return (.search(shard.query, PageRange()), .quotes, .quotes(posts))
                }
            }
        }
        return nil
    }

    private func isPaused(_ purpose: SpendPurpose, at now: Int64) -> Bool { (pauses[purpose] ?? 0) > now }

    private mutating func nextHandles(at now: Int64) -> [Handle]? {
        guard !isPaused(.ownPosts, at: now), !underWay.values.contains(where: { $0.subject.isOfHandles })
        else { return nil }
        let due = unresolved.filter { $0.value <= now }.keys.sorted { $0.folded < $1.folded }
        return due.isEmpty ? nil : Array(due.prefix(PlannerLimits.namesPerQuestion))
    }

    private func nextList(at now: Int64) -> (XQuestion, SpendPurpose, Fetch.Subject)? {
        let due = lists.values.filter {
            $0.fetch == nil && $0.nextTurn <= now && !isPaused(purpose(of: $0.scope), at: now)
        }
        let first = due.min {
            (purpose(of: $0.scope).rawValue, $0.nextTurn, $0.lastFetch, $0.scope.text)
                < (purpose(of: $1.scope).rawValue, $1.nextTurn, $1.lastFetch, $1.scope.text)
        }
        guard let list = first else { return nil }
        // In its turn, news first: they have the newest id that gaps end at. Then the lowest gap: the oldest is mirrored first.
        let gap = list.progress.gaps.first.map { ListProgress.Part.gap(low: $0.low) }
        let isFirst = list.pagesLeft == configuration.pagesPerPoll
        let part = isFirst ? .news : gap ?? .news
        guard let range = list.progress.range(of: part, backfill: backfill(of: list.scope)) else {
            return nil
        }
        let question: XQuestion
        switch list.scope {
        case .timeline(let id): question = .timeline(id, range)
        case .search: question = .search(list.query ?? "", range)
        }
        return (question, purpose(of: list.scope), .list(list.scope, part))
    }

    private mutating func nextProfiles(at now: Int64) -> [UserID]? {
        guard !isPaused(.references, at: now), !underWay.values.contains(where: { $0.subject.isOfProfiles })
        else { return nil }
        if profilesLeft.isEmpty, nextProfiles <= now, !accounts.isEmpty {
            profilesLeft = accounts.keys.sorted()
            nextProfiles = now + configuration.profileInterval
        }
        guard !profilesLeft.isEmpty else { return nil }
        let names = Array(profilesLeft.prefix(PlannerLimits.namesPerQuestion))
        profilesLeft.removeFirst(names.count)
        return names
    }

    private mutating func nextChosen(
        _ kind: ChoiceKind, at now: Int64, _ effects: inout [BridgeEffect]
    ) -> [PostID]? {
        guard !isPaused(purpose(of: kind), at: now), !accounts.isEmpty else { return nil }
        let most = kind == .quotable ? PlannerLimits.quotesPerSearch : PlannerLimits.namesPerQuestion
        if let posts = chosen[kind], !posts.isEmpty {
            chosen[kind] = Array(posts.dropFirst(most))
            return Array(posts.prefix(most))
        }
        guard nextChoice[kind] ?? 0 <= now else { return nil }
        nextChoice[kind] = now + interval(of: kind)
        let limit =
            switch kind {
            case .young: PlannerLimits.swept
            case .quotable: most
            case .counted: PlannerLimits.counted
            }
        effects.append(.choosePosts(kind, limit: limit))
        return nil
    }
}

extension Fetch.Subject {
    var isOfHandles: Bool { if case .handles = self { true } else { false } }
    var isOfProfiles: Bool { if case .profiles = self { true } else { false } }
}
