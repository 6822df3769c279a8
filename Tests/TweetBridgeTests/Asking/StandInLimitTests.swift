// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetBridge
import TweetCore
import XStandIn

/// The stand-in's limits, caps and credits.
@Suite struct StandInLimitTests {
    /// A world with one post, and somebody who asks for what quotes it.
    private static func run(
        _ settings: XSettings = XSettings(),
        _ body: (XServer, XClient, XClient, _ question: XQuestion) async throws -> Void
    ) async throws {
        try await StandInTests.run(settings) { x, bench, clock in
            let id = try x.withWorld { world in try world.post("hello", by: try world.addUser("ada")) }
            try await body(
                x, bench.client(clock), bench.client(clock), .quotes(of: PostID(id), PageRange(size: 10)))
        }
    }

    @Test func `a window is used up to its last request, and not beyond`() async throws {
        try await Self.run { x, client, _, question in
            for _ in 0..<75 { _ = try await client.ask(question, for: .mentions) }
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(question, for: .mentions)
            }
            guard case .limited(let until?)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(x.withWorld { $0.requests.latest(100).count } == 75)
            x.withWorld { $0.advance(to: XInstant(milliseconds: until)) }
            _ = try await client.ask(question, for: .mentions)
        }
    }

    @Test(arguments: XSettings.RateLimitBody.allCases)
    func `what another process used up is told by 429, in each of its bodies`(
        _ body: XSettings.RateLimitBody
    ) async throws {
        var settings = XSettings()
        settings.rateLimitBody = body
        try await Self.run(settings) { x, client, other, question in
            for _ in 0..<75 { _ = try await other.ask(question, for: .mentions) }
            for _ in 0..<3 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(question, for: .mentions)
                }
                #expect(failure?.label == "limited")
            }
            #expect(x.withWorld { $0.requests.latest(100).count } == 76)
        }
    }

    @Test(arguments: [429, 403]) func `a month's cap pauses reading, not for the rest of the window`(
        _ status: Int
    ) async throws {
        var settings = XSettings()
        settings.monthlyCap = 0
        settings.capStatus = status
        try await Self.run(settings) { x, client, _, question in
            for _ in 0..<2 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(question, for: .mentions)
                }
                #expect(failure?.label == "usage_capped")
            }
            #expect(x.withWorld { $0.requests.latest(100).count } == 1)
            x.withWorld { world in
                world.settings.monthlyCap = 1_000
                world.advance(by: .seconds(3_600))
            }
            _ = try await client.ask(question, for: .mentions)
        }
    }

    @Test(arguments: [true, false]) func `without credits one request an hour finds out`(_ isPlain: Bool)
        async throws
    {
        var settings = XSettings()
        settings.credits = 0
        settings.namesCreditsPlainly = isPlain
        try await Self.run(settings) { x, client, _, question in
            for hour in 1...3 {
                for _ in 0..<3 {
                    let failure = await refusal { () throws(XFailure) in
                        _ = try await client.ask(question, for: .mentions)
                    }
                    #expect(failure == .outOfCredits)
                }
                #expect(x.withWorld { $0.requests.latest(100).count } == hour)
                x.withWorld { $0.advance(by: .seconds(3_600)) }
            }
            x.withWorld { $0.settings.credits = 1_000_000 }
            _ = try await client.ask(question, for: .mentions)
        }
    }

    @Test func `quotes are found by one search as well`() async throws {
        try await StandInTests.run { x, bench, clock in
            let (first, quote) = try x.withWorld { world in
                let (ada, bob) = (try world.addUser("ada"), try world.addUser("bob"))
                let first = try world.post("hello", by: ada)
                let quote = try world.post(XDraft("look", quoting: first), by: bob)
                world.advance(by: .seconds(60))
                return (first, quote)
            }
            let client = bench.client(clock)
            let shard = SearchShard.quotes(of: [PostID(first)])[0]
            let page = try await client.ask(
                .search(shard.query, PageRange(since: PostID(first))), for: .mentions)
            #expect(page.posts.map(\.id) == [PostID(quote)])
            #expect(page.posts[0].snapshot.referenced(.quoted)?.author?.handle == "ada")
        }
    }
}
