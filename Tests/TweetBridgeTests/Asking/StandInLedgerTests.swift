// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing
import TweetBridge
import TweetCore
import XStandIn

/// Our ledger and the stand-in's counter, in every way of spending money: to the micro-dollar.
@Suite struct StandInLedgerTests {
    /// What a client does in a world that has something for each of them.
    enum Scenario: String, CaseIterable, Sendable {
        case timeline, mentions, search, quotes, posts, counted, users, handles
        case nothingThere, nothingNew, again, otherWords
        case retried, unreadableOnce, cutOnce, refused
        case nextDay, overMidnight
    }

    private static let settings: [XSettings] = [(false, false), (true, false), (false, true), (true, true)]
        .map {
            var settings = XSettings()
            (settings.money.billsIncludes, settings.money.billsDeleteEvents) = $0
            return settings
        }

    private struct Cast {
        var ada: UserID
        var posts: [PostID]
        var quoted: PostID
    }

    /// Posts with everything that comes along: quotes, answers, reposts, media, polls, people.
    private static func cast(_ x: XServer) throws -> Cast {
        try x.withWorld { world in
            let (ada, bob) = (try world.addUser("ada"), try world.addUser("bob"))
            let (carl, photo) = (try world.addUser("carl"), try world.addMedia(XMediaDraft(altText: "a")))
            let first = try world.post("first of @carl", by: bob)
            let second = try world.post(XDraft("second @ada", quoting: first), by: carl)
            var posts: [XPostID] = []
            for number in 0..<30 {
                world.advance(by: .seconds(60))
                var draft = XDraft("post \(number) @bob")
                switch number % 5 {
                case 0: draft.quoting = first
                case 1: draft.inReplyTo = second
                case 2: draft.mediaKeys = [photo]
                case 3: draft.pollOptions = ["yes", "no"]
                default: (draft.quoting, draft.inReplyTo) = (first, second)
                }
                posts.append(try world.post(draft, by: ada))
            }
            posts.append(try world.repost(second, by: ada))
            world.advance(by: .seconds(60))
            return Cast(ada: UserID(ada), posts: posts.map { PostID($0) }, quoted: PostID(first))
        }
    }

    @Test(arguments: Scenario.allCases, settings)
    func `the books agree`(scenario: Scenario, settings: XSettings) async throws {
        try await StandInTests.run(settings) { x, bench, clock in
            let cast = try Self.cast(x)
            bench.settings.timeout = 2_000
            let client = bench.client(clock)
            let timeline = XQuestion.timeline(cast.ada, PageRange(size: 20))
            func ask(_ question: XQuestion, _ purpose: SpendPurpose = .ownPosts) async {
                _ = try? await client.ask(question, for: purpose)
            }
            func fault(_ effect: XFault.Effect, _ times: Int = 1) throws {
                try x.withWorld { try $0.add(XFault(effect, times: times)) }
            }
            switch scenario {
            case .timeline: await ask(timeline)
            case .mentions: await ask(.mentions(cast.ada, PageRange()), .mentions)
            case .search: await ask(.search("(@ada OR from:ada) -is:retweet", PageRange()), .mentions)
            case .quotes: await ask(.quotes(of: cast.quoted, PageRange()), .quotes)
            case .posts: await ask(.posts(cast.posts), .references)
            case .counted: await ask(.posts(cast.posts), .deletions)
            case .users: await ask(.users([cast.ada, UserID(1)]), .references)
            case .handles: await ask(.handles(["ada", "bob", "noone"].compactMap { Handle($0) }))
            case .nothingThere:
                await ask(.posts([PostID(1), PostID(2)]), .references)
                await ask(.timeline(UserID(1), PageRange()))
            case .nothingNew: await ask(.timeline(cast.ada, PageRange(since: cast.posts.last)))
            case .again:
                for _ in 0..<3 { await ask(timeline) }
                await ask(.posts(cast.posts), .deletions)
                await ask(.mentions(cast.ada, PageRange()), .mentions)
            case .otherWords:
                x.withWorld { $0.settings.vocabulary = .postOnly }
                await ask(timeline)
            case .retried:
                try fault(.status(503), 2)
                try fault(.refuse)
                try fault(.html(502))
                await ask(timeline)
            case .unreadableOnce:
                try fault(.invalidJSON)
                await ask(timeline)
            case .cutOnce:
                try fault(.truncate(to: 100))
                try fault(.reset(after: 100))
                await ask(timeline)
            case .refused:
                for effect in [XFault.Effect.status(401), .usageCapped, .creditsDepleted, .rateLimited] {
                    try fault(effect)
                    await ask(timeline)
                    x.withWorld { $0.advance(by: .seconds(3_700)) }
                }
                await ask(timeline)
            case .nextDay:
                await ask(timeline)
                x.withWorld { $0.advance(by: .seconds(86_400)) }
                await ask(timeline)
            case .overMidnight:
                // Two refusals, and a midnight between them and the answer.
                x.withWorld { $0.advance(by: .seconds(12 * 3_600 - 31 * 60 - 2)) }
                try fault(.status(503), 2)
                await ask(timeline)
                await ask(timeline)
            }
            let (spent, charged) = (await StandInTests.spent(client), StandInTests.charged(x))
            #expect(spent == charged)
            #expect(charged > 0 || scenario == .nothingThere || scenario == .nothingNew)
            let (restored, _) = SpendLedger.restored(
                bench.shelf.rows, prices: bench.prices, at: clock.now())
            #expect(restored.spent == spent && bench.shelf.held == 0)
        }
    }

