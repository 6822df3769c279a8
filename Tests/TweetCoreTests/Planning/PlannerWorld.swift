// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import TweetCore

/// X as far as timelines go, a store, and a planner between them, in virtual time from a seed.
struct PlannerWorld {
    var now: Int64 = 1_780_000_000_000
    var timelines: [UserID: [PostID]] = [:]
    /// What survives a crash.
    var kept: [UserID: [PostID]] = [:]
    var rows: [FetchScope: ListProgress] = [:]
    /// In the order in which a mirror would take them, by account.
    var mirrored: [UserID: [PostID]] = [:]
    var questions = 0
    var asksAtATime = 0
    var complaints: [String] = []
    private(set) var planner: BridgePlanner
    private var rng: SplitMix64
    private var flying: [Fetch] = []
    private let configuration: PlannerConfiguration
    var faults = true

    init(seed: UInt64, accounts: Int, _ change: (inout PlannerConfiguration) -> Void = { _ in }) {
        var configuration = PlannerConfiguration()
        change(&configuration)
        self.configuration = configuration
        rng = SplitMix64(seed: seed)
        planner = BridgePlanner(configuration, chance: SplitMix64(seed: seed))
        for number in 1...accounts { timelines[UserID(UInt64(number))] = [] }
        begin()
    }

    private mutating func begin() {
        planner = BridgePlanner(configuration, progress: rows, chance: SplitMix64(seed: rng.next()))
        flying = []
        tell(.accounts(timelines.keys.sorted().map { WatchedAccount(id: $0, handle: nil) }))
    }

    /// Some accounts post.
    mutating func post(_ count: Int, by account: UserID) {
        for number in 0..<count {
            let id = PostID(PostID.first(at: now).number + UInt64(number))
            if id > timelines[account]?.last ?? PostID(0) { timelines[account, default: []].append(id) }
        }
    }

    mutating func crash() { begin() }

    /// Lets time pass; questions are answered meanwhile, in any order, some of them badly.
    mutating func live(for span: Int64) {
        let end = now + span
        while true {
            if !flying.isEmpty, faults ? Int.random(in: 0..<3, using: &rng) > 0 : true {
                answer(flying.remove(at: Int.random(in: 0..<flying.count, using: &rng)))
                continue
            }
            let next = planner.nextDeadline(after: now) ?? end
            guard next <= end else { break }
            now = flying.isEmpty ? max(next, now + 1) : now + 50
            tell(.tick)
        }
        now = end
        tell(.tick)
    }

    private mutating func tell(_ input: BridgeInput) {
        for effect in planner.handle(input, at: now) {
            switch effect {
            case .fetch(let fetch): flying.append(fetch)
            case .choosePosts(let kind, _): tell(.chosen(kind, []))
            case .unreadable, .lost, .paused: break
            }
        }
        if flying.count > configuration.concurrency {
            complaints.append("\(flying.count) questions at a time")
        }
        asksAtATime = max(asksAtATime, flying.count)
    }

    private mutating func answer(_ fetch: Fetch) {
        questions += 1
        if faults, Int.random(in: 0..<8, using: &rng) == 0 {
            let failures: [XFailure] = [
                .transient("reset"), .limited(until: now + 5_000), .transient("HTML"),
            ]
            return tell(.failed(fetch.id, failures[Int.random(in: 0..<3, using: &rng)]))
        }
        guard case .timeline(let account, let range) = fetch.question else { return tell(.kept(fetch.id)) }
        let page = page(of: account, range)
        guard let change = planner.take(fetch.id, page: page, at: now) else { return tell(.kept(fetch.id)) }
        if faults, Int.random(in: 0..<10, using: &rng) == 0 { return tell(.notKept(fetch.id)) }
        write(change)
        let known = Set(kept[account] ?? [])
        kept[account, default: []] += page.posts.map(\.id).filter { !known.contains($0) }
        // Killed between the transaction and what follows from it.
        if faults, Int.random(in: 0..<40, using: &rng) == 0 { return begin() }
        tell(.kept(fetch.id))
        mirror(account)
    }

    private mutating func mirror(_ account: UserID) {
        let ceiling = planner.ceiling(of: account) ?? PostID(.max)
        let done = Set(mirrored[account] ?? [])
        mirrored[account, default: []] += (kept[account] ?? []).filter { $0 <= ceiling && !done.contains($0) }
            .sorted()
    }

    private mutating func write(_ change: ListChange) {
        let old = rows[change.scope] ?? ListProgress()
        var gaps = old.gaps.filter { gap in
            !change.closed.contains(gap.low) && !change.gaps.contains { $0.low == gap.low }
        }
        gaps += change.gaps
        let since = [old.since, change.advance].compactMap(\.self).max()
        // Tokens do not survive.
        rows[change.scope] = ListProgress(
            since: since, gaps: gaps.map { PostGap(low: $0.low, high: $0.high, left: $0.left) })
    }

    private func page(of account: UserID, _ range: PageRange) -> PostPage {
        var end = range.until?.number ?? .max
        if let token = range.token { end = UInt64(token) ?? end }
        let low = range.since?.number ?? 0
        let all = (timelines[account] ?? []).filter { $0.number > low && $0.number < end }
        let shown = Array(all.suffix(range.size).reversed())
        var page = PostPage()
        page.posts = shown.map { ReadPost(Snapshot(Post(id: $0, text: "")), raw: []) }
        page.newest = shown.first
        page.oldest = shown.last
        page.next = all.count > shown.count ? shown.last.map { "\($0)" } : nil
        return page
    }
}
