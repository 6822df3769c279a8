// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct RateTests {
    @Test func `every route has its budget, by credential, and the headers tell the truth`() throws {
        var (world, ada) = try XWorld.withAda()
        let tokens = try world.grant(ada)
        for (target, app, user) in [
            ("/2/users/\(ada)/tweets", "10000", "900"), ("/2/users/\(ada)/mentions", "450", "300"),
            ("/2/tweets/search/recent?query=x", "450", "300"), ("/2/tweets?ids=1", "3500", "5000"),
            ("/2/tweets/1", "450", "900"), ("/2/tweets/1/quote_tweets", "75", "75"),
            ("/2/users/by?usernames=ada", "300", "900"), ("/2/users/\(ada)", "300", "900"),
        ] {
            let ours = world.get(target)
            let theirs = world.get(target, as: tokens.access)
            #expect(ours[header: "x-rate-limit-limit"] == app, "\(target)")
            #expect(theirs[header: "x-rate-limit-limit"] == user, "\(target)")
            #expect(ours.remaining.flatMap { Int($0) } == Int(app).map { $0 - 1 })
            #expect(ours[header: "x-rate-limit-reset"] == String(world.now.seconds + 900))
        }
    }

    @Test func `a budget that is used up is answered 429 until its window ends`() throws {
        var (world, ada) = try XWorld.withAda()
        let target = "/2/tweets/1/quote_tweets"
        for left in (0..<75).reversed() { #expect(world.get(target).remaining == String(left)) }
        world.advance(by: .seconds(899))
        let refused = world.get(target)
        #expect(refused.status == 429)
        #expect(refused.json?["type"] == "about:blank")
        #expect(refused.json?["title"] == "Too Many Requests")
        #expect(refused.remaining == "0")
        #expect(refused[header: "x-rate-limit-reset"] == String(world.now.seconds + 1))
        let tokens = try world.grant(ada)
        #expect(world.get(target, as: tokens.access).status != 429)
        world.advance(by: .seconds(1))
        #expect(world.get(target).remaining == "74")
    }

    @Test func `the other bodies of a 429 can be asked for`() throws {
        var (world, ada) = try XWorld.withAda()
        world.leave(0, of: "GET /2/users/:id")
        world.settings.rateLimitBody = .legacy
        let legacy = world.get("/2/users/\(ada)")
        #expect(legacy.status == 429)
        #expect(legacy.json?["errors"]?[0]?["code"] == 88)
        #expect(legacy.message == "Rate limit exceeded")
        world.settings.rateLimitBody = .typed
        #expect(world.get("/2/users/\(ada)").problem == "rate-limit-exceeded")
        world.refillBudgets()
        #expect(world.get("/2/users/\(ada)").status == 200)
    }

    @Test func `limits can be others than those of the table, and daily ones can be told`() throws {
        var (world, ada) = try XWorld.withAda()
        world.settings.rateLimits = ["GET /2/users/:id/tweets": 40_000]
        world.settings.sendsDailyHeaders = true
        let reply = world.get("/2/users/\(ada)/tweets")
        #expect(reply[header: "x-rate-limit-limit"] == "40000")
        #expect(reply[header: "x-app-limit-24hour-limit"] != nil)
        #expect(reply[header: "x-request-id"] != nil)
    }

    @Test func `a credential that a route does not take is refused, and an unknown one is unauthorized`()
        throws
    {
        var (world, ada) = try XWorld.withAda()
        let me = world.get("/2/users/me")
        #expect(me.status == 403)
        #expect(me.problem == "unsupported-authentication")
        #expect(
            me.json?["detail"]?.string?.contains("Application-Only is forbidden for this endpoint") == true)
        let tokens = try world.grant(ada)
        #expect(world.get("/2/users/me", as: tokens.access).data?["username"] == "ada")
        let narrow = try world.grant(ada, scopes: ["tweet.read"])
        #expect(world.get("/2/users/me", as: narrow.access).status == 403)
        for token in [nil, "wrong"] {
            let reply = world.get("/2/users/\(ada)", as: token)
            #expect(reply.status == 401)
            #expect(reply.json?["title"] == "Unauthorized")
            #expect(reply.json?["type"] == "about:blank")
        }
    }
}

