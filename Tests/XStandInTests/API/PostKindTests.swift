// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct PostKindTests {
    private let everything =
        "tweet.fields=attachments,author_id,conversation_id,created_at,display_text_range,edit_controls,entities,"
        + "in_reply_to_user_id,lang,note_tweet,referenced_tweets&media.fields=alt_text,duration_ms,height,preview_image_url,"
        + "public_metrics,type,url,variants,width&poll.fields=duration_minutes,end_datetime,voting_status"
        + "&expansions=attachments.media_keys,attachments.poll_ids,author_id"

    @Test func `text is escaped, and offsets count code points of what is served`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.addUser("bob")
        let id = try world.post("👩‍👩‍👧 1 < 2 & @bob #Größe https://example.org", by: ada)
        let data = try #require(world.get("/2/tweets/\(id)?\(everything)").data)
        let text = try #require(data["text"]?.string)
        #expect(text.hasPrefix("👩‍👩‍👧 1 &lt; 2 &amp; @bob #Größe https://t.co/"))
        let entities = try #require(data["entities"])
        for (list, wanted) in [("mentions", "@bob"), ("hashtags", "#Größe")] {
            #expect(piece(text, entities[list]?[0]) == wanted)
        }
        #expect(piece(text, entities["urls"]?[0]) == entities["urls"]?[0]?["url"]?.string)
        #expect(entities["urls"]?[0]?["expanded_url"] == "https://example.org")
        #expect(entities["urls"]?[0]?["display_url"] == "example.org")
        #expect(entities["mentions"]?[0]?["id"]?.id == world.user(named: "bob")?.id)
        world.settings.hasWrongOffsets = true
        let wrong = world.get("/2/tweets/\(id)?\(everything)").data
        #expect(piece(text, wrong?["entities"]?["mentions"]?[0]) != "@bob")
    }

    @Test func `a handle is not found within another, nor within a word or a link`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.addUser("bob")
        let id = try world.post("@bobby a@bob https://x.test/@bob @bob. @nobody #1 #a1 $TSLA US$5", by: ada)
        let entities = world.get("/2/tweets/\(id)?tweet.fields=entities").data?["entities"]
        #expect(entities?["mentions"]?.items?.map { $0["username"] } == ["bobby", "bob", "nobody"])
        #expect(entities?["mentions"]?.items?.map { $0["id"] != nil } == [false, true, false])
        #expect(entities?["hashtags"]?.items?.map { $0["tag"] } == ["a1"])
        #expect(entities?["cashtags"]?.items?.map { $0["tag"] } == ["TSLA"])
    }

    @Test func `a long post has its beginning as text and the rest in a note`() throws {
        var (world, ada) = try XWorld.withAda()
        let text = (0..<100).map { "word\($0)" }.joined(separator: " ") + " #last"
        let id = try world.post(text, by: ada)
        let data = try #require(world.get("/2/tweets/\(id)?\(everything)").data)
        #expect(data["note_tweet"]?["text"] == .text(text))
        #expect(data["note_tweet"]?["entities"]?["hashtags"]?[0]?["tag"] == "last")
        #expect(data["entities"] == nil)
        #expect((data["text"]?.string?.unicodeScalars.count ?? 0) < 280)
        #expect(data["text"]?.string?.hasSuffix("…") == true)
        #expect(world.get("/2/tweets/\(id)").data?["note_tweet"] == nil)
        #expect(world.get("/2/tweets/\(id)?post.fields=note_post").data?["note_post"]?["text"] == .text(text))
    }

    @Test func `a link counts as 23 code points`() throws {
        var (world, ada) = try XWorld.withAda()
        let long = "https://example.org/" + String(repeating: "p", count: 300)
        #expect(try world.posts[world.post(long, by: ada)]?.longText == nil)
        let text = String(repeating: "x", count: 256) + " https://example.org"
        #expect(try world.posts[world.post(text, by: ada)]?.longText == nil)
        #expect(try world.posts[world.post("x" + text, by: ada)]?.longText != nil)
    }

    @Test func `four photos share one link at the end, and each has its entry`() throws {
        var (world, ada) = try XWorld.withAda()
        var keys: [String] = []
        for number in 0..<4 { keys.append(try world.addMedia(XMediaDraft(altText: "photo \(number)"))) }
        let id = try world.post(XDraft("four", mediaKeys: keys), by: ada)
        let reply = world.get("/2/tweets/\(id)?\(everything)")
        let urls = try #require(reply.data?["entities"]?["urls"]?.items)
        #expect(urls.map { $0["media_key"] } == keys.map { .text($0) })
        #expect(Set(urls.map { $0["url"] }).count == 1)
        #expect(Set(urls.map { $0["start"] }).count == 1)
        #expect(reply.data?["text"]?.string?.hasSuffix(urls[0]["url"]?.string ?? "-") == true)
        #expect(reply.data?["attachments"]?["media_keys"]?.items?.count == 4)
        let media = try #require(reply.json?["includes"]?["media"]?.items)
        #expect(media.map { $0["alt_text"] } == ["photo 0", "photo 1", "photo 2", "photo 3"])
        #expect(media.allSatisfy { $0["url"]?.string?.hasPrefix("http://x.test/media/") == true })
        #expect(media.allSatisfy { $0["media_key"]?.string?.hasPrefix("3_") == true })
    }

    @Test func `a film has a list without bit rate and the best file in the middle; a GIF has bit rate 0`()
        throws
    {
        var (world, ada) = try XWorld.withAda()
        let film = try world.addMedia(XMediaDraft(.video, width: 1_280, height: 720))
        let gif = try world.addMedia(XMediaDraft(.animatedGIF))
        let id = try world.post(XDraft("moving", mediaKeys: [film, gif]), by: ada)
        let media = try #require(
            world.get("/2/tweets/\(id)?\(everything)").json?["includes"]?["media"]?.items)
        let variants = try #require(media[0]["variants"]?.items)
        #expect(variants[0]["content_type"] == "application/x-mpegURL")
        #expect(variants[0]["bit_rate"] == nil)
        #expect(variants.dropFirst().map { $0["bit_rate"] } == [632_000, 2_176_000, 950_000])
        #expect(media[0]["duration_ms"] == 12_000)
        #expect(media[0]["url"] == nil)
        #expect(media[0]["preview_image_url"] != nil)
        #expect(media[1]["type"] == "animated_gif")
        #expect(media[1]["variants"]?[0]?["bit_rate"] == 0)
    }

    @Test func `a poll is open until it ends`() throws {
        var (world, ada) = try XWorld.withAda()
        var draft = XDraft("which?")
        draft.pollOptions = ["one", "two & three"]
        draft.pollMinutes = 60
        let id = try world.post(draft, by: ada)
        try world.vote(1, in: id, times: 7)
        let poll = world.get("/2/tweets/\(id)?\(everything)").json?["includes"]?["polls"]?[0]
        #expect(poll?["options"]?.items?.map { $0["label"] } == ["one", "two & three"])
        #expect(poll?["options"]?.items?.map { $0["votes"] } == [0, 7])
        #expect(poll?["options"]?.items?.map { $0["position"] } == [1, 2])
        #expect(poll?["voting_status"] == "open")
        #expect(poll?["end_datetime"] == "2026-09-01T13:00:00.000Z")
        world.advance(by: .seconds(3_600))
        #expect(
            world.get("/2/tweets/\(id)?\(everything)").json?["includes"]?["polls"]?[0]?["voting_status"]
                == "closed")
    }

    @Test func `every version knows the whole chain and can be read by itself`() throws {
        var (world, ada) = try XWorld.withAda()
        let first = try world.post("teh", by: ada)
        world.advance(by: .seconds(60))
        let second = try world.edit(first, text: "the")
        for (id, text) in [(first, "teh"), (second, "the")] {
            let data = world.get("/2/tweets/\(id)?\(everything)").data
            #expect(data?["text"] == .text(text))
            #expect(data?["edit_history_tweet_ids"]?.items?.map(\.id) == [first, second])
            #expect(data?["edit_controls"]?["edits_remaining"] == 4)
            #expect(data?["edit_controls"]?["editable_until"] == "2026-09-01T13:00:00.000Z")
        }
        let reply = world.get("/2/tweets/\(second)?expansions=edit_history_tweet_ids")
        #expect(reply.json?["includes"]?["tweets"]?[0]?["id"]?.id == first)
    }

    @Test func `the handle a reply begins with is not shown`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("root", by: ada)
        let reply = try world.post(XDraft("yes", inReplyTo: root), by: bob)
        let data = world.get("/2/tweets/\(reply)?\(everything)").data
        #expect(data?["text"] == "@ada yes")
        #expect(data?["display_text_range"] == [5, 8])
        #expect(data?["in_reply_to_user_id"]?.id == ada)
        #expect(data?["conversation_id"]?.id == root)
    }

    @Test func `a profile has a t.co link, its target, and the rest on request`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.change(ada) { user in
            user.bio = "Maths & engines with @babbage"
            user.website = "https://example.org/ada"
            user.bannerURL = "https://x.test/banner"
        }
        let data = world.get(
            "/2/users/\(ada)?user.fields=description,url,entities,profile_image_url,profile_banner_url,created_at,verified_type"
        ).data
        #expect(data?["description"] == "Maths &amp; engines with @babbage")
        #expect(data?["url"]?.string?.hasPrefix("https://t.co/") == true)
        #expect(data?["entities"]?["url"]?["urls"]?[0]?["expanded_url"] == "https://example.org/ada")
        #expect(data?["entities"]?["description"]?["mentions"]?[0]?["username"] == "babbage")
        #expect(data?["profile_image_url"]?.string?.hasSuffix("_normal.png") == true)
        #expect(data?["verified_type"] == "none")
    }

    /// What stands between the offsets of an entity.
    private func piece(_ text: String, _ entity: JSON?) -> String? {
        guard let start = entity?["start"]?.integer, let end = entity?["end"]?.integer else { return nil }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.dropFirst(Int(start)).prefix(Int(end - start))))
    }
}
