// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing
import TweetBridge
import TweetCore
import XStandIn

/// The client against the stand-in, which knows nothing of it.
@Suite struct StandInTests {
    /// A stand-in whose time moves on when the client waits.
    static func run(
        _ settings: XSettings = XSettings(), _ body: (XServer, inout Bench, BridgeClock) async throws -> Void
    ) async throws {
        let x = try await XServer.start(
            options: XServerOptions(clock: .virtual(start: XWorld.virtualStart), settings: settings))
        let clock = BridgeClock(now: { x.withWorld { $0.now.milliseconds } }) { span in
            x.withWorld { $0.advance(by: .milliseconds(span)) }
        }
        try await Bench.with(x.baseURL) { bench in
            bench.sources = [AppToken(Secret(XWorld.appToken))]
            bench.prices.isChargedForIncluded = settings.money.billsIncludes
            bench.prices.isChargedForDeletions = settings.money.billsDeleteEvents
            try await body(x, &bench, clock)
        }
        try await x.stop()
    }

    /// What the stand-in charged for the day that it is there.
    static func charged(_ x: XServer) -> Int64 { x.withWorld { $0.spend.byDay[$0.now.utcDay] ?? 0 } }

    /// What the client believes that it spent on the day that it is.
    static func spent(_ client: XClient) async -> Int64 {
        await client.today().spent
    }

    private static var dear: XSettings {
        var settings = XSettings()
        settings.money.billsIncludes = true
        return settings
    }

