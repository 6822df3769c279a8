// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct TrackerDocumentTests {
    private func post(_ json: String) throws -> ReadPost? {
        guard case .post(let post) = try TrackerDocument(reading: Array(json.utf8), of: .posts) else {
            return nil
        }
        return post
    }

    @Test func `extended JSON is read as what it means`() throws {
        let read = try #require(
            try post(
                #"""
                {"_id":{"$oid":"65a1"},"id":{"$numberLong":"2083157183716917248"},"author_id":"10","text":"a \"b\" \u00e9",
                "created_at":{"$date":{"$numberLong":"1785523240123"}},"conversation_id":"7",
                "referenced_tweets":[{"type":"replied_to","id":"6"}],"attachments":{"media_keys":["3_1"]},
                "public_metrics":{"retweet":{"$numberInt":"1"},"reply":2,"like":3,"quote":4},"raw":null}
                """#))
        let post = read.snapshot.post
        #expect(post.id == PostID(2_083_157_183_716_917_248))
        #expect(post.text == "a \"b\" é")
        #expect(post.createdAt == 1_785_523_240_123)
        #expect(post.references == [Post.Reference(.repliedTo, PostID(6))])
        #expect(post.mediaKeys == ["3_1"])
        #expect(post.metrics?.likes == 3)
        #expect(read.raw.isEmpty)
    }

    @Test(arguments: [
        #"{"$date":"2026-07-31T18:40:40.123Z"}"#, #"{"$date":1785523240123}"#,
        #""2026-07-31T18:40:40.123+00:00""#,
        #""2026-07-31 18:40:40.123456""#,
    ]) func `every way to write a moment is read`(moment: String) throws {
        let read = try post(#"{"id":"5","text":"a","author_id":"10","created_at":\#(moment)}"#)
        #expect(read?.snapshot.post.createdAt == 1_785_523_240_123)
    }

    @Test func `what X sent says more than the document`() throws {
        let raw =
            #"{"id":"5","text":"raw","lang":"de","entities":{"mentions":[{"start":0,"end":2,"username":"b","id":"11"}]}}"#
        for spelt in [raw, "\"" + raw.replacing("\"", with: "\\\"") + "\""] {
            let read = try #require(try post(#"{"id":"5","text":"doc","author_id":"10","raw":\#(spelt)}"#))
            #expect(read.snapshot.post.text == "raw")
            #expect(read.snapshot.post.author == UserID(10))
            #expect(read.snapshot.post.entities.mentions.first?.user == UserID(11))
            #expect(read.raw == Array(raw.utf8))
        }
        let other = try post(#"{"id":"5","text":"doc","author_id":"10","raw":{"id":"6","text":"other"}}"#)
        #expect(other?.snapshot.post.text == "doc")
    }

    @Test(arguments: [
        #"{"id":2.083157183716917e+18,"text":"a"}"#, #"{"id":"abc","text":"a"}"#, #"{"text":"a"}"#, "[]", "{",
        #"{"id":"5"}"#,
    ]) func `what is no post is an error`(json: String) {
        #expect(throws: ReadingError.self) { try TrackerDocument(reading: Array(json.utf8), of: .posts) }
    }

    @Test func `an account is read with its snapshot of what it says of itself`() throws {
        let json =
            #"{"id":{"$numberLong":"10"},"username":"bob","name":"Bob","bio_snapshot":{"description":"hi","url":"u","location":"l"},"public_metrics":{"followers":5,"following":6,"tweet":7}}"#
        guard case .user(let user) = try TrackerDocument(reading: Array(json.utf8), of: .users) else {
            Issue.record("no account")
            return
        }
        #expect(user.about == "hi" && user.url == "u" && user.location == "l")
        #expect(user.metrics?.followers == 5 && user.metrics?.posts == 7)
    }

    @Test func `a dump is known by its name`() {
        typealias Collection = TrackerDocument.Collection
        #expect(Collection(file: "X_tweets.json") == .posts)
        #expect(Collection(file: "eve.X_tracked_handles.jsonl") == .accounts)
        #expect(Collection(file: "X_tweets.bson") == nil)
        #expect(Collection(file: "X_tweets_old.json") == nil)
    }
}
