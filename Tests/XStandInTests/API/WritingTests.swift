// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct WritingTests {
    private let scopes: Set<String> = ["tweet.read", "tweet.write", "users.read"]

    @Test func `a post is made, answered in the old words, and billed`() throws {
        var (world, ada) = try XWorld.withAda()
        let token = try world.grant(ada, scopes: scopes).access
        world.settings.vocabulary = .postOnly
        let reply = world.send("POST", "/2/tweets", ["text": "hello & welcome"], as: token)
        #expect(reply.status == 201)
        let id = try #require(reply.ids.first)
        #expect(reply.data?.names == ["id", "text", "edit_history_tweet_ids"])
        #expect(reply.data?["text"] == "hello &amp; welcome")
        #expect(world.posts[id]?.author == ada)
        #expect(world.spend.total == 15_000)
        #expect(world.send("POST", "/2/tweets", ["text": "see https://example.org"], as: token).status == 201)
        #expect(world.spend.total == 215_000)
        #expect(world.spend.countByItem == [.postCreate: 1, .postCreateWithURL: 1])
    }

    @Test func `it needs a user's token with the scope to write`() throws {
        var (world, ada) = try XWorld.withAda()
        #expect(world.send("POST", "/2/tweets", ["text": "x"]).problem == "unsupported-authentication")
        let reading = try world.grant(ada).access
        #expect(world.send("POST", "/2/tweets", ["text": "x"], as: reading).status == 403)
        #expect(world.send("DELETE", "/2/tweets/1").status == 403)
        #expect(world.postCount == 0)
        #expect(world.spend.total == 0)
    }

    @Test func `the same text twice is refused`() throws {
        var (world, ada) = try XWorld.withAda()
        let token = try world.grant(ada, scopes: scopes).access
        #expect(world.send("POST", "/2/tweets", ["text": "once"], as: token).status == 201)
        let again = world.send("POST", "/2/tweets", ["text": "once"], as: token)
        #expect(again.status == 403)
        #expect(again.json?["detail"] == "You are not allowed to create a Tweet with duplicate content.")
        #expect(world.postCount == 1)
    }

    @Test func `replies, quotes, polls, media and edits are made from their fields`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("root", by: bob)
        let key = try world.addMedia(XMediaDraft())
        let token = try world.grant(ada, scopes: scopes).access
        let reply = world.send(
            "POST", "/2/tweets", ["text": "re", "reply": ["in_reply_to_tweet_id": .text("\(root)")]],
            as: token)
        #expect(world.posts[reply.ids.first ?? 0]?.reference(.repliedTo) == root)
        let quote = world.send(
            "POST", "/2/tweets", ["text": "qu", "quote_tweet_id": .text("\(root)")], as: token)
        #expect(world.posts[quote.ids.first ?? 0]?.reference(.quoted) == root)
        let poll = world.send(
            "POST", "/2/tweets", ["text": "po", "poll": ["options": ["a", "b"], "duration_minutes": 5]],
            as: token)
        #expect(world.posts[poll.ids.first ?? 0]?.poll?.minutes == 5)
        let media = world.send(
            "POST", "/2/tweets", ["text": "me", "media": ["media_ids": [.text(String(key.dropFirst(2)))]]],
            as: token)
        #expect(world.posts[media.ids.first ?? 0]?.mediaKeys == [key])
        let edit = world.send(
            "POST", "/2/tweets",
            ["text": "edited", "edit_options": ["previous_post_id": .text("\(quote.ids.first ?? 0)")]],
            as: token)
        #expect(edit.status == 201)
        #expect(world.posts[edit.ids.first ?? 0]?.versions.count == 2)
    }

    @Test(
        arguments: [
            ["text": ""], ["text": "x", "nonsense": 1],
            ["text": "x", "poll": ["options": ["a"], "duration_minutes": 5]],
            ["text": "x", "media": ["media_ids": ["1"]]], [1],
        ] as [JSON])
    func `bodies that make no sense are refused`(body: JSON) throws {
        var (world, ada) = try XWorld.withAda()
        let token = try world.grant(ada, scopes: scopes).access
        #expect(world.send("POST", "/2/tweets", body, as: token).status == 400)
        #expect(world.spend.total == 0)
    }

    @Test func `a post is deleted by its author only`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let id = try world.post("hello", by: ada)
        let (theirs, ours) = (
            try world.grant(bob, scopes: scopes).access, try world.grant(ada, scopes: scopes).access
        )
        #expect(world.send("DELETE", "/2/tweets/\(id)", as: theirs).status == 403)
        let reply = world.send("DELETE", "/2/tweets/\(id)", as: ours)
        #expect(reply.status == 200)
        #expect(reply.data?["deleted"] == true)
        #expect(world.spend.byItem == [.postDelete: 10_000])
        #expect(world.get("/2/tweets/\(id)").ids == [])
        #expect(world.send("DELETE", "/2/tweets/\(id)", as: ours).data?["deleted"] == false)
    }

    @Test func `a hundred posts in fifteen minutes, then no more`() throws {
        var (world, ada) = try XWorld.withAda()
        let token = try world.grant(ada, scopes: scopes).access
        for number in 0..<100 {
            #expect(world.send("POST", "/2/tweets", ["text": .text("\(number)")], as: token).status == 201)
        }
        #expect(world.send("POST", "/2/tweets", ["text": "more"], as: token).status == 429)
    }

    @Test func `self-serve accounts answer only who named them, and do not quote`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let (stranger, summons) = (try world.post("hello", by: bob), try world.post("@ada hello", by: bob))
        let token = try world.grant(ada, scopes: scopes).access
        world.settings.isSelfServe = true
        func reply(_ id: XPostID) -> Int {
            world.send(
                "POST", "/2/tweets", ["text": "re", "reply": ["in_reply_to_tweet_id": .text("\(id)")]],
                as: token
            ).status
        }
        #expect(reply(stranger) == 403)
        #expect(reply(summons) == 201)
        #expect(
            world.send("POST", "/2/tweets", ["text": "qu", "quote_tweet_id": .text("\(summons)")], as: token)
                .status == 403)
    }
}
