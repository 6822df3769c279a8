// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct SearchShardTests {
    private func handles(_ count: Int, length: Int) -> [Handle] {
        (0..<count).compactMap { number in
            let text = "u\(number)"
            return Handle(text + String(repeating: "x", count: length - text.count))
        }
    }

    @Test func `mentions, answers and own posts of an account are one query`() {
        let shards = SearchShard.around([Handle("a"), Handle("b")].compactMap { $0 })
        #expect(shards.map(\.query) == ["(@a OR to:a OR from:a OR @b OR to:b OR from:b) -is:retweet"])
    }

    @Test(arguments: [(15, 7), (12, 8), (10, 9)]) func `a query never has more than 512 characters`(
        _ length: Int, _ inOne: Int
    ) {
        let names = handles(40, length: length)
        let shards = SearchShard.around(names)
        #expect(shards.allSatisfy { $0.query.count <= 512 })
        #expect(shards[0].query.split(separator: "from:").count - 1 == inOne)
        let whole = shards.map(\.query).joined(separator: " ")
        for name in names { #expect(whole.contains("from:\(name.text)")) }
    }

    @Test func `own posts alone fit 20 accounts`() {
        let shards = SearchShard.around(handles(20, length: 15), [.own])
        #expect(shards.count == 1)
    }

    @Test func `twelve quoted posts fit one query`() {
        let ids = (0..<13).map { PostID(2_083_157_183_716_917_000 + $0) }
        let shards = SearchShard.quotes(of: ids)
        #expect(
            shards.count == 2 && shards[0].query.split(separator: " OR ").count == 12
                && shards[0].query.count <= 512)
        #expect(shards[1].query == "quotes_of_tweet_id:2083157183716917012")
    }

    @Test func `one more account changes the last query alone`() {
        let names = handles(20, length: 15)
        let before = SearchShard.around(Array(names.prefix(18))).map(\.key)
        let after = SearchShard.around(names).map(\.key)
        #expect(before.prefix(2) == after.prefix(2) && before.last != after.last)
    }

    @Test func `a query's key is the same everywhere`() {
        #expect(SearchShard(query: "(@a) -is:retweet").key == "f002293be02e39d7")
    }

    @Test func `nothing to look for is no query`() {
        #expect(SearchShard.around([]).isEmpty && SearchShard.quotes(of: []).isEmpty)
    }
}
