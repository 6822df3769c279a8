// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct RequestTests {
    private func target(
        _ question: XQuestion, _ vocabulary: Vocabulary = .tweet, _ purpose: SpendPurpose = .ownPosts
    ) throws -> String {
        try question.request(in: vocabulary, for: purpose).target
    }

    @Test func `a timeline asks for everything about its posts`() throws {
        let range = PageRange(since: PostID(5), until: PostID(9), token: "t+/=", size: 200)
        let target = try target(.timeline(UserID(12), range))
        #expect(
            target.hasPrefix(
                "/2/users/12/tweets?max_results=100&since_id=5&until_id=9&pagination_token=t%2B%2F%3D&tweet.fields="
            ))
        for word in [
            "note_tweet", "edit_history_tweet_ids", "referenced_tweets.id.attachments.media_keys",
            "media.fields=alt_text", "poll.fields=",
        ] {
            #expect(target.contains(word), "\(word)")
        }
        #expect(!target.contains("post"))
    }

    @Test func `the newer vocabulary says post everywhere`() throws {
        let target = try target(.timeline(UserID(12), PageRange()), .post)
        #expect(
            target.contains("post.fields=") && target.contains("referenced_posts.id.author_id")
                && target.contains("note_post"))
        let query = target.drop { $0 != "?" }
        #expect(!query.contains("tweet"))
    }

    @Test func `sizes stay within what X allows`() throws {
        #expect(try target(.timeline(UserID(1), PageRange(size: 1))).contains("max_results=5&"))
        #expect(try target(.search("a", PageRange(size: 1))).contains("max_results=10&"))
        #expect(try target(.mentions(UserID(1), PageRange(size: 50))).contains("max_results=50&"))
        #expect(XQuestion.search("a", PageRange(size: 1)).listedMax == 10)
    }

    @Test func `quotes know no since_id`() throws {
        let target = try target(.quotes(of: PostID(7), PageRange(since: PostID(5), token: "n")))
        #expect(target.hasPrefix("/2/tweets/7/quote_tweets?max_results=100&pagination_token=n&"))
        #expect(!target.contains("since_id"))
    }

    @Test func `look-ups list ids and handles`() throws {
        #expect(try target(.posts([PostID(1), PostID(2)])).hasPrefix("/2/tweets?ids=1,2&"))
        #expect(try target(.users([UserID(3)])).hasPrefix("/2/users?ids=3&user.fields="))
        #expect(
            try target(.handles([Handle("@Bob_1")].compactMap { $0 })).hasPrefix(
                "/2/users/by?usernames=Bob_1&"))
        #expect(try target(.me).hasPrefix("/2/users/me?user.fields="))
    }

    @Test func `counting and sweeping ask for the posts alone`() throws {
        for purpose in [SpendPurpose.deletions, .metrics] {
            let target = try target(.posts([PostID(1)]), .tweet, purpose)
            #expect(!target.contains("expansions") && target.contains("public_metrics"))
        }
    }

    @Test func `too many, none and too long are refused before they are asked`() throws {
        for question in [
            XQuestion.posts([]), .posts((0...100).map { PostID($0) }), .search("", PageRange()),
            .search(String(repeating: "a", count: 513), PageRange()),
        ] {
            #expect(throws: XFailure.self) { try target(question) }
        }
        _ = try target(.search(String(repeating: "ä", count: 512), PageRange()))
    }

    @Test func `a search is escaped`() throws {
        #expect(
            try target(.search("(@a OR to:a) -is:retweet ä&=", PageRange())).contains(
                "query=%28%40a%20OR%20to:a%29%20-is:retweet%20%C3%A4%26%3D&"))
    }

    @Test func `the other vocabulary is taken when X names a word it does not know`() {
        func problems(_ body: String) -> [Problem] { XReply.fixture(400, body).problems() }
        let refusals = [
            #"{"errors":[{"parameters":{"tweet.fields":["id"]},"message":"The query parameter [tweet.fields] is not one of [post.fields]"}],"title":"Invalid Request","detail":"One or more","type":"x/invalid-request"}"#,
            #"{"errors":[{"parameters":{"expansions":["referenced_tweets.id"]},"message":"not one of"}],"title":"Invalid Request"}"#,
        ]
        for body in refusals { #expect(Vocabulary.tweet.isRefused(by: problems(body))) }
        let other =
            #"{"errors":[{"parameters":{"since_id":["1"]},"message":"'since_id' must be a tweet id"}],"title":"Invalid Request"}"#
        #expect(
            !Vocabulary.tweet.isRefused(by: problems(other))
                && !Vocabulary.post.isRefused(by: problems(refusals[0])))
    }

    @Test func `a draft is JSON, and its links are seen`() {
        var draft = PostDraft(text: "say \"hi\"")
        draft.inReplyTo = PostID(5)
        draft.quoting = PostID(6)
        draft.mediaIDs = ["1", "2"]
        let body = draft.request.body.map { String(decoding: $0, as: UTF8.self) }
        #expect(
            body
                == #"{"text":"say \"hi\"","reply":{"in_reply_to_tweet_id":"5"},"quote_tweet_id":"6","media":{"media_ids":["1","2"]}}"#
        )
        for text in ["see https://a.test", "www.a.test", "at example.com/x now", "a.co"] {
            #expect(PostDraft(text: text).hasLink)
        }
        for text in ["no link", "3.5 per cent", "end. Begin", "a.b", "…"] {
            #expect(!PostDraft(text: text).hasLink)
        }
    }

    @Test func `an answer to writing is read`() throws {
        #expect(try Written.made(reading: Array(#"{"data":{"id":"5","text":"a"}}"#.utf8)) == PostID(5))
        #expect(try Written.removed(reading: Array(#"{"data":{"deleted":true}}"#.utf8)))
        let usage = try XUsage(
            reading: Array(#"{"data":{"project_cap":"2000000","project_usage":"5","cap_reset_day":3}}"#.utf8))
        #expect(usage.cap == 2_000_000 && usage.used == 5 && usage.resetDay == 3)
    }
}
