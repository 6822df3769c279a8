// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@Suite struct FilterMatchingTests {
    @Test func `an empty filter matches everything`() {
        #expect(Filter().matches(Samples.signed()))
    }

    @Test func `bounds are inclusive`() {
        let event = Samples.signed(at: 100)
        #expect(Filter(since: Timestamp(100), until: Timestamp(100)).matches(event))
        #expect(!Filter(since: Timestamp(101)).matches(event))
        #expect(!Filter(until: Timestamp(99)).matches(event))
    }

    @Test func `only the first value of a tag of that very letter counts`() {
        let event = Samples.signed(tags: [
            ["t", "a", "b"], ["t", "c"], ["T", "d"], ["tt", "e"], ["t"], [],
        ])
        #expect(Filter(tags: ["t": ["a"]]).matches(event))
        #expect(Filter(tags: ["t": ["c", "zz"]]).matches(event))
        #expect(!Filter(tags: ["t": ["b"]]).matches(event))
        #expect(!Filter(tags: ["t": ["d"]]).matches(event))
        #expect(!Filter(tags: ["t": ["e"]]).matches(event))
        #expect(!Filter(tags: ["t": [""]]).matches(event))
        #expect(!Filter(tags: ["t": []]).matches(event))
        #expect(Filter(tags: ["t": ["a"], "T": ["d"]]).matches(event))
        #expect(!Filter(tags: ["t": ["a"], "T": ["a"]]).matches(event))
    }

    @Test func `values with escapes are compared by what they mean`() {
        let value: TagValue = "line\nend \"q\" \u{1}"
        let event = Samples.signed(tags: [["r", value]])
        #expect(Filter(tags: ["r": ["aaa", value, "zzz"]]).matches(event))
        #expect(!Filter(tags: ["r": ["line\\nend \\\"q\\\" \\u0001"]]).matches(event))
    }

    @Test func `letters that look alike are different`() {
        let event = Samples.signed(tags: [["d", "\u{E9}"]])
        #expect(Filter(tags: ["d": ["\u{E9}"]]).matches(event))
        #expect(!Filter(tags: ["d": ["e\u{301}"]]).matches(event))
    }

    @Test(arguments: 0..<20) func `matching agrees with a naive model`(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        let events = (0..<40).map { _ in Samples.event(using: &rng) }
        var matches = 0
        for _ in 0..<40 {
            var filter = Samples.filter(near: events, using: &rng)
            // Words have tests of their own.
            filter.search = nil
            for event in events {
                let expected = Self.naive(filter, event)
                if expected { matches += 1 }
                #expect(filter.matches(event) == expected, "\(filter.canonicalJSON)")
            }
        }
        #expect(matches > 0)
    }

    /// NIP-01 read aloud, on decoded values.
    private static func naive(_ filter: Filter, _ event: Event) -> Bool {
        func holds<Value: Equatable>(_ list: [Value]?, _ value: Value) -> Bool {
            list?.contains(value) ?? true
        }
        return holds(filter.ids, event.id) && holds(filter.authors, event.pubkey)
            && holds(filter.kinds, event.kind)
            && event.createdAt >= filter.since ?? .epoch && event.createdAt <= filter.until ?? .distantFuture
            && filter.tags.allSatisfy { condition in
                event.tags.contains { tag in
                    tag.name == TagValue(bytes: [condition.letter])
                        && tag.value.map(condition.values.contains) == true
                }
            }
    }
}
