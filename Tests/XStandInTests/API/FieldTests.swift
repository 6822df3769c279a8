// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct FieldTests {
    @Test func `only the default fields come unless others are asked for`() throws {
        var (world, ada) = try XWorld.withAda()
        let key = try world.addMedia(XMediaDraft(altText: "a square"))
        let id = try world.post(XDraft("hello", mediaKeys: [key]), by: ada)
        #expect(world.get("/2/tweets/\(id)").data?.names == ["id", "text", "edit_history_tweet_ids"])
        #expect(world.get("/2/users/\(ada)").data?.names == ["id", "name", "username"])
        let reply = world.get("/2/tweets/\(id)?expansions=attachments.media_keys,author_id")
        #expect(reply.data?.names.contains("attachments") == true)
        #expect(reply.data?["author_id"]?.id == ada)
        #expect(reply.json?["includes"]?["media"]?[0]?.names == ["media_key", "type"])
        #expect(reply.json?["includes"]?["users"]?[0]?.names == ["id", "name", "username"])
    }

    @Test func `without an expansion nothing is included`() throws {
        var (world, ada) = try XWorld.withAda()
        let root = try world.post("root", by: ada)
        let quote = try world.post(XDraft("quote", quoting: root), by: ada)
        let reply = world.get("/2/tweets/\(quote)?tweet.fields=referenced_tweets,author_id")
        #expect(reply.data?["referenced_tweets"]?[0]?["type"] == "quoted")
        #expect(reply.json?["includes"] == nil)
    }

    @Test func `media of a quoted post come only with the nested expansion`() throws {
        var (world, ada) = try XWorld.withAda()
        let key = try world.addMedia(XMediaDraft())
        let root = try world.post(XDraft("root", mediaKeys: [key]), by: ada)
        let quote = try world.post(XDraft("quote", quoting: root), by: ada)
        let plain = world.get("/2/tweets/\(quote)?expansions=referenced_tweets.id,attachments.media_keys")
        #expect(plain.json?["includes"]?["tweets"]?[0]?["id"]?.id == root)
        #expect(plain.json?["includes"]?["media"] == nil)
        let nested = world.get(
            "/2/tweets/\(quote)?expansions=referenced_tweets.id.attachments.media_keys&media.fields=url,width,height,alt_text"
        )
        #expect(nested.json?["includes"]?["media"]?[0]?["media_key"] == .text(key))
        #expect(nested.json?["includes"]?["media"]?[0]?["width"] == 64)
    }

    @Test func `a field that there is not is refused by name`() throws {
        var (world, ada) = try XWorld.withAda()
        let reply = world.get("/2/users/\(ada)/tweets?tweet.fields=created_at,nonsense")
        #expect(reply.status == 400)
        #expect(reply.problem == "invalid-request")
        #expect(reply.json?["errors"]?[0]?["parameters"]?["tweet.fields"]?[0] == "nonsense")
        #expect(world.get("/2/users/\(ada)/tweets?made_up=1").status == 400)
        #expect(reply[header: "content-type"] == "application/problem+json")
    }

    @Test func `times are told to the millisecond and metrics by their names`() throws {
        var (world, ada) = try XWorld.withAda()
        let id = try world.post("hello", by: ada)
        let data = world.get("/2/tweets/\(id)?tweet.fields=created_at,public_metrics,edit_controls").data
        #expect(data?["created_at"] == "2026-09-01T12:00:00.000Z")
        #expect(
            data?["public_metrics"]?.names
                == [
                    "retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count",
                    "impression_count",
                ])
        #expect(data?["edit_controls"]?["editable_until"] == "2026-09-01T13:00:00.000Z")
        #expect(data?["edit_controls"]?["edits_remaining"] == 5)
    }
}

@Suite struct VocabularyTests {
    @Test func `the request decides the words of the answer`() throws {
        var (world, ada) = try XWorld.withAda()
        let root = try world.post("root", by: ada)
        let quote = try world.post(XDraft("quote", quoting: root), by: ada)
        for expansion in ["referenced_posts", "referenced_posts.id"] {
            let new = world.get("/2/tweets/\(quote)?post.fields=public_metrics&expansions=\(expansion)")
            #expect(new.data?.names.contains("edit_history_post_ids") == true)
            #expect(new.data?["referenced_posts"]?[0]?["id"]?.id == root)
            #expect(new.data?["public_metrics"]?["repost_count"] == 0)
            #expect(new.json?["includes"]?["posts"]?[0]?["id"]?.id == root)
        }
        let old = world.get("/2/tweets/\(quote)?tweet.fields=public_metrics&expansions=referenced_tweets.id")
        #expect(old.data?["edit_history_tweet_ids"]?[0]?.id == quote)
        #expect(old.data?["public_metrics"]?["retweet_count"] == 0)
        #expect(old.json?["includes"]?["tweets"]?[0]?["id"]?.id == root)
    }

    @Test func `users are told of tweet_count in both words, unless X does what it says`() throws {
        var (world, ada) = try XWorld.withAda()
        let target = "/2/users/\(ada)?user.fields=public_metrics&post.fields=text"
        #expect(world.get(target).data?["public_metrics"]?["tweet_count"] == 0)
        world.settings.keepsTweetCount = false
        #expect(world.get(target).data?["public_metrics"]?["post_count"] == 0)
    }

    @Test(arguments: ["tweet.fields=created_at", "expansions=referenced_tweets.id", "post.fields=note_tweet"])
    func `where only posts are known, old words are refused by name`(parameters: String) throws {
        var (world, ada) = try XWorld.withAda()
        world.settings.vocabulary = .postOnly
        let reply = world.get("/2/users/\(ada)/tweets?\(parameters)")
        #expect(reply.status == 400)
        #expect(reply.json?["type"] == "https://api.x.com/2/problems/invalid-request")
        let name = parameters.split(separator: "=").first.map(String.init) ?? ""
        #expect(reply.json?["errors"]?[0]?["parameters"]?.names == [name])
        #expect(reply.message?.contains(name) == true)
        try world.post("hello", by: ada)
        let new = world.get("/2/users/\(ada)/tweets?post.fields=created_at&expansions=author_id")
        #expect(new.first?["edit_history_post_ids"] != nil)
    }

    @Test func `where only tweets are known, new words are refused`() throws {
        var (world, ada) = try XWorld.withAda()
        world.settings.vocabulary = .tweetOnly
        #expect(world.get("/2/users/\(ada)/tweets?post.fields=created_at").status == 400)
        #expect(world.get("/2/users/\(ada)/tweets?expansions=referenced_posts.id").status == 400)
        #expect(world.get("/2/users/\(ada)/tweets?tweet.fields=created_at").status == 200)
    }
}
