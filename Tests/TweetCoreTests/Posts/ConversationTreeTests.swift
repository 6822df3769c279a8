// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct ConversationTreeTests {
    private func tree(_ parents: [UInt64: UInt64?]) -> [String] {
        let pairs = parents.map { (PostID($0), $1.map { PostID($0) }) }
        return ConversationTree(Dictionary(uniqueKeysWithValues: pairs)).lines.map {
            String(repeating: "-", count: $0.depth) + "\($0.post)" + ($0.wasRead ? "" : "?")
        }
    }

    @Test func `answers stand below what they answer, the oldest first`() {
        #expect(
            tree([1: nil, 2: 1, 5: 1, 3: 2, 4: 2, 6: 3]) == ["1", "-2", "--3", "---6", "--4", "-5"])
    }

    @Test func `what was not read has its place, and so do those that answer it`() {
        #expect(tree([1: nil, 7: 4, 8: 4, 9: 7]) == ["1", "4?", "-7", "--9", "-8"])
        let missing = ConversationTree([PostID(7): PostID(4), PostID(3): PostID(2)]).missing
        #expect(missing == [PostID(2), PostID(4)])
    }

    @Test func `a circle is cut where it would close`() {
        #expect(tree([1: 2, 2: 1, 3: 3]) == ["1", "-2", "3"])
    }

    @Test func `a very long thread is no deeper than memory`() {
        let chain = Dictionary(
            uniqueKeysWithValues: (1...UInt64(20_000)).map { (PostID($0), $0 > 1 ? PostID($0 - 1) : nil) })
        #expect(ConversationTree(chain).lines.last == .init(PostID(20_000), depth: 19_999))
    }

    @Test func `nothing is an empty tree`() { #expect(ConversationTree([:]).lines.isEmpty) }
}
