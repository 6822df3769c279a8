// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

/// `&x`: all of its values (NIP-91).
@Suite struct AllTagsTests {
    @Test func `every value must be there, each in a tag of its own`() throws {
        let filter = try Filter.parse(Array(##"{"&t":["cat","meme"]}"##.utf8))
        #expect(filter.usesAllTags)
        #expect(filter.matches(Samples.signed(tags: [["t", "meme"], ["t", "x"], ["t", "cat"]])))
        #expect(!filter.matches(Samples.signed(tags: [["t", "meme"], ["t", "meme"]])))
        #expect(!filter.matches(Samples.signed(tags: [["t", "meme", "cat"]])))
        #expect(!filter.matches(Samples.signed(tags: [["t", "meme"], ["T", "cat"]])))
    }

    @Test func `it goes together with any of others, whose common values are passed over`() throws {
        let filter = try Filter.parse(Array(##"{"#t":["cat","black","white"],"&t":["cat"]}"##.utf8))
        #expect(filter.matches(Samples.signed(tags: [["t", "cat"], ["t", "white"]])))
        #expect(!filter.matches(Samples.signed(tags: [["t", "cat"]])))
        #expect(!filter.matches(Samples.signed(tags: [["t", "white"]])))
        let same = try Filter.parse(Array(##"{"#t":["cat"],"&t":["cat"]}"##.utf8))
        #expect(same.matches(Samples.signed(tags: [["t", "cat"]])))
    }

    @Test func `both spellings mean the same, and the filter is written as it was meant`() throws {
        let first = try Filter.parse(Array(##"{"&t":["b","a","a"],"#e":["x"],"#t":["c"]}"##.utf8))
        let second = try Filter.parse(Array(##"{"#t&":["a","b"],"#t":["c"],"#e":["x"]}"##.utf8))
        #expect(first == second)
        #expect(first.canonicalJSON == ##"{"#e":["x"],"#t":["c"],"&t":["a","b"]}"##)
        #expect(try Filter.parse(Array(first.canonicalJSON.utf8)) == first)
        #expect(Filter(tags: ["t": ["c"], "e": ["x"]], allTags: ["t": ["b", "a"]]) == first)
        #expect(try Filter.parse(Array(##"{"#t":["a"]}"##.utf8)).usesAllTags == false)
    }

    @Test func `an empty list matches nothing, as always`() throws {
        #expect(try Filter.parse(Array(##"{"&t":[]}"##.utf8)).matchesNothing)
    }

    @Test func `so many values may be asked for and no more`() throws {
        func filter(_ count: Int) throws -> Filter {
            try Filter.parse(
                Array("{\"&t\":[\((0..<count).map { "\"\($0)\"" }.joined(separator: ","))]}".utf8))
        }
        let most = try filter(CodecLimits.maxTagConditions)
        let tags = (0..<CodecLimits.maxTagConditions).map { Tag(["t", String($0)]) }
        #expect(most.matches(Samples.signed(tags: tags)))
        #expect(!most.matches(Samples.signed(tags: Array(tags.dropLast()))))
        #expect(throws: FilterError.self) { try filter(CodecLimits.maxTagConditions + 1) }
    }

    @Test(arguments: [
        ##"{"&tt":["a"]}"##, ##"{"&":["a"]}"##, ##"{"#tt&":["a"]}"##, ##"{"&t&":["a"]}"##, ##"{"#&":["a"]}"##,
    ])
    func `only single letters are indexed`(json: String) {
        #expect(throws: FilterError.unsupported("only tags of a single letter are indexed")) {
            try Filter.parse(Array(json.utf8))
        }
    }
}
