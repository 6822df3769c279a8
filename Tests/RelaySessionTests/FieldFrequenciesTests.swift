// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import RelaySession

@Suite struct FieldFrequenciesTests {
    private let author = Sample.a.pubkey
    private static let t = UInt8(ascii: "t")

    private static func hash(_ letter: UInt8, _ value: TagValue) -> ValueHash {
        ValueHash(letter: letter, value: value.bytes.span)
    }

    @Test func `an id is rarer than everything else`() {
        let filter = Filter(ids: [Sample.a.id], authors: [author], kinds: [1], tags: ["t": ["x"]])
        #expect(FieldFrequencies().rarestKey(of: filter) == .ids)
    }

    @Test func `before anything was seen a tag's value is rarer than an author, and that than a kind`() {
        let frequencies = FieldFrequencies()
        #expect(
            frequencies.rarestKey(of: Filter(authors: [author], kinds: [1], tags: ["t": ["x"]]))
                == .tag(0))
        #expect(
            frequencies.rarestKey(of: Filter(authors: [author], kinds: [1])) == .authors)
        #expect(frequencies.rarestKey(of: Filter(kinds: [1])) == .kinds)
        #expect(frequencies.rarestKey(of: Filter(since: Timestamp(1))) == .everything)
    }

    @Test func `of two tags the one with fewer values is taken`() {
        let filter = Filter(tags: ["a": ["1", "2", "3"], "e": ["1"]])
        #expect(FieldFrequencies().rarestKey(of: filter) == .tag(1))
    }

    @Test func `a value that passes by all the time is not taken`() {
        var frequencies = FieldFrequencies()
        let popular = TagValue("nostr")
        for _ in 0..<100 { frequencies.note(Self.hash(Self.t, popular)) }
        let filter = Filter(authors: [author], tags: ["t": [popular]])
        #expect(frequencies.rarestKey(of: filter) == .authors)
    }
}
