// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import TweetCore

/// What the planner makes of trouble: whose it is, how long it lasts, and who goes on meanwhile.
@Suite struct PlannerTroubleTests {
    private let one = UserID(1)
    private let two = UserID(2)

    private func planner(_ change: (inout PlannerConfiguration) -> Void = { _ in }) -> BridgePlanner {
        var configuration = PlannerConfiguration()
        change(&configuration)
        return BridgePlanner(configuration, chance: SplitMix64(seed: 4))
    }

    private func watch(_ planner: inout BridgePlanner, _ ids: UserID...) -> [Fetch] {
        fetches(
            planner.handle(
                .accounts(ids.map { WatchedAccount(id: $0, handle: Handle("user\($0.number)")) }), at: 0))
    }

    private func fetches(_ effects: [BridgeEffect]) -> [Fetch] {
        effects.compactMap { if case .fetch(let fetch) = $0 { fetch } else { nil } }
    }

    /// R5: base · 2^min(failures, 5), at most an hour. nostrweet counts each failure twice, so its first wait is four times as long.
    @Test
    func `the first failure waits twice as long as a poll, each further one twice as long, up to an hour`() {
        let configuration = PlannerConfiguration()
        let seconds = (0...7).map { configuration.backoff(after: $0) / 1_000 }
        #expect(seconds == [300, 600, 1_200, 2_400, 3_600, 3_600, 3_600, 3_600])
    }

    @Test func `an account that fails is asked again after its backoff, less a tenth at most`() throws {
        var planner = planner()
        var now: Int64 = 0
        var asked = watch(&planner, one).first { $0.subject.account == one }
        for failures in 1...6 {
            let fetch = try #require(asked)
            var effects = planner.handle(.failed(fetch.id, .transient("no")), at: now)
            #expect(planner.failures(of: one) == Int64(failures))
            let wait = planner.configuration.backoff(after: Int64(failures))
            effects += planner.handle(.tick, at: now + wait * 9 / 10 - 1)
            #expect(!fetches(effects).contains { $0.subject.account == one }, "too soon after \(failures)")
            now += wait
            asked = fetches(planner.handle(.tick, at: now)).first { $0.subject.account == one }
        }
        let fetch = try #require(asked)
        _ = planner.take(fetch.id, page: PostPage(), at: now)
        _ = planner.handle(.kept(fetch.id), at: now)
        #expect(planner.failures(of: one) == 0)
    }

    @Test func `while the circuit breaker rests nobody is asked, and no account is blamed`() throws {
        var planner = planner()
        let asked = watch(&planner, one, two)
        var pauses = 0
        for fetch in asked {
            let effects = planner.handle(.failed(fetch.id, Turnstile.resting), at: 10)
            pauses += effects.count { if case .paused = $0 { true } else { false } }
            #expect(fetches(effects).isEmpty)
        }
        #expect(pauses == 1, "told once")
        #expect(planner.failures(of: one) == 0 && planner.failures(of: two) == 0)
        #expect(planner.nextDeadline(after: 10) == 30_010)
        #expect(!fetches(planner.handle(.tick, at: 30_010)).isEmpty)
    }

    @Test func `a page that could not be kept is no failure of its account`() throws {
        var planner = planner()
        let fetch = try #require(watch(&planner, one).first { $0.subject.account == one })
        _ = planner.handle(.notKept(fetch.id), at: 0)
        #expect(planner.failures(of: one) == 0)
        #expect(fetches(planner.handle(.tick, at: 5_000)).contains { $0.subject.account == one })
    }

    @Test func `when searches are limited quotes wait as well, and posts of the accounts go on`() throws {
        var planner = planner {
            $0.terms = [.mentions]
            $0.asksQuotes = true
            $0.concurrency = 10
        }
        let asked = watch(&planner, one)
        let search = try #require(asked.first { $0.purpose == .mentions })
        _ = planner.handle(.failed(search.id, .limited(until: 50_000)), at: 0)
        let effects = planner.handle(.chosen(.quotable, [PostID(7)]), at: 10)
        #expect(fetches(effects).isEmpty, "quotes are asked by the same route")
        let timeline = try #require(asked.first { $0.purpose == .ownPosts })
        _ = planner.take(timeline.id, page: PostPage(), at: 20)
        _ = planner.handle(.kept(timeline.id), at: 20)
        #expect(fetches(planner.handle(.asked(one), at: 30)).map(\.purpose) == [.ownPosts])
        #expect(fetches(planner.handle(.tick, at: 50_000)).contains { $0.purpose == .quotes })
    }