@Suite struct SpendTests {
    @Test func `what is read is billed once a UTC day, in micro-dollars`() throws {
        var (world, ada) = try XWorld.withAda()
        for number in 0..<7 { try world.post("post \(number)", by: ada) }
        _ = world.get("/2/users/\(ada)/tweets?max_results=5")
        #expect(world.spend.total == 5 * 5_000)
        _ = world.get("/2/users/\(ada)/tweets?max_results=10")
        #expect(world.spend.total == 7 * 5_000)
        _ = world.get("/2/users/by?usernames=ada")
        _ = world.get("/2/users/\(ada)")
        #expect(world.spend.total == 7 * 5_000 + 10_000)
        world.advance(to: XInstant(year: 2026, month: 9, day: 2))
        _ = world.get("/2/users/\(ada)/tweets")
        #expect(world.spend.total == 14 * 5_000 + 10_000)
        #expect(world.spend.countByItem == [.postRead: 14, .userRead: 1])
        #expect(world.spend.byDay.values.sorted() == [35_000, 45_000])
    }

    @Test func `own posts read with one's own token cost less`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        try world.post("mine", by: ada)
        try world.post("@ada theirs", by: bob)
        let tokens = try world.grant(ada)
        _ = world.get("/2/users/\(ada)/tweets", as: tokens.access)
        _ = world.get("/2/users/\(ada)/mentions", as: tokens.access)
        #expect(world.spend.total == 2_000)
        _ = world.get("/2/users/\(bob)/tweets", as: tokens.access)
        #expect(world.spend.total == 2_000)
        #expect(world.spend.countByItem == [.ownedRead: 2])
    }

    @Test func `what fails or is not there costs nothing`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.add(XFault(.status(503), path: "/2/users"))
        _ = world.get("/2/users/\(ada)")
        _ = world.get("/2/tweets?ids=1,2,3")
        _ = world.get("/2/users/\(ada)/tweets?max_results=1")
        #expect(world.spend.total == 0)
    }

    @Test func `what is included costs something only if it is set so`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("root", by: ada)
        try world.post(XDraft("quote", quoting: root), by: bob)
        let target =
            "/2/users/\(bob)/tweets?expansions=author_id,referenced_tweets.id,referenced_tweets.id.author_id"
        _ = world.get(target)
        #expect(world.spend.total == 5_000)
        world.settings.money.billsIncludes = true
        _ = world.get(target)
        #expect(world.spend.total == 2 * 5_000 + 2 * 10_000)
    }

    @Test func `at the monthly cap reads stop, with requests left`() throws {
        var (world, ada) = try XWorld.withAda()
        for number in 0..<5 { try world.post("\(number)", by: ada) }
        world.settings.monthlyCap = 5
        #expect(world.get("/2/users/\(ada)/tweets").status == 200)
        let capped = world.get("/2/users/\(ada)/tweets")
        #expect(capped.status == 429)
        #expect(capped.problem == "usage-capped")
        #expect(capped.json?["title"] == "UsageCapExceeded")
        #expect(capped.json?["period"] == "Monthly")
        #expect(capped.json?["scope"] == "Product")
        #expect(capped.remaining == "9998")
        world.settings.capStatus = 403
        #expect(world.get("/2/users/\(ada)/tweets").status == 403)
        world.advance(to: XInstant(year: 2026, month: 10, day: 1))
        #expect(world.get("/2/users/\(ada)/tweets").status == 200)
    }

    @Test func `without credits everything that costs stops`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.post("hello", by: ada)
        world.settings.credits = 5_000
        #expect(world.get("/2/users/\(ada)/tweets").status == 200)
        #expect(world.settings.credits == 0)
        let empty = world.get("/2/users/\(ada)/tweets")
        #expect(empty.status == 402)
        #expect(empty.json?["title"] == "CreditsDepleted")
        #expect(empty.problem == "credits")
        world.settings.namesCreditsPlainly = true
        #expect(world.get("/2/users/\(ada)/tweets").problem == "credits-depleted")
        #expect(world.get("/2/usage/tweets").status == 200)
    }

    @Test func `usage is told in text, by days`() throws {
        var (world, ada) = try XWorld.withAda()
        for number in 0..<3 { try world.post("\(number)", by: ada) }
        _ = world.get("/2/users/\(ada)/tweets")
        world.advance(by: .seconds(86_400))
        _ = world.get("/2/users/\(ada)/tweets")
        let data = world.get("/2/usage/tweets?days=2").data
        #expect(data?["project_usage"] == "6")
        #expect(data?["project_cap"] == "3000000")
        #expect(data?["daily_project_usage"]?["usage"]?.items?.map { $0["usage"] } == ["3", "3"])
        #expect(world.get("/2/usage/tweets?days=91").status == 400)
    }
}
