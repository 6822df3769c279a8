// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

@Suite struct PostFilterTests {
    private func snapshot(_ text: String, at moment: Int64 = 1_000, _ kind: Post.Reference.Kind? = nil)
        -> Snapshot
    {
        var post = Post(id: PostID(5), text: text)
        post.createdAt = moment
        if let kind { post.references = [Post.Reference(kind, PostID(1))] }
        return Snapshot(post)
    }

    @Test func `dates, words and kinds each leave out what they say`() throws {
        var filter = PostFilter()
        #expect(filter.refusal(of: snapshot("anything")) == nil)
        filter.since = 500
        filter.until = 2_000
        #expect(filter.refusal(of: snapshot("x", at: 499)) == .tooOld)
        #expect(filter.refusal(of: snapshot("x", at: 2_001)) == .tooNew)
        #expect(filter.refusal(of: snapshot("x", at: 500)) == nil)
        filter.kinds = [.original, .quote]
        #expect(filter.refusal(of: snapshot("x", .retweeted)) == .kind)
        #expect(filter.refusal(of: snapshot("x", .repliedTo)) == .kind)
        #expect(filter.refusal(of: snapshot("x", .quoted)) == nil)
        filter.words = [try #require(WordPattern("nostr"))]
        filter.withoutWords = [try #require(WordPattern("ad"))]
        #expect(filter.refusal(of: snapshot("Nostr is here")) == nil)
        #expect(filter.refusal(of: snapshot("Bitcoin is here")) == .noWords)
        #expect(filter.refusal(of: snapshot("an AD about nostr")) == .words)
    }

    @Test func `a post without a date has that of its number`() {
        var filter = PostFilter()
        filter.since = 1_600_000_000_000
        let id = PostID.first(at: 1_600_000_000_001)
        #expect(filter.refusal(of: Snapshot(Post(id: id, text: ""))) == nil)
        #expect(
            filter.refusal(of: Snapshot(Post(id: PostID.first(at: 1_500_000_000_000), text: ""))) == .tooOld)
    }
}

@Suite struct HourlyTallyTests {
    @Test func `what is more than an hour ago counts no more`() {
        var tally = HourlyTally()
        for minute in 0..<90 { tally.add(at: Int64(minute) * 60_000) }
        #expect(tally.count(at: 89 * 60_000) == 60)
        #expect(tally.count(at: 200 * 60_000) == 0)
        #expect(tally.count(at: 120 * 60_000) == 25)
    }
}