    /// What X does not say: whether it charges for `includes` and for deletions that it tells. We believe that it does.
    @Test func `where X's prices are not known, ours are no less`() async throws {
        #expect(Prices().isChargedForIncluded && Prices().isChargedForDeletions)
        try await StandInTests.run { x, bench, clock in
            let cast = try Self.cast(x)
            bench.prices = Prices()
            let client = bench.client(clock)
            _ = try await client.ask(.timeline(cast.ada, PageRange()), for: .ownPosts)
            let (spent, charged) = (await StandInTests.spent(client), StandInTests.charged(x))
            #expect(spent > charged && charged > 0)
        }
    }

    /// Between an answer and the row that says what it cost, the process ends; the next one goes on with the rows.
    @Test(arguments: 0..<6) func `a crash costs us more than X charges, never less, and the cap holds`(
        seed: UInt64
    )
        async throws
    {
        var settings = XSettings()
        settings.money.billsIncludes = true
        try await StandInTests.run(settings) { x, bench, clock in
            let cast = try Self.cast(x)
            bench.policy = SpendPolicy(cap: 1_200_000, reserved: [:])
            var rng = SplitMix64(seed: seed)
            var crashes = 0
            for _ in 0..<30 {
                let (ledger, _) = SpendLedger.restored(
                    bench.shelf.rows, prices: bench.prices, policy: bench.policy, at: clock.now())
                let client = bench.client(clock, ledger: ledger)
                let question: XQuestion =
                    Bool.random(using: &rng)
                    ? .timeline(cast.ada, PageRange(size: Int.random(in: 5...10, using: &rng)))
                    : .posts([cast.posts.randomElement(using: &rng) ?? cast.quoted])
                let ends = Bool.random(using: &rng)
                // The rows of the reservation are kept; those of the answer are not.
                if ends { bench.shelf.breaks(afterKeeping: 1) }
                _ = try? await client.ask(question, for: .ownPosts)
                bench.shelf.breaks(false)
                crashes += ends ? 1 : 0
                let (kept, _) = SpendLedger.restored(bench.shelf.rows, prices: bench.prices, at: clock.now())
                #expect(kept.spent >= StandInTests.charged(x), "seed \(seed)")
                #expect(StandInTests.charged(x) <= bench.policy.cap, "seed \(seed)")
            }
            #expect(crashes > 5 && StandInTests.charged(x) > 0)
        }
    }

    /// The cap lies within a page: what can be paid for is read, and not a post more.
    @Test(arguments: [25_000, 29_999, 30_000, 54_999, 155_000, 155_001] as [Int64])
    func `the cap within a page stops reading at the cent`(cap: Int64) async throws {
        try await StandInTests.run { x, bench, clock in
            let ada = try x.withWorld { world in
                let ada = try world.addUser("ada")
                for number in 0..<50 { try world.post("post \(number)", by: ada) }
                return ada
            }
            bench.policy = SpendPolicy(cap: cap, reserved: [:])
            let client = bench.client(clock)
            var token: String?
            var count = 0
            while let page = try? await client.ask(
                .timeline(UserID(ada), PageRange(token: token, size: 10)), for: .ownPosts)
            {
                count += page.posts.count
                token = page.next
                if token == nil { break }
            }
            let (spent, charged) = (await StandInTests.spent(client), StandInTests.charged(x))
            #expect(spent == charged && charged <= cap && charged == Int64(count) * 5_000)
            // Five posts are the least that X gives.
            #expect(cap - charged < 25_000)
        }
    }
}
