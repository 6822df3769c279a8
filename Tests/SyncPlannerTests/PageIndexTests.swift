// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

@Suite struct PageIndexTests {
    @Test(arguments: 0..<16 as Range<UInt64>)
    func `every filter that an event matches is among its candidates`(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        let values = (0..<12).map { $0 % 3 == 0 ? "\"x\\\n😀\($0)" : "value \($0)" }
        func some(_ most: Int) -> [String] {
            (0..<Int.random(in: 1...most, using: &rng)).map { _ in values.randomElement(using: &rng)! }
        }
        let filters = (0..<30).map { _ -> Filter in
            let letters = ["a", "A", "e", "q"].shuffled(using: &rng).prefix(
                Int.random(in: 0...2, using: &rng))
            var tags: [Character: [TagValue]] = [:]
            for letter in letters { tags[Character(letter)] = some(4).map { TagValue($0) } }
            return Filter(kinds: Bool.random(using: &rng) ? [.textNote] : nil, tags: tags)
        }
        let index = PageIndex(filters)
        for _ in 0..<60 {
            let names = ["a", "A", "e", "q", "alt"]
            let tags = some(6).map { Tag.of(names.randomElement(using: &rng)!, $0) }
            let event = Event.fixture(kind: Bool.random(using: &rng) ? .textNote : .comment, tags: tags)
            let candidates = index.candidates(event)
            let matching = filters.indices.filter { filters[$0].matches(event) }
            #expect(Set(matching).isSubset(of: candidates), "seed \(seed)")
            #expect(candidates == Set(candidates).sorted(), "seed \(seed)")
            let hopeless = filters.indices.filter { filter in
                !filters[filter].tags.isEmpty
                    && !filters[filter].tags.contains { condition in
                        tags.contains { condition.values.contains($0.elements[1]) }
                    }
            }
            #expect(Set(hopeless).isDisjoint(with: candidates), "seed \(seed)")
        }
    }
}
