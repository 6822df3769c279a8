// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct PostingTests {
    @Test func `ids follow the clock and only go up`() throws {
        var (world, ada) = try XWorld.withAda()
        var last: XPostID = 0
        for step in 0..<50 {
            let id = try world.post("post \(step)", by: ada)
            #expect(id > last)
            #expect(Snowflake.instant(of: id) == world.now)
            last = id
            if step % 7 == 0 { world.advance(by: .milliseconds(1)) }
        }
    }

    @Test func `a post of the past stands where it belongs`() throws {
        var (world, ada) = try XWorld.withAda()
        let new = try world.post("new", by: ada)
        let old = try world.post(XDraft("old", at: world.now - .seconds(60)), by: ada)
        #expect(old < new)
        #expect(world.index.byAuthor[ada] == [old, new])
        let eighteenDigits = try world.post(
            XDraft("2018", at: XInstant(year: 2018, month: 5, day: 1)), by: ada)
        #expect(String(eighteenDigits).count == 18)
        #expect(world.index.byAuthor[ada]?.first == eighteenDigits)
    }

    @Test func `a post of the future is one of now, and ids stay their own`() throws {
        var (world, ada) = try XWorld.withAda()
        var ids: Set<XPostID> = []
        for number in 0..<20 {
            let at = number % 2 == 0 ? world.now + .seconds(60) : world.now
            ids.insert(try world.post(XDraft("post \(number)", at: number % 3 == 0 ? nil : at), by: ada))
        }
        #expect(ids.count == 20)
        #expect(world.posts.values.allSatisfy { $0.createdAt == world.now })
        let repost = try world.repost(try #require(ids.first), by: ada, at: world.now - .seconds(5))
        #expect(world.posts[repost].map { Snowflake.instant(of: $0.id) } == world.now - .seconds(5))
        #expect(world.posts[repost]?.createdAt == world.now - .seconds(5))
    }

    @Test func `links become t.co links, and lead back`() throws {
        var (world, ada) = try XWorld.withAda()
        let id = try world.post("see https://example.org/a?b=1, and http://b.test.", by: ada)
        let post = try #require(world.posts[id])
        #expect(post.links.map(\.expanded) == ["https://example.org/a?b=1", "http://b.test"])
        #expect(
            post.text == "see https://t.co/\(post.links[0].code), and https://t.co/\(post.links[1].code).")
        #expect(world.links[post.links[0].code] == "https://example.org/a?b=1")
    }

    @Test func `a reply names whom it answers, belongs to the conversation and counts`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("question", by: ada)
        let answer = try world.post(XDraft("answer", inReplyTo: root), by: bob)
        let further = try world.post(XDraft("@bob thanks", inReplyTo: answer), by: ada)
        #expect(world.posts[answer]?.text == "@ada answer")
        #expect(world.posts[further]?.text == "@bob thanks")
        #expect(world.posts[further]?.conversation == root)
        #expect(world.posts[answer]?.inReplyToUser == ada)
        #expect(world.posts[root]?.metrics.replies == 1)
        #expect(world.index.byConversation[root] == [root, answer, further])
        #expect(world.index.mentioning[ada] == [answer])
    }

    @Test func `a repost has the beginning of the text, 140 code points at most`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let long = String(repeating: "wörd ", count: 50)
        let original = try world.post(long, by: ada)
        let repost = try world.repost(original, by: bob)
        let post = try #require(world.posts[repost])
        #expect(post.text.hasPrefix("RT @ada: wörd"))
        #expect(post.text.unicodeScalars.count == 140)
        #expect(post.text.hasSuffix("…"))
        #expect(post.reference(.reposted) == original)
        #expect(world.posts[original]?.metrics.reposts == 1)
        #expect(try world.posts[world.repost(repost, by: ada)]?.reference(.reposted) == original)
    }

    @Test func `a quote ends with a link to what it quotes`() throws {
        var (world, ada) = try XWorld.withAda()
        let original = try world.post("original", by: ada)
        let quote = try world.post(XDraft("look", quoting: original), by: ada)
        let post = try #require(world.posts[quote])
        #expect(post.links.last?.expanded == "https://x.com/ada/status/\(original)")
        #expect(post.text == "look https://t.co/\(post.links[0].code)")
        #expect(world.index.quoting[original] == [quote])
    }

    @Test func `an edit is a new post that takes the old one's place, five times at most`() throws {
        var (world, ada) = try XWorld.withAda()
        var id = try world.post("version 0", by: ada)
        let first = id
        for version in 1...5 {
            world.advance(by: .seconds(60))
            id = try world.edit(id, text: "version \(version)")
            #expect(world.index.byAuthor[ada] == [id])
            #expect(world.posts[id]?.conversation == first)
        }
        #expect(world.posts[first]?.versions.count == 6)
        #expect(world.posts[first]?.text == "version 0")
        #expect(throws: XRefusal.notEditable) { try world.edit(id, text: "version 6") }
        #expect(throws: XRefusal.notEditable) { try world.edit(first, text: "an old version") }
    }

    @Test func `polls, reposts, replies to others and old posts cannot be edited`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("root", by: ada)
        var poll = XDraft("which?")
        poll.pollOptions = ["a", "b"]
        let ids = [
            try world.post(poll, by: ada), try world.repost(root, by: bob),
            try world.post(XDraft("re", inReplyTo: root), by: bob),
        ]
        for id in ids { #expect(throws: XRefusal.notEditable) { try world.edit(id, text: "other") } }
        let own = try world.post(XDraft("more", inReplyTo: root), by: ada)
        #expect(throws: Never.self) { try world.edit(own, text: "more!") }
        world.advance(by: .seconds(3_600))
        #expect(throws: XRefusal.notEditable) { try world.edit(root, text: "late") }
    }

    @Test func `deleting one version deletes them all, and the reposts`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let first = try world.post("one", by: ada)
        let second = try world.edit(first, text: "two")
        let repost = try world.repost(second, by: bob)
        let quote = try world.post(XDraft("see", quoting: second), by: bob)
        try world.delete(first)
        #expect(world.posts[first] == nil && world.posts[second] == nil && world.posts[repost] == nil)
        #expect(world.posts[quote] != nil)
        #expect(world.index.all == [quote])
        #expect(throws: XRefusal.noSuchPost) { try world.delete(second) }
    }

    @Test func `everything has a bound, and what does not fit is refused`() throws {
        var limits = XStandInLimits()
        limits.posts = 2
        limits.users = 1
        limits.mediaBytes = 100
        limits.faults = 1
        var (world, ada) = try XWorld.withAda(limits: limits)
        #expect(throws: XRefusal.full) { try world.addUser("bob") }
        try world.post("1", by: ada)
        let last = try world.post("2", by: ada)
        #expect(throws: XRefusal.full) { try world.post("3", by: ada) }
        #expect(throws: XRefusal.full) { try world.edit(last, text: "3") }
        #expect(throws: XRefusal.full) { try world.repost(last, by: ada) }
        #expect(throws: XRefusal.full) { try world.addMedia(XMediaDraft()) }
        try world.add(XFault(.status(500)))
        #expect(throws: XRefusal.full) { try world.add(XFault(.status(500))) }
    }

    @Test func `drafts that make no sense are refused`() throws {
        var (world, ada) = try XWorld.withAda()
        #expect(throws: XRefusal.badText) { try world.post("", by: ada) }
        #expect(throws: XRefusal.badText) { try world.post(String(repeating: "x", count: 25_001), by: ada) }
        #expect(throws: XRefusal.noSuchPost) { try world.post(XDraft("re", inReplyTo: 1), by: ada) }
        #expect(throws: XRefusal.noSuchUser) { try world.post("x", by: 1) }
        #expect(throws: XRefusal.noSuchMedium) { try world.post(XDraft("x", mediaKeys: ["3_1"]), by: ada) }
        #expect(throws: XRefusal.notAHandle) { try world.addUser("sixteen_letters_") }
        #expect(throws: XRefusal.handleTaken) { try world.addUser("ADA") }
    }
}
