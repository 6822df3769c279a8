// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct PageTests {
    /// A world where Ada has posted so often, a second apart.
    private func world(_ count: Int, settings: XSettings = XSettings()) throws -> (XWorld, XUserID, [XPostID])
    {
        var (world, ada) = try XWorld.withAda(settings)
        var ids: [XPostID] = []
        for number in 0..<count {
            ids.append(try world.post("post \(number)", by: ada))
            world.advance(by: .seconds(1))
        }
        return (world, ada, ids)
    }

    /// All pages of a list, with the ids of each.
    private func pages(_ world: inout XWorld, _ target: String) -> [[XPostID]] {
        var (pages, token): ([[XPostID]], String?) = ([], nil)
        repeat {
            let reply = world.get(target + (token.map { "&pagination_token=\($0)" } ?? ""))
            #expect(reply.status == 200)
            pages.append(reply.ids)
            token = reply.nextToken
        } while token != nil && pages.count < 100
        return pages
    }

    @Test func `pages go from the newest to the oldest, without gap or double`() throws {
        var (world, ada, ids) = try world(53)
        let pages = pages(&world, "/2/users/\(ada)/tweets?max_results=10")
        #expect(pages.map(\.count) == [10, 10, 10, 10, 10, 3])
        #expect(pages.flatMap(\.self) == ids.reversed())
    }

    @Test func `what is posted while paging does not move the pages`() throws {
        var (world, ada, ids) = try world(20)
        let first = world.get("/2/users/\(ada)/tweets?max_results=10")
        try world.post("meanwhile", by: ada)
        let second = world.get(
            "/2/users/\(ada)/tweets?max_results=10&pagination_token=\(first.nextToken ?? "")")
        #expect(second.ids == ids[..<10].reversed())
    }

    @Test func `since_id and until_id are exclusive, and hold on every page`() throws {
        var (world, ada, ids) = try world(30)
        let pages = pages(
            &world, "/2/users/\(ada)/tweets?max_results=5&since_id=\(ids[4])&until_id=\(ids[20])")
        #expect(pages.flatMap(\.self) == ids[5..<20].reversed())
        #expect(world.get("/2/users/\(ada)/tweets?since_id=\(ids[29])").ids == [])
    }

    @Test func `ids are compared as numbers, not letter by letter`() throws {
        var (world, ada, ids) = try world(3)
        let old = try world.post(XDraft("2018", at: XInstant(year: 2018, month: 5, day: 1)), by: ada)
        #expect(String(old) > String(ids[0]))
        #expect(world.get("/2/users/\(ada)/tweets?since_id=\(old)").ids == ids.reversed())
        #expect(world.get("/2/users/\(ada)/tweets?since_id=44196397").ids == ids.reversed() + [old])
    }

    @Test func `the meta has the newest and the oldest id of its own page, and nothing has neither`() throws {
        var (world, ada, ids) = try world(12)
        let meta = world.get("/2/users/\(ada)/tweets?max_results=5").json?["meta"]
        #expect(meta?["newest_id"]?.id == ids[11])
        #expect(meta?["oldest_id"]?.id == ids[7])
        #expect(meta?["result_count"] == 5)
        let nothing = world.get("/2/users/\(ada)/tweets?since_id=\(ids[11])")
        #expect(nothing.json?.names == ["meta"])
        #expect(nothing.json?["meta"]?.names == ["result_count"])
        #expect(nothing.json?["meta"]?["result_count"] == 0)
    }

    @Test func `since_id of a deleted post is only a number`() throws {
        var (world, ada, ids) = try world(5)
        try world.delete(ids[2])
        #expect(world.get("/2/users/\(ada)/tweets?since_id=\(ids[2])").ids == [ids[4], ids[3]])
    }

    @Test func `the previous token leads back`() throws {
        var (world, ada, ids) = try world(25)
        let target = "/2/users/\(ada)/tweets?max_results=10"
        let first = world.get(target)
        let second = world.get(target + "&pagination_token=\(first.nextToken ?? "")")
        let back = second.json?["meta"]?["previous_token"]?.string
        #expect(world.get(target + "&pagination_token=\(back ?? "")").ids == first.ids)
        #expect(first.ids == ids[15...].reversed())
        #expect(first.json?["meta"]?["previous_token"] == nil)
    }

    @Test func `a token of another list is refused`() throws {
        var (world, ada, _) = try world(25)
        let bob = try world.addUser("bob")
        let token = world.get("/2/users/\(ada)/tweets?max_results=10").nextToken ?? ""
        for target in ["/2/users/\(bob)/tweets", "/2/users/\(ada)/mentions"] {
            #expect(world.get("\(target)?pagination_token=\(token)").status == 400)
        }
        #expect(world.get("/2/users/\(ada)/tweets?exclude=replies&pagination_token=\(token)").status == 400)
    }

    @Test func `an account gives its newest 3,200 posts, 800 without replies, and 800 mentions`() throws {
        var (world, ada, ids) = try world(3_205)
        var pages = pages(&world, "/2/users/\(ada)/tweets?max_results=100")
        #expect(pages.flatMap(\.self) == ids[5...].reversed())
        pages = self.pages(&world, "/2/users/\(ada)/tweets?max_results=100&exclude=replies")
        #expect(pages.flatMap(\.self) == ids[2_405...].reversed())
        let beyond = world.get("/2/users/\(ada)/tweets?until_id=\(ids[5])")
        #expect(beyond.status == 200)
        #expect(beyond.json?.names == ["meta"])
        let bob = try world.addUser("bob")
        for number in 0..<805 { try world.post("@ada \(number)", by: bob) }
        #expect(self.pages(&world, "/2/users/\(ada)/mentions?max_results=100").flatMap(\.self).count == 800)
    }

    @Test func `replies and reposts can be left out`() throws {
        var (world, ada, ids) = try world(2)
        let bob = try world.addUser("bob")
        let theirs = try world.post("theirs", by: bob)
        let reply = try world.post(XDraft("re", inReplyTo: theirs), by: ada)
        let repost = try world.repost(theirs, by: ada)
        #expect(world.get("/2/users/\(ada)/tweets").ids == [repost, reply] + ids.reversed())
        #expect(world.get("/2/users/\(ada)/tweets?exclude=replies,retweets").ids == ids.reversed())
        #expect(world.get("/2/users/\(ada)/tweets?exclude=quotes").status == 400)
        #expect(world.get("/2/users/\(bob)/mentions").ids == [reply])
    }

    @Test func `the size of a page has its bounds on every route`() throws {
        var (world, ada, ids) = try world(1)
        for (target, least) in [
            ("/2/users/\(ada)/tweets?", 5), ("/2/users/\(ada)/mentions?", 5),
            ("/2/tweets/search/recent?query=post&", 10),
            ("/2/tweets/\(ids[0])/quote_tweets?", 10),
        ] {
            #expect(world.get("\(target)max_results=\(least)").status == 200)
            for wrong in ["\(least - 1)", "101", "many"] {
                let reply = world.get("\(target)max_results=\(wrong)")
                #expect(reply.status == 400)
                #expect(reply.json?["errors"]?[0]?["parameters"]?["max_results"]?[0] == .text(wrong))
            }
        }
    }

    @Test func `times and ids of one end do not go together`() throws {
        var (world, ada, ids) = try world(10)
        let sentence =
            "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'."
        for parameters in [
            "since_id=\(ids[1])&start_time=2026-09-01T12:00:00Z",
            "until_id=\(ids[1])&end_time=2026-09-01T12:00:00Z",
        ] {
            #expect(world.get("/2/users/\(ada)/tweets?\(parameters)").message == sentence)
        }
        let window = "start_time=2026-09-01T12:00:02Z&end_time=2026-09-01T12:00:05Z"
        #expect(world.get("/2/users/\(ada)/tweets?\(window)").ids == ids[2..<5].reversed())
    }

    @Test func `a short page is not the last, and the last may lead to an empty one`() throws {
        var settings = XSettings()
        settings.postsPerPage = 3
        settings.endsWithEmptyPage = true
        var (world, ada, ids) = try world(7, settings: settings)
        let pages = pages(&world, "/2/users/\(ada)/tweets?max_results=100")
        #expect(pages.map(\.count) == [3, 3, 1, 0])
        #expect(pages.flatMap(\.self) == ids.reversed())
    }

    @Test func `timelines show the newest version of an edited post only`() throws {
        var (world, ada, ids) = try world(3)
        let edited = try world.edit(ids[1], text: "better")
        #expect(world.get("/2/users/\(ada)/tweets").ids == [edited, ids[2], ids[0]])
    }

    @Test func `quotes come in pages without ids in their meta`() throws {
        var (world, ada, ids) = try world(1)
        let bob = try world.addUser("bob")
        var quotes: [XPostID] = []
        for number in 0..<12 { quotes.append(try world.post(XDraft("\(number)", quoting: ids[0]), by: bob)) }
        let reply = world.get("/2/tweets/\(ids[0])/quote_tweets")
        #expect(reply.json?["meta"]?.names == ["next_token", "result_count"])
        #expect(
            pages(&world, "/2/tweets/\(ids[0])/quote_tweets?max_results=10").flatMap(\.self)
                == quotes.reversed())
        #expect(world.get("/2/tweets/\(ids[0])/quote_tweets?since_id=1").status == 400)
        #expect(world.get("/2/users/\(ada)/tweets").json?["meta"]?["result_count"] == 1)
    }
}