    @Test(arguments: [XSettings(), dear]) func `a timeline is read to its end, whole, and the books agree`(
        _ settings: XSettings
    ) async throws {
        try await Self.run(settings) { x, bench, clock in
            let ada = try x.withWorld { world in
                let (ada, bob) = (try world.addUser("ada"), try world.addUser("bob"))
                let first = try world.post("The first & best", by: bob)
                for number in 0..<120 {
                    world.advance(by: .seconds(60))
                    var draft = XDraft("Post \(number) @bob #nostr")
                    if number % 3 == 0 { draft.quoting = first }
                    if number % 5 == 0 { draft.pollOptions = ["yes", "no"] }
                    try world.post(draft, by: ada)
                }
                return ada
            }
            let client = bench.client(clock)
            var found: [PostID] = []
            var token: String?
            repeat {
                let page = try await client.ask(
                    .timeline(UserID(ada), PageRange(token: token, size: 50)), for: .ownPosts)
                found += page.posts.map(\.id)
                for post in page.posts {
                    #expect(
                        post.snapshot.author?.handle == "ada"
                            && post.snapshot.post.createdAt == post.id.milliseconds)
                    let quotes = post.snapshot.post.references.contains { $0.kind == .quoted }
                    #expect(!quotes || post.snapshot.referenced(.quoted)?.author?.handle == "bob")
                    #expect(post.snapshot.post.polls.count == post.snapshot.polls.count)
                }
                token = page.next
            } while token != nil
            #expect(found.count == 120 && found == found.sorted(by: >) && Set(found).count == 120)
            let spent = await Self.spent(client)
            #expect(spent == Self.charged(x) && spent >= 600_000)
        }
    }

    @Test(arguments: [XSettings.Vocabulary.both, .postOnly, .tweetOnly])
    func `either vocabulary gives the same post`(
        _ vocabulary: XSettings.Vocabulary
    ) async throws {
        var settings = XSettings()
        settings.vocabulary = vocabulary
        try await Self.run(settings) { x, bench, clock in
            let (ada, id) = try x.withWorld { world in
                let ada = try world.addUser("ada")
                let first = try world.post("first", by: ada)
                return (
                    ada,
                    try world.post(XDraft(String(repeating: "long ", count: 100), quoting: first), by: ada)
                )
            }
            for choice in [Vocabulary.Choice.auto, vocabulary == .postOnly ? .post : .tweet] {
                bench.settings.vocabulary = choice
                let client = bench.client(clock)
                let page = try await client.ask(.posts([PostID(id)]), for: .references)
                let post = try #require(page.posts.first).snapshot
                #expect(post.post.longText?.text.count ?? 0 >= 499 && post.post.versions == [PostID(id)])
                #expect(post.referenced(.quoted)?.post.text == "first" && post.author?.id == UserID(ada))
                let words = await client.vocabulary
                #expect(words == (vocabulary == .postOnly ? .post : .tweet))
                let user = try await client.ask(.handles([Handle("ada")].compactMap { $0 }), for: .references)
                #expect(user.users.map(\.id) == [UserID(ada)])
            }
        }
    }

    @Test func `what is gone says why`() async throws {
        try await Self.run { x, bench, clock in
            let (users, posts) = try x.withWorld { world in
                let names = ["fine", "gone", "banned", "private", "left"]
                var (users, posts): ([XUserID], [XPostID]) = ([], [])
                for name in names {
                    let user = try world.addUser(name)
                    users.append(user)
                    posts.append(try world.post("hello", by: user))
                }
                try world.delete(posts[1])
                try world.setStanding(.suspended, of: users[2])
                try world.change(users[3]) { $0.isProtected = true }
                try world.setStanding(.deactivated, of: users[4])
                return (users, posts)
            }
            let client = bench.client(clock)
            let page = try await client.ask(.posts(posts.map { PostID($0) }), for: .deletions)
            #expect(page.posts.map(\.id) == [PostID(posts[0])])
            let absent = Dictionary(
                page.problems.compactMap { problem in problem.post.map { ($0, problem.absence) } }
            ) { first, _ in first }
            #expect(
                absent[PostID(posts[1])] == .deleted && absent[PostID(posts[3])] == .protected
                    && absent.count == 4)
            for (user, absence) in zip(users.dropFirst(2), [Absence.suspended, .protected, .deleted]) {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(.timeline(UserID(user), PageRange()), for: .ownPosts)
                }
                guard case .absent(let why, _)? = failure else {
                    Issue.record("\(user): \(String(describing: failure))")
                    continue
                }
                #expect(why == absence)
            }
            let spent = await Self.spent(client)
            #expect(spent == Self.charged(x) && spent == 5_000)
        }
    }

    @Test func `a search from too long ago says where it may begin`() async throws {
        try await Self.run { x, bench, clock in
            let old = try x.withWorld { world in
                let ada = try world.addUser("ada")
                let old = try world.post("long ago", by: ada)
                world.advance(by: .seconds(8 * 86_400))
                try world.post("today", by: ada)
                world.advance(by: .seconds(60))
                return old
            }
            let client = bench.client(clock)
            let query = SearchShard.around([Handle("ada")].compactMap { $0 })[0].query
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(.search(query, PageRange(since: PostID(old))), for: .mentions)
            }
            guard case .staleSince(let begin)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(begin > PostID(old))
            let page = try await client.ask(.search(query, PageRange(since: begin)), for: .mentions)
            #expect(page.posts.map(\.snapshot.post.text) == ["today"])
        }
    }

    @Test func `the cap stops reading at the cent`() async throws {
        try await Self.run { x, bench, clock in
            let ada = try x.withWorld { world in
                let ada = try world.addUser("ada")
                for number in 0..<200 { try world.post("Post \(number)", by: ada) }
                return ada
            }
            bench.policy = SpendPolicy(cap: 333_333, reserved: [:])
            let client = bench.client(clock)
            var token: String?
            var failure: XFailure?
            while failure == nil {
                do {
                    token = try await client.ask(
                        .timeline(UserID(ada), PageRange(token: token)), for: .ownPosts
                    ).next
                } catch { failure = error as? XFailure }
            }
            #expect(failure?.label == "over_budget")
            let spent = await Self.spent(client)
            #expect(spent == Self.charged(x) && spent == 330_000)
        }
    }

    @Test(arguments: 0..<8) func `whatever goes wrong, the books agree`(seed: UInt64) async throws {
        var settings = XSettings()
        settings.money.billsIncludes = seed % 2 == 0
        try await Self.run(settings) { x, bench, clock in
            var rng = SplitMix64(seed: seed)
            bench.settings.timeout = 2_000
            let client = bench.client(clock)
            let users = try x.withWorld { world in try (0..<4).map { try world.addUser("user\($0)") } }
            var posts: [XPostID] = []
            var exact = 0
            for _ in 0..<60 {
                let user = users.randomElement(using: &rng) ?? 0
                switch Int.random(in: 0..<8, using: &rng) {
                case 0, 1:
                    posts.append(
                        try x.withWorld { world in
                            try world.post(
                                XDraft("p @user1", quoting: posts.randomElement(using: &rng)), by: user)
                        })
                case 2:
                    let effects: [XFault.Effect] = [
                        .status(503), .html(200), .reset(after: 10), .truncate(to: 20), .invalidJSON, .gzip,
                        .brokenGzip, .empty, .refuse, .status(500),
                    ]
                    let fault = XFault(
                        effects.randomElement(using: &rng) ?? .none, times: Int.random(in: 1...3, using: &rng)
                    )
                    try x.withWorld { try $0.add(fault) }
                case 3:
                    x.withWorld { [span = Int.random(in: 1...20_000, using: &rng)] in
                        $0.advance(by: .seconds(span))
                    }
                case 4:
                    let ids = posts.shuffled(using: &rng).prefix(20).map { PostID($0) }
                    if !ids.isEmpty { _ = try? await client.ask(.posts(ids), for: .deletions) }
                case 5: _ = try? await client.ask(.users(users.map { UserID($0) }), for: .references)
                case 6:
                    _ = try? await client.ask(
                        .mentions(UserID(users[1]), PageRange(size: 10)), for: .mentions)
                default:
                    _ = try? await client.ask(.timeline(UserID(user), PageRange(size: 10)), for: .ownPosts)
                }
                let (spent, charged) = (await Self.spent(client), Self.charged(x))
                // What a paid answer cost that could never be read, nobody knows: then it is what it could cost.
                let isExact = await client.ledger.isExact
                #expect(isExact ? spent == charged : spent >= charged, "seed \(seed)")
                exact += isExact ? 1 : 0
            }
            #expect(bench.shelf.held == 0 && exact > 20)
            let (restored, _) = SpendLedger.restored(bench.shelf.rows, at: clock.now())
            let spent = await Self.spent(client)
            #expect(restored.spent == spent)
        }
    }

    @Test func `a user's tokens are renewed for days, over restarts`() async throws {
        try await Self.run { x, bench, clock in
            let (ada, tokens) = try x.withWorld { world in
                let ada = try world.addUser("ada")
                return (ada, try world.grant(ada))
            }
            let start = clock.now()
            let shelf = TokenShelf(
                TokenPair(
                    access: Secret(tokens.access), refresh: tokens.refresh.map { Secret($0) },
                    obtainedAt: start,
                    expiresAt: tokens.expiresAt.milliseconds))
            let oauth = OAuthClient(
                id: XWorld.confidentialClient.id, secret: Secret(XWorld.confidentialClient.secret))
            for _ in 0..<3 {
                // A process of its own.
                let user = UserTokens(
                    name: "ada", owner: { UserID(ada) }, client: oauth, keeper: shelf,
                    transport: bench.transport, clock: clock)
                bench.sources = [user]
                let client = bench.client(clock)
                for _ in 0..<8 {
                    let me = try await client.ask(.me, for: .references)
                    #expect(me.users.map(\.id) == [UserID(ada)])
                    x.withWorld { $0.advance(by: .seconds(3_600)) }
                }
                x.withWorld { $0.expireAccessTokens() }
            }
            #expect((shelf.pair?.rotation ?? 0) >= 10)
        }
    }

    @Test func `posting and removing are paid for as X asks`() async throws {
        try await Self.run { x, bench, clock in
            let tokens = try x.withWorld { world in
                try world.grant(
                    try world.addUser("ada"), scopes: ["tweet.read", "users.read", "tweet.write"])
            }
            bench.sources.append(
                KnownToken(asker: Asker(.user, name: "ada"), secret: Secret(tokens.access)))
            bench.settings.mayWrite = true
            let client = bench.client(clock)
            let id = try await client.post(PostDraft(text: "hello"))
            _ = try await client.post(PostDraft(text: "see https://example.com/page"))
            let isGone = try await client.delete(id)
            #expect(isGone)
            _ = try await client.usage()
            let spent = await Self.spent(client)
            #expect(spent == Self.charged(x) && spent == 225_000)
        }
    }
}
