// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct QueueMessageTests {
    private func message(_ json: String) throws -> QueueMessage {
        try QueueMessage(reading: Array(json.utf8))
    }

    @Test(arguments: [
        (#","moderation":"approved""#, QueueMessage.Standing.approved),
        (#","moderation":"APPROVED""#, .approved),
        (#","moderation":{"status":"approved"}"#, .approved), ("", .pending),
        (#","moderation":"pending""#, .pending),
        (#","moderation":null"#, .pending), (#","moderation":"maybe""#, .pending),
        (#","moderation":true"#, .pending),
        (#","moderation":"failed""#, .pending), (#","moderation":"rejected""#, .rejected),
        (#","moderation":"executed""#, .rejected),
    ]) func `only what says that it is approved is`(field: String, standing: QueueMessage.Standing) throws {
        let json = #"{"action":"tweet","payload":{"text":"hi"},"created_at":"2026-07-31T18:40:40Z"\#(field)}"#
        #expect(try message(json).standing == standing)
    }

    @Test(arguments: [
        "", "{", "[]", #""tweet""#, #"{"payload":{"text":"a"}}"#, #"{"action":"like","payload":{}}"#,
        #"{"action":"tweet"}"#, #"{"action":"tweet","payload":"{}"}"#,
        #"{"action":"tweet","payload":{"text":" "}}"#,
        #"{"action":"delete","payload":{"id":"1e5"}}"#,
        #"{"action":"tweet","payload":{"text":"a","reply_to":"x"}}"#,
    ]) func `what cannot be done is refused with a reason`(json: String) {
        #expect(throws: OutboundOrder.Refusal.self) { try message(json) }
    }

    @Test func `what is too long is refused before it is read`() {
        let text = String(repeating: "a", count: QueueMessage.payloadMax)
        #expect(throws: OutboundOrder.Refusal("it is too long")) {
            try message(#"{"action":"tweet","payload":{"text":"\#(text)"}}"#)
        }
    }

    @Test func `the same bytes have the same key, and so has what its sender calls the same`() throws {
        let a = #"{"action":"dm","payload":{},"created_at":1}"#
        let b = #"{"action":"dm","payload":{},"created_at":2}"#
        #expect(try message(a).key == message(a).key)
        #expect(try message(a).key != message(b).key)
        let named = #"{"action":"dm","payload":{},"idempotency_key":"k""#
        #expect(try message(named + "}").key == message(named + #","x":1}"#).key)
    }

    @Test func `orders are read in our words and in X's`() throws {
        var draft = PostDraft(text: "hi")
        (draft.inReplyTo, draft.quoting, draft.mediaIDs) = (PostID(5), PostID(6), ["7"])
        let ours = #"{"text":"hi","reply_to":"5","quote":6,"media_ids":["7"]}"#
        let xs =
            #"{"text":"hi","reply":{"in_reply_to_tweet_id":"5"},"quote_tweet_id":"6","media":{"media_ids":["7"]}}"#
        for json in [ours, xs] {
            #expect(try OutboundOrder("tweet", payload: Array(json.utf8)) == .post(draft, event: nil))
        }
    }
}

@Suite struct RedisAddressTests {
    @Test func `an address has all its parts, decoded`() throws {
        let address = try RedisAddress("redis://bob:p%40ss%3Aw%2Frd@[::1]:7000/3")
        #expect(address.host == "::1" && address.port == 7_000 && address.database == 3)
        #expect(address.user == "bob" && address.password?.revealed == "p@ss:w/rd")
        #expect(address.description == "redis://[::1]:7000/3")
        #expect(!"\(address)\(String(reflecting: address))".contains("p@ss"))
        let plain = try RedisAddress("redis://redis:6379/0")
        #expect(plain.host == "redis" && plain.password == nil && plain.database == 0)
        #expect(try RedisAddress("redis://:pw@h").password?.revealed == "pw")
        #expect(try RedisAddress("redis://h").port == 6_379)
    }

    @Test(arguments: [
        "redis://", "http://h", "redis://h:0", "redis://h:99999", "redis://h/a", "redis://h/1/2",
        "redis://h/-1",
        "redis://u:%zz@h", "redis://u:%f@h", "redis://u:%ff@h", "redis://[::1",
    ]) func `what is no address is refused without being repeated`(text: String) {
        #expect(throws: RedisAddress.Refusal.self) { try RedisAddress(text) }
    }

    @Test func `encryption is said not to be there`() {
        #expect(throws: RedisAddress.Refusal.encrypted) { try RedisAddress("rediss://:pw@h") }
    }
}
