// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import TweetCore

/// What is asked next, in virtual time.
@Suite struct BridgePlannerTests {
    private let one = UserID(1)

    @Test(arguments: 0..<60)
    func `whatever fails and whoever is killed, every post is kept, and the oldest is mirrored first`(
        seed: UInt64
    ) {
        var rng = SplitMix64(seed: seed)
        var world = PlannerWorld(seed: seed, accounts: 4) { $0.pagesPerPoll = 2 }
        // What was there before an account was watched is another matter.
        world.faults = false
        world.live(for: 60_000)
        world.faults = true
        for _ in 0..<12 {
            for account in world.timelines.keys.sorted() where Bool.random(using: &rng) {
                world.post(Int.random(in: 1...700, using: &rng), by: account)
            }
            world.live(for: Int64.random(in: 1_000...900_000, using: &rng))
            if Int.random(in: 0..<4, using: &rng) == 0 { world.crash() }
        }
        world.faults = false
        world.live(for: 2 * 3_600_000)
        #expect(world.complaints == [], "seed \(seed)")
        for (account, posts) in world.timelines {
            #expect(Set(world.kept[account] ?? []) == Set(posts), "seed \(seed), account \(account)")
            #expect(world.mirrored[account] ?? [] == posts, "seed \(seed), account \(account)")
        }
    }

    @Test func `a thousand posts while nobody looked arrive, the oldest first`() {
        var world = PlannerWorld(seed: 1, accounts: 1) { $0.pagesPerPoll = 5 }
        world.faults = false
        world.live(for: 1_000)
        world.post(1_000, by: one)
        world.live(for: 400_000)
        #expect(world.mirrored[one] == world.timelines[one])
        #expect(world.questions <= 20, "\(world.questions)")
    }

    @Test func `an account that is silent is asked less often, and one that posts as often as configured`() {
        var world = PlannerWorld(seed: 2, accounts: 1)
        world.faults = false
        world.live(for: 3_600_000)
        let first = world.questions
        for _ in 0..<6 { world.live(for: 3_600_000) }
        let idle = world.questions - first
        #expect(idle < 6 * 6, "\(idle) questions in six hours")
        world.post(1, by: one)
        world.live(for: 3_600_000)
        #expect(world.kept[one]?.count == 1)
    }

    @Test func `accounts take turns, so many at a time`() {
        var world = PlannerWorld(seed: 3, accounts: 50) { $0.concurrency = 3 }
        world.faults = false
        for account in world.timelines.keys { world.post(30, by: account) }
        world.live(for: 60_000)
        #expect(world.kept.values.allSatisfy { $0.count == 20 }, "the backfill of each")
        #expect(world.asksAtATime == 3)
    }

    private func planner(_ change: (inout PlannerConfiguration) -> Void = { _ in }) -> BridgePlanner {
        var configuration = PlannerConfiguration()
        change(&configuration)
        return BridgePlanner(configuration, chance: SplitMix64(seed: 9))
    }

    private func fetches(_ effects: [BridgeEffect]) -> [Fetch] {
        effects.compactMap { if case .fetch(let fetch) = $0 { fetch } else { nil } }
    }

    private let handle = Handle("jack")

    @Test func `without money nothing less important is asked, and what is more important may be`() throws {
        var planner = planner { $0.terms = [.mentions] }
        let asked = fetches(planner.handle(.accounts([WatchedAccount(id: one, handle: handle)]), at: 0))
        let search = try #require(asked.first { if case .search = $0.question { true } else { false } })
        let later = fetches(planner.handle(.failed(search.id, .overBudget(until: 50_000)), at: 10))
        #expect(later.allSatisfy { $0.purpose < .mentions })
        let timeline = try #require(asked.first { $0.purpose == .ownPosts })
        _ = planner.take(timeline.id, page: PostPage(), at: 10)
        _ = planner.handle(.kept(timeline.id), at: 10)
        #expect(!fetches(planner.handle(.asked(one), at: 20)).isEmpty)
        #expect(fetches(planner.handle(.tick, at: 50_001)).contains { $0.purpose == .mentions })
    }

    @Test func `a token that is refused stops everything for an hour`() throws {
        var planner = planner()
        let asked = fetches(planner.handle(.accounts([WatchedAccount(id: one, handle: handle)]), at: 0))
        let first = try #require(asked.first)
        let effects = planner.handle(.failed(first.id, .unauthorized("no")), at: 0)
        #expect(effects.contains(.paused(until: 3_600_000, .unauthorized("no"))))
        for fetch in asked.dropFirst() { _ = planner.handle(.failed(fetch.id, .unauthorized("no")), at: 0) }
        #expect(fetches(planner.handle(.askedAll, at: 3_599_000)).isEmpty)
        #expect(!fetches(planner.handle(.tick, at: 3_600_001)).isEmpty)
    }

