// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct TokenPairTests {
    private let pair = TokenPair(
        access: Secret("acc"), refresh: Secret("ref/+"), obtainedAt: 0, expiresAt: 7_200_000)

    @Test func `it is due after four fifths of its life`() {
        #expect(!pair.isDue(at: 5_759_999) && pair.isDue(at: 5_760_000))
    }

    @Test func `an answer gives the next pair`() throws {
        let body =
            #"{"token_type":"bearer","expires_in":7200,"access_token":"new","scope":"tweet.read","refresh_token":"next"}"#
        let next = try TokenPair(reading: Array(body.utf8), after: pair, at: 1_000)
        #expect(next.access.revealed == "new" && next.refresh?.revealed == "next" && next.rotation == 1)
        #expect(next.obtainedAt == 1_000 && next.expiresAt == 7_201_000 && next.scope == "tweet.read")
        let short = try TokenPair(reading: Array(#"{"access_token":"new"}"#.utf8), after: pair, at: 0)
        #expect(short.refresh == pair.refresh)
        #expect(throws: ReadingError.wrong(at: "access_token")) {
            try TokenPair(reading: Array("{}".utf8), after: nil, at: 0)
        }
    }

    @Test func `secrets are not shown`() {
        for text in [
            "\(pair)", String(reflecting: pair), "\(pair.access)", "\(String(describing: pair.refresh))",
        ] {
            #expect(!text.contains("acc\"") && !text.contains("ref/"))
        }
        var dumped = ""
        dump(pair, to: &dumped)
        #expect(!dumped.contains("ref/+"))
    }

    @Test func `the form is escaped, and names a public client`() {
        let confidential = TokenGrant.refresh(Secret("ref/+")).form(client: nil)
        #expect(
            String(decoding: confidential, as: UTF8.self)
                == "grant_type=refresh_token&refresh_token=ref%2F%2B")
        let open = TokenGrant.refresh(Secret("r")).form(client: "id 1")
        #expect(
            String(decoding: open, as: UTF8.self)
                == "grant_type=refresh_token&refresh_token=r&client_id=id%201")
    }

    @Test func `subscriptions are made and removed to follow these accounts`() throws {
        let body = #"""
            {"data":[{"subscription_id":"1","event_type":"post.create","filter":{"user_id":"12"},"tag":"t"},
              {"subscription_id":"2","event_type":"post.create","filter":{"user_id":"12"}},
              {"subscription_id":"3","event_type":"post.delete","filter":{"user_id":"99"}},
              {"subscription_id":"4","event_type":"dm.received","filter":{"user_id":"12"}}],"meta":{"next_token":"n"}}
            """#
        let (have, next) = try Subscription.list(reading: Array(body.utf8))
        #expect(have.count == 4 && next == "n")
        let (made, removed) = Subscription.difference(have: have, wanted: [UserID(12)])
        #expect(
            made.map(\.event) == Array(Subscription.events.dropFirst())
                && removed.map(\.id) == ["2", "3", "4"])
        let many = Subscription.difference(have: [], wanted: (0..<1_000).map { UserID($0) })
        #expect(many.made.count == Subscription.countMax)
    }
}
