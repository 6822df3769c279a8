// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct PostPageTests {
    @Test(arguments: [Answers.full, Answers.fullOfPosts]) func `a page is read in either vocabulary`(
        _ json: String
    ) throws {
        let page = try Answers.page(json)
        let post = try #require(page.posts.first).snapshot.post
        #expect(post.id == PostID(2_083_157_183_716_917_250) && post.author == UserID(12))
        #expect(post.text == "@bob Long &amp; short… https://t.co/aaa")
        #expect(post.createdAt == 1_785_498_350_000)
        #expect(post.versions.map(\.number) == [2_083_157_183_716_917_249, 2_083_157_183_716_917_250])
        #expect(post.references == [Post.Reference(.repliedTo, PostID(2_083_157_183_716_917_100))])
        #expect(
            post.inReplyTo == UserID(34) && post.language == "en" && post.isSensitive && post.source == "Web")
        #expect(post.withheld == Post.Withholding(isForCopyright: false, countries: ["DE", "FR"]))
        #expect(post.longText?.text == "Long & long" && post.longText?.entities.hashtags == ["more"])
        #expect(post.editing?.editableUntil == 1_785_501_950_000 && post.editing?.remaining == 4)
        #expect(post.metrics?.reposts == 1 && post.metrics?.quotes == 4 && post.metrics?.impressions == 6)
        #expect(
            post.entities.mentions == [Entities.Mention(start: 0, end: 4, handle: "bob", user: UserID(34))])
        #expect(
            post.entities.urls.first?.mediaKey == "3_1"
                && post.entities.urls.first?.unwound == "https://x.test/1?a")
        #expect(post.entities.hashtags == ["Nostr"] && post.entities.cashtags == ["BTC"])
        #expect(page.next == "abc" && page.newest == post.id && page.oldest == post.id && page.problems == [])
        let alice = try #require(page.users.first)
        #expect(alice.name == "Alice 😀" && alice.metrics?.posts == 12 && alice.pinned == PostID(99))
        #expect(
            alice.urlLinks.first?.expanded == "https://alice.test"
                && alice.aboutLinks.first?.short == "https://t.co/d")
        #expect(page.included.posts.count == 2 && page.included.users == [UserID(12), UserID(34)])
    }

    @Test func `what is included is joined, two references deep`() throws {
        let snapshot = try #require(try Answers.page(Answers.full).posts.first).snapshot
        #expect(snapshot.author?.handle == "alice" && snapshot.media.map(\.key) == ["3_1", "7_2"])
        #expect(
            snapshot.media.last?.file == "https://v.test/b.mp4"
                && snapshot.polls.first?.options.first?.votes == 3)
        let parent = try #require(snapshot.referenced(.repliedTo))
        #expect(parent.author?.handle == "bob" && parent.media.count == 1)
        let quoted = try #require(parent.referenced(.quoted))
        #expect(quoted.author?.handle == "alice" && quoted.post.references.count == 1)
        // They refer to each other: it ends all the same.
        #expect(quoted.referenced.isEmpty)
    }

    @Test func `a post keeps its own bytes`() throws {
        let json = #"{"data": [ {"id":"1","text":"a"} ,  {"text" : "b", "id":2}]}"#
        #expect(
            try Answers.page(json).posts.map { String(decoding: $0.raw, as: UTF8.self) } == [
                #"{"id":"1","text":"a"}"#, #"{"text" : "b", "id":2}"#,
            ])
    }

    @Test func `ids are numbers or strings of 64 bits`() throws {
        let json =
            #"{"data":[{"id":9999999999999999999,"text":"","author_id":"1"},{"id":"18","text":"","author_id":7}]}"#
        let posts = try Answers.page(json).posts.map(\.snapshot.post)
        #expect(
            posts.map(\.id.number) == [9_999_999_999_999_999_999, 18]
                && posts.map(\.author?.number) == [1, 7])
    }

    @Test(arguments: [
        (#"{"data":[{"id":"1","text":""},{"id":"x","text":""}]}"#, "data[1].id"),
        (#"{"data":[{"text":""}]}"#, "data[0].id"),
        (#"{"data":[{"id":"1"}]}"#, "data[0].text"),
        (#"{"data":[{"id":"1","text":5}]}"#, "data[0].text"),
        (#"{"data":[{"id":"1","text":"","author_id":"-3"}]}"#, "data[0].author_id"),
        (#"{"data":[{"id":1.0,"text":""}]}"#, "data[0].id"),
        (#"{"data":[{"id":"12345678901234567890","text":""}]}"#, "data[0].id"),
        (
            #"{"data":[{"id":"1","text":"","entities":{"mentions":[{"id":"q","username":"a"}]}}]}"#,
            "data[0].entities.mentions[0].id"
        ),
        (
            #"{"data":[],"includes":{"users":[{"id":"1","username":"a"},{"id":true,"username":"a"}]}}"#,
            "includes.users[1].id"
        ),
        (#"{"data":[],"meta":{"newest_id":"new"}}"#, "meta.newest_id"),
        (#"[1]"#, "the whole answer"),
    ]) func `a wrong id is an error that says where`(_ json: String, _ place: String) {
        #expect(throws: ReadingError.wrong(at: place)) { try Answers.page(json) }
    }

    @Test func `optional fields of a wrong type are left out`() throws {
        let json = #"""
            {"data":[{"id":"1","text":"a","created_at":"yesterday","lang":7,"possibly_sensitive":"yes","entities":[],
              "public_metrics":"none","attachments":null,"edit_controls":{"editable_until":3},"referenced_tweets":[{"type":"liked","id":"2"}],
              "withheld":{"country_codes":"DE"},"note_tweet":{"text":null}}],"meta":[],"includes":{"media":[{"type":"photo"},5]}}
            """#
        let post = try #require(try Answers.page(json).posts.first).snapshot.post
        #expect(post.createdAt == nil && post.language == nil && !post.isSensitive && post.references == [])
        #expect(post.metrics == Post.Metrics() && post.editing == nil && post.longText == nil)
    }

    @Test func `no data is an empty page, and errors come beside data`() throws {
        let empty = try Answers.page(#"{"meta":{"result_count":0}}"#)
        #expect(empty.posts.isEmpty && empty.newest == nil && empty.next == nil)
        let both = try Answers.page(
            #"""
            {"data":[{"id":"1","text":"a","referenced_tweets":[{"type":"quoted","id":"5"}]}],
             "errors":[{"resource_id":"5","parameter":"referenced_tweets.id","resource_type":"tweet","section":"includes",
               "title":"Not Found Error","value":"5","detail":"Could not find tweet with referenced_tweets.id: [5].",
               "type":"https://api.twitter.com/2/problems/resource-not-found"}]}
            """#)
        #expect(both.posts.count == 1 && both.posts[0].snapshot.referenced.isEmpty)
        #expect(both.problems.first?.post == PostID(5) && both.problems.first?.section == "includes")
        #expect(both.problems.first?.absence == .deleted)
    }

    @Test func `accounts are read as a list, as one, and wrapped`() throws {
        let list = try Answers.page(
            #"{"data":[{"id":"2","username":"b","name":"B"},{"id":1,"username":"a"}]}"#, of: .users)
        #expect(
            list.users.map(\.id.number) == [2, 1] && list.users[1].name == "a" && list.included.users == [])
        let one = try Answers.page(#"{"data":{"id":"2","username":"b","name":"B"}}"#, of: .users)
        #expect(one.users.map(\.handle) == ["b"])
        let wrapped = try Answers.page(#"{"data":{"data":{"id":"2","username":"b","name":"B"}}}"#, of: .users)
        #expect(wrapped.users.map(\.handle) == ["b"])
    }

    @Test func `one post is a list of one`() throws {
        #expect(try Answers.page(#"{"data":{"id":"2","text":"b"}}"#).posts.map(\.id.number) == [2])
    }
}
