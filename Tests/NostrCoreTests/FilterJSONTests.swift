// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@Suite struct FilterJSONTests {
    private let a = String(repeating: "a", count: 64)
    private let b = String(repeating: "b", count: 64)

    private func parse(_ json: String) throws(FilterError) -> Filter { try Filter.parse(Array(json.utf8)) }

    @Test func `a filter is read whole`() throws {
        let filter = try parse(
            """
             { "authors":["\(b)","\(a)","\(a)"], "ids" : [ "\(a)" ], "kinds":[1,0,65535], "#t":["x","\\u0041"],
             "#E":["not hex"], "#e":[], "since":5, "until":9223372036854775807, "limit":0 }
            """)
        #expect(filter.authors?.map(\.hex) == [a, b])
        #expect(filter.ids?.map(\.hex) == [a])
        #expect(filter.kinds == [0, 1, 65_535])
        #expect(filter.values(of: "t") == ["A", "x"])
        #expect(filter.values(of: "E") == ["not hex"])
        #expect(filter.values(of: "e") == [])
        #expect(filter.since == Timestamp(5))
        #expect(filter.until == .distantFuture)
        #expect(filter.limit == 0)
        #expect(filter.matchesNothing)
    }

    @Test func `the print has one order`() throws {
        let json =
            "{\"ids\":[\"\(a)\"],\"authors\":[\"\(b)\"],\"kinds\":[1,2],\"#E\":[\"x\"],\"#e\":[\"\\n\\\"\"],"
            + "\"since\":1,\"until\":2,\"limit\":3}"
        let filter = try parse(json)
        #expect(filter.canonicalJSON == json)
        #expect(try parse("{}").canonicalJSON == "{}")
        #expect(try parse("{\"#t\":[]}").canonicalJSON == "{\"#t\":[]}")
    }

    @Test func `an absurd limit is the greatest`() throws {
        #expect(try parse("{\"limit\":99999999999999999999999}").limit == .max)
    }

    @Test func `since after until matches nothing and is no error`() throws {
        #expect(try parse("{\"since\":2,\"until\":1}").matchesNothing)
    }

    @Test(arguments: [
        "{\"kinds\":[\"1\"]}", "{\"kinds\":[65536]}", "{\"kinds\":[-1]}", "{\"kinds\":[1.5]}",
        "{\"kinds\":1}",
        "{\"kinds\":[1,]}", "{\"ids\":[\"abc\"]}", "{\"ids\":[1]}", "{\"ids\":\"\"}", "{\"ids\":null}",
        "{\"authors\":[\"\(String(repeating: "A", count: 64))\"]}",
        "{\"authors\":[\"\(String(repeating: "a", count: 63))\"]}",
        "{\"authors\":[\"\(String(repeating: "a", count: 65))\"]}", "{\"since\":-1}", "{\"since\":\"1\"}",
        "{\"until\":1e3}", "{\"until\":9223372036854775808}", "{\"limit\":-1}", "{\"limit\":\"5\"}",
        "{\"limit\":1.0}",
        "{\"limit\":null}", "{\"#t\":[1]}", "{\"#t\":\"x\"}", "{\"#t\":[\"x\"],\"#t\":[\"y\"]}",
        "{\"kinds\":[1],\"kinds\":[1]}", "{\"#t\":[\"\\ud800\"]}", "{\"kinds\" [1]}", "{\"kinds\":[1]", "[]",
        "", "{}x",
        "{\"kinds\":[1]}}", "{,}",
    ])
    func `a filter that is wrong is invalid`(json: String) {
        let error = #expect(throws: FilterError.self) { try parse(json) }
        #expect(error?.text.hasPrefix("invalid: ") == true)
    }

    @Test(arguments: [
        "{\"foo\":1}", "{\"#ab\":[\"x\"]}", "{\"#\":[\"x\"]}", "{\"#1\":[\"x\"]}",
        "{\"#é\":[\"x\"]}",
        "{\"\":1}", "{\"Kinds\":[1]}", "{\"&tt\":[\"x\"]}", "{\"#tt&\":[\"x\"]}",
    ])
    func `a filter that asks for more than we know is unsupported`(json: String) {
        let error = #expect(throws: FilterError.self) { try parse(json) }
        #expect(error?.text.hasPrefix("unsupported: ") == true)
    }

    @Test func `the elements of a message are bounded`() throws {
        func filter(_ count: Int) -> String {
            "{\"kinds\":[\(Array(repeating: "1", count: count).joined(separator: ","))]}"
        }
        _ = try parse(filter(CodecLimits.maxFilterElements))
        #expect(throws: FilterError.invalid("the filters hold too many elements")) {
            try parse(filter(CodecLimits.maxFilterElements + 1))
        }
        let half = filter(CodecLimits.maxFilterElements / 2 + 1)
        #expect(throws: ClientMessageError.self) {
            try ClientMessage.parse(Array("[\"REQ\",\"s\",\(half),\(half)]".utf8))
        }
    }

    @Test(arguments: 0..<10) func `random filters come back from their print`(seed: UInt64) throws {
        var rng = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let filter = Samples.filter(using: &rng)
            #expect(try parse(filter.canonicalJSON) == filter)
        }
    }
}
