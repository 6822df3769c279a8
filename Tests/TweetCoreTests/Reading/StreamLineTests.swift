// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct StreamLineTests {
    private func line(_ json: String) throws -> StreamLine { try StreamLine(reading: Array(json.utf8)) }

    @Test func `a post arrives with numbers for ids and wrapped accounts`() throws {
        let told = try line(
            #"""
            {"data":{"event_uuid":"u1","filter":{"user_id":"12"},"event_type":"post.create","tag":"t","payload":
              {"id":2083157183716917250,"id_str":"2083157183716917250","text":"hi","author_id":12,"in_reply_to_tweet_id":7},
              "includes":{"users":[{"data":{"id":"12","username":"alice","name":"Alice"}}],"tweets":[{"id":"7","text":"before"}]}}}
            """#)
        guard case .event(let event) = told, case .posted(let post, let users) = event.news else {
            Issue.record("no post")
            return
        }
        #expect(event.uuid == "u1" && event.user == UserID(12) && event.tag == "t")
        #expect(
            post.id.number == 2_083_157_183_716_917_250 && post.snapshot.author?.handle == "alice"
                && users.count == 1)
        #expect(post.snapshot.referenced(.repliedTo)?.post.text == "before")
        #expect(post.raw.first == UInt8(ascii: "{") && post.raw.last == UInt8(ascii: "}"))
    }

    @Test func `a deletion names the post`() throws {
        let told = try line(
            #"{"data":{"event_uuid":"u2","filter":{"user_id":"12"},"event_type":"post.delete","payload":{"id":"9","author_id":"12"}}}"#
        )
        let event = StreamEvent(
            uuid: "u2", user: UserID(12), tag: nil, news: .deleted(PostID(9), author: UserID(12)))
        #expect(told == .event(event))
    }

    @Test func `a change of profile names the field, and other events their kind`() throws {
        let told = try line(
            #"{"data":{"filter":{"user_id":1},"event_type":"profile.update.handle","payload":{"before":"a","after":"b"}}}"#
        )
        #expect(
            told == .event(StreamEvent(uuid: "", user: UserID(1), tag: nil, news: .profileChanged("handle"))))
        let other = try line(#"{"data":{"event_type":"follow.follow"}}"#)
        #expect(other == .event(StreamEvent(uuid: "", user: nil, tag: nil, news: .other("follow.follow"))))
    }

    @Test func `an empty line is a heartbeat, and errors are problems`() throws {
        #expect(try line("") == .heartbeat && line("\r") == .heartbeat)
        let told = try line(
            #"{"errors":[{"title":"operational-disconnect","detail":"over capacity","type":"https://api.x.com/2/problems/operational-disconnect"}]}"#
        )
        guard case .problems(let problems) = told else {
            Issue.record("no problems")
            return
        }
        #expect(problems.first?.type == "operational-disconnect")
    }

    @Test(arguments: [
        "{}", "[]", #"{"data":{"event_type":"post.create"}}"#,
        #"{"data":{"event_type":"post.delete","payload":{"id":"x"}}}"#, "<html>",
    ])
    func `what is no event is an error`(_ json: String) {
        #expect(throws: ReadingError.self) { try line(json) }
    }

    @Test func `lines are cut wherever the bytes are`() throws {
        let text = Array("one\r\n\r\ntwo\n{\"a\":1}\r\nrest".utf8)
        for cut in 0...text.count {
            var splitter = LineSplitter(lineMax: 100)
            let lines = try splitter.append(text[..<cut]) + splitter.append(text[cut...])
            #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["one", "", "two", "{\"a\":1}"])
        }
        var splitter = LineSplitter(lineMax: 3)
        #expect(throws: ReadingError.tooLarge) { _ = try splitter.append(Array("four".utf8)) }
    }
}