    @Test func `an account in trouble waits ever longer, by itself`() {
        var planner = planner()
        let two = UserID(2)
        var now: Int64 = 0
        var effects = planner.handle(
            .accounts([WatchedAccount(id: one, handle: nil), WatchedAccount(id: two, handle: nil)]), at: 0)
        var failures: [Int64] = []
        var good = 0
        while now < 86_400_000 {
            for fetch in fetches(effects) {
                switch fetch.question {
                case .timeline(one, _):
                    failures.append(now)
                    effects = planner.handle(.failed(fetch.id, .transient("no")), at: now)
                case .timeline:
                    good += 1
                    _ = planner.take(fetch.id, page: PostPage(), at: now)
                    effects = planner.handle(.kept(fetch.id), at: now)
                default: effects = planner.handle(.kept(fetch.id), at: now)
                }
            }
            now = planner.nextDeadline(after: now) ?? 86_400_000
            effects = planner.handle(.tick, at: now)
        }
        #expect(zip(failures, failures.dropFirst()).allSatisfy { $1 - $0 <= 3_600_000 + 1 })
        #expect((24...60).contains(failures.count), "\(failures.count)")
        #expect(good > 60)
    }

    @Test
    func `a search that was left more than a week ago begins where X says, and what is missing is told`()
        throws
    {
        var planner = planner { $0.terms = [.mentions] }
        let jack = try #require(handle)
        let shard = try #require(SearchShard.around([jack], [.mentions]).first)
        _ = planner.handle(.accounts([WatchedAccount(id: one, handle: handle, isMirrored: false)]), at: 0)
        var restored = BridgePlanner(
            planner.configuration, progress: [.search(shard.key): ListProgress(since: PostID(5))],
            chance: SplitMix64(seed: 1))
        let asked = fetches(
            restored.handle(.accounts([WatchedAccount(id: one, handle: handle, isMirrored: false)]), at: 0))
        let search = try #require(asked.first { if case .search = $0.question { true } else { false } })
        let effects = restored.handle(.failed(search.id, .staleSince(PostID(500))), at: 1)
        #expect(effects.contains(.lost(.search(shard.key), PostGap(low: PostID(5), high: PostID(500)))))
        let again = try #require(fetches(effects).first)
        guard case .search(_, let range) = again.question else { return #expect(Bool(false), "no search") }
        #expect(range.since == PostID(500))
    }

    @Test func `an account that comes back is read from where it was left`() throws {
        let watched = [WatchedAccount(id: one, handle: nil)]
        var planner = BridgePlanner(
            PlannerConfiguration(), progress: [.timeline(one): ListProgress(since: PostID(5))],
            chance: SplitMix64(seed: 1))
        // At the start it is off, or another bridge has it.
        _ = planner.handle(.accounts([]), at: 0)
        for round in 0..<2 {
            let asked = fetches(planner.handle(.accounts(watched), at: Int64(round)))
            let ranges = asked.compactMap { fetch -> PageRange? in
                if case .timeline(_, let range) = fetch.question { range } else { nil }
            }
            #expect(ranges.map(\.since) == [PostID(5)], "round \(round)")
            _ = planner.handle(.accounts([]), at: Int64(round))
        }
    }

    @Test func `what is pushed while a question is under way is asked for again`() throws {
        var planner = planner()
        let first = try #require(
            fetches(planner.handle(.accounts([WatchedAccount(id: one, handle: nil)]), at: 0)).first {
                $0.purpose == .ownPosts
            })
        #expect(fetches(planner.handle(.asked(one), at: 10)).allSatisfy { $0.purpose != .ownPosts })
        _ = planner.take(first.id, page: PostPage(), at: 20)
        let again = fetches(planner.handle(.kept(first.id), at: 20))
        #expect(again.contains { $0.purpose == .ownPosts })
    }

    @Test func `a stream that comes back has everything asked for at once`() {
        var planner = planner()
        let asked = fetches(planner.handle(.accounts([WatchedAccount(id: one, handle: nil)]), at: 0))
        for fetch in asked {
            _ = planner.take(fetch.id, page: PostPage(), at: 0)
            _ = planner.handle(.kept(fetch.id), at: 0)
        }
        #expect(fetches(planner.handle(.tick, at: 1000)).isEmpty)
        #expect(fetches(planner.handle(.stream(isConnected: true), at: 2000)).count == 1)
    }
}
