// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct SearchTests {
    private func search(_ world: inout XWorld, _ query: String, _ more: String = "") -> XReply {
        world.get("/2/tweets/search/recent?query=\(Escapes.escape(query))&max_results=100\(more)")
    }

    @Test func `operators find what they say`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("Nostr #bridge $BTC https://example.org/path", by: ada)
        let mention = try world.post("hello @ada", by: bob)
        let reply = try world.post(XDraft("so it is", inReplyTo: root), by: bob)
        let quote = try world.post(XDraft("this", quoting: root), by: bob)
        let repost = try world.repost(root, by: bob)
        world.advance(by: .seconds(60))
        for (query, expected) in [
            ("from:ada", [root]), ("from:44196397", [root]), ("from:@ADA", [root]),
            ("@ada", [mention, reply]),
            ("to:ada", [reply]), ("from:bob is:retweet", [repost]),
            ("from:bob -is:retweet", [mention, reply, quote]),
            ("quotes_of_tweet_id:\(root)", [quote]), ("in_reply_to_tweet_id:\(root)", [reply]),
            ("conversation_id:\(root)", [root, reply]), ("retweets_of:ada", [repost]),
            ("url:\"example.org\"", [root]),
            ("url:x.com", [quote]), ("#BRIDGE", [root]), ("$btc", [root]), ("nostr", [root]),
            ("\"so it\"", [reply]),
            ("hello OR this", [mention, quote]),
            ("(from:ada OR from:bob) -this -is:retweet", [root, mention, reply]),
            ("from:bob -(this OR hello) -is:retweet", [reply]),
            ("(@ada OR to:ada OR from:ada) -is:retweet", [root, mention, reply]),
            ("from:bob is:quote", [quote]), ("from:bob is:reply", [reply]), ("from:ada has:links", [root]),
            ("from:nobody", []),
        ] {
            #expect(search(&world, query).ids == expected.reversed(), "\(query)")
        }
    }

    @Test(arguments: [
        "-is:retweet", "is:reply", "from:ada OR is:retweet", "(from:ada", "from:ada)", "from:", "from:a/b",
        "OR from:ada",
        "from:ada OR", "\"open", "-from:ada", "made_up:1", "quotes_of_tweet_id:abc", "()", "-",
    ])
    func `queries that X does not take are refused`(query: String) throws {
        var (world, _) = try XWorld.withAda()
        let reply = search(&world, query)
        #expect(reply.status == 400)
        #expect(reply.json?["errors"]?[0]?["parameters"]?["query"]?[0] == .text(query))
    }

    @Test func `a query has 512 code points at most`() throws {
        var (world, _) = try XWorld.withAda()
        let fitting = "from:ada " + String(repeating: "x", count: 503)
        #expect(fitting.count == 512)
        #expect(search(&world, fitting).status == 200)
        #expect(search(&world, fitting + "x").status == 400)
        world.settings.queryLength = 1_024
        #expect(search(&world, fitting + "x").status == 200)
    }

    @Test func `seven handles of fifteen letters fit as mention, reply and author, and twelve quoted posts`()
        throws
    {
        var (world, _) = try XWorld.withAda()
        func combined(_ count: Int) -> String {
            let terms = (0..<count).flatMap { number -> [String] in
                let handle = "handle_letters\(number)"
                return ["@\(handle)", "to:\(handle)", "from:\(handle)"]
            }
            return "(" + terms.joined(separator: " OR ") + ") -is:retweet"
        }
        #expect(search(&world, combined(7)).status == 200)
        #expect(search(&world, combined(8)).status == 400)
        func quotes(_ count: Int) -> String {
            (0..<count).map { "quotes_of_tweet_id:\(2_083_157_183_716_917_248 + UInt64($0))" }.joined(
                separator: " OR ")
        }
        #expect(search(&world, quotes(12)).status == 200)
        #expect(search(&world, quotes(13)).status == 400)
    }

    @Test func `a post can be searched for after thirty seconds`() throws {
        var (world, ada) = try XWorld.withAda()
        let id = try world.post("fresh", by: ada)
        let later = try world.post("fresh in the same millisecond", by: ada)
        world.advance(by: .seconds(29))
        #expect(search(&world, "fresh").ids == [])
        world.advance(by: .seconds(1))
        #expect(search(&world, "fresh").ids == [later, id])
    }

    @Test func `whoever asks for what is older than seven days is told from where on`() throws {
        var (world, ada) = try XWorld.withAda()
        let old = try world.post("old", by: ada)
        world.advance(by: .seconds(7 * 86_400 + 10))
        let reply = search(&world, "old", "&since_id=\(old)")
        #expect(reply.status == 400)
        let first = Snowflake.firstID(at: world.now - .seconds(604_800))
        #expect(
            reply.message
                == "'since_id' must be a tweet id created after 2026-09-01T12:00Z. Please use a 'since_id' that is larger than \(first)"
        )
        #expect(reply.json?["detail"] == "One or more parameters to your request was invalid.")
        #expect(search(&world, "old", "&since_id=\(first)").status == 200)
        #expect(search(&world, "old", "&until_id=\(old)").status == 400)
        #expect(search(&world, "old", "&start_time=2026-09-01T12:00:00Z").status == 400)
        #expect(search(&world, "old").ids == [])
    }

    @Test func `the end of a search is ten seconds past at least`() throws {
        var (world, ada) = try XWorld.withAda()
        let id = try world.post("fresh", by: ada)
        world.advance(by: .seconds(12))
        #expect(search(&world, "fresh", "&end_time=2026-09-01T12:00:02Z").ids == [id])
        #expect(search(&world, "fresh", "&end_time=2026-09-01T12:00:03Z").status == 400)
    }

    @Test func `words, handles and tags find no reposts, and protected accounts are not found`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("word @bob #tag", by: ada)
        let repost = try world.repost(root, by: bob)
        world.advance(by: .seconds(60))
        for query in ["word", "@bob", "#tag"] { #expect(search(&world, query).ids == [root]) }
        #expect(search(&world, "from:bob").ids == [repost])
        try world.change(ada) { $0.isProtected = true }
        #expect(search(&world, "word").ids == [])
    }

    @Test func `both names of the token are taken`() throws {
        var (world, ada) = try XWorld.withAda()
        for number in 0..<30 { try world.post("word \(number)", by: ada) }
        world.advance(by: .seconds(60))
        let first = world.get("/2/tweets/search/recent?query=word")
        #expect(first.ids.count == 10)
        let token = first.nextToken ?? ""
        let second = world.get("/2/tweets/search/recent?query=word&next_token=\(token)")
        #expect(second.ids == world.get("/2/tweets/search/recent?query=word&pagination_token=\(token)").ids)
        #expect(second.ids.allSatisfy { $0 < first.ids[9] })
        #expect(world.get("/2/tweets/search/recent?query=other&next_token=\(token)").status == 400)
    }
}