    @Test func `when quotes are limited mentions go on`() throws {
        var planner = planner {
            $0.terms = [.mentions]
            $0.asksQuotes = true
            $0.concurrency = 10
        }
        let search = try #require(watch(&planner, one).first { $0.purpose == .mentions })
        let quotes = try #require(
            fetches(planner.handle(.chosen(.quotable, [PostID(7)]), at: 0)).first { $0.purpose == .quotes })
        _ = planner.handle(.failed(quotes.id, .limited(until: 900_000)), at: 0)
        _ = planner.take(search.id, page: PostPage(), at: 0)
        _ = planner.handle(.kept(search.id), at: 0)
        #expect(fetches(planner.handle(.askedAll, at: 10)).contains { $0.purpose == .mentions })
    }

    @Test func `another credential ends all pauses at once`() throws {
        var planner = planner()
        for fetch in watch(&planner, one) {
            _ = planner.handle(.failed(fetch.id, .unauthorized("no")), at: 0)
        }
        #expect(fetches(planner.handle(.askedAll, at: 1_000)).isEmpty)
        #expect(fetches(planner.handle(.credentialRenewed, at: 2_000)).contains { $0.subject.account == one })
    }

    @Test func `one who has posted much has some pages a turn, and then the others have theirs`() {
        var planner = planner {
            $0.concurrency = 1
            $0.pagesPerPoll = 2
        }
        var waiting = watch(&planner, one, two, UserID(3))
        var turns: [UserID] = []
        var newest: UInt64 = 1 << 60
        while turns.count < 20, !waiting.isEmpty {
            let fetch = waiting.removeFirst()
            guard let account = fetch.subject.account else {
                waiting += fetches(planner.handle(.kept(fetch.id), at: 5))
                continue
            }
            turns.append(account)
            var page = PostPage()
            if account == one {
                page.posts = [ReadPost(Snapshot(Post(id: PostID(newest), text: "")), raw: [])]
                page.next = "more"
                newest -= 1
            }
            _ = planner.take(fetch.id, page: page, at: 5)
            var effects = planner.handle(.kept(fetch.id), at: 5)
            // The others have something to say all the time.
            if account != one { effects += planner.handle(.asked(account), at: 5) }
            waiting += fetches(effects)
        }
        #expect(turns.count == 20)
        for start in 0..<16 {
            #expect(Set(turns[start..<start + 4]).count > 1, "four in a row for one: \(turns)")
        }
        #expect(turns.count { $0 == two } >= 3 && turns.count { $0 == UserID(3) } >= 3, "\(turns)")
    }

    @Test
    func `counts are read when nothing more important is due, and not at all when that is switched off`()
        throws
    {
        var planner = planner { $0.concurrency = 10 }
        let effects = planner.handle(.accounts([WatchedAccount(id: one, handle: nil)]), at: 0)
        #expect(effects.contains(.choosePosts(.counted, limit: PlannerLimits.counted)))
        let posts = (1...150).map { PostID(UInt64($0)) }
        let asked = fetches(planner.handle(.chosen(.counted, posts), at: 0))
        #expect(asked.map(\.purpose) == [.metrics, .metrics])
        let again = fetches(planner.handle(.failed(asked[0].id, .overBudget(until: 5_000)), at: 0))
        #expect(again.isEmpty)
        #expect(fetches(planner.handle(.tick, at: 5_000)).contains { $0.purpose == .metrics })
        var without = self.planner { $0.metricsInterval = nil }
        let other = without.handle(.accounts([WatchedAccount(id: one, handle: nil)]), at: 0)
        #expect(!other.contains(.choosePosts(.counted, limit: PlannerLimits.counted)))
    }
}

extension Fetch.Subject {
    fileprivate var account: UserID? {
        if case .list(.timeline(let id), _) = self { id } else { nil }
    }
}
