// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct JSONTreeTests {
    private func tree(_ json: String, _ limits: ReadingLimits = ReadingLimits()) throws -> JSONTree {
        try JSONTree(Array(json.utf8), limits: limits)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1 2]", "01",
        "1.", "-", "+1",
        "\"", "\"\\", "tru", "nul", "[1]x", "\"\u{1}\"", "<html>", "{\"a\":1]", "[1}",
    ]) func `what is no JSON is refused`(_ json: String) {
        #expect(throws: ReadingError.self) { try tree(json) }
    }

    @Test(arguments: [
        " 1 ", "-0.5e+3", "\"\"", "[]", "{}", " [ [ ] , { } ] ", "null",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"e\"}",
    ])
    func `JSON is read`(_ json: String) throws {
        _ = try tree(json)
    }

    @Test func `members are found, the first of equal names, null as absent`() throws {
        let root = try tree(#"{"a":{"b":[1,2]},"b":"x","b":"y","n":null,"t":true,"f":false,"e":"\u0041\n"}"#)
            .root
        #expect(root["b"]?.text == "x" && root["n"] == nil && root["z"] == nil)
        #expect(root["a"]?["b"]?.elements.map(\.integer) == [1, 2])
        #expect(root["t"]?.flag == true && root["f"]?.flag == false && root["b"]?.flag == nil)
        #expect(root["e"]?.text == "A\n" && root["a"]?.raw == Array(#"{"b":[1,2]}"#.utf8))
        #expect(root["z", "b"]?.text == "x" && root["a"]?.text == nil && root["b"]?.elements.count == 0)
    }

    @Test func `odd strings are mended`() throws {
        #expect(try tree(#""\ud83d""#).root.text == "\u{FFFD}")
        #expect(try JSONTree([0x22, 0xFF, 0x61, 0x22]).root.text == "\u{FFFD}a")
    }

    @Test func `bounds hold`() throws {
        var limits = ReadingLimits()
        limits.depthMax = 3
        limits.valuesMax = 6
        limits.bytesMax = 40
        _ = try tree("[[[1]]]", limits)
        #expect(throws: ReadingError.tooLarge) { try tree("[[[[1]]]]", limits) }
        _ = try tree("[1,2,3,4,5]", limits)
        #expect(throws: ReadingError.tooLarge) { try tree("[1,2,3,4,5,6]", limits) }
        #expect(throws: ReadingError.tooLarge) {
            try tree("\"" + String(repeating: "a", count: 39) + "\"", limits)
        }
        // A hundred thousand brackets end at the bound, not at the end of the stack.
        #expect(throws: ReadingError.tooLarge) { try tree(String(repeating: "[", count: 100_000)) }
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-07-31T18:40:40.123Z", 1_785_523_240_123),
            ("2024-02-29T23:59:59.9Z", 1_709_251_199_900),
            ("2000-03-01T00:00:00.000000Z", 951_868_800_000),
        ] as [(String, Int64)]) func `moments are read`(_ text: String, _ milliseconds: Int64)
    {
        #expect(UTCMoment.milliseconds(text) == milliseconds)
    }

    @Test(arguments: [
        "", "2026-07-31", "2026-07-31T18:40:40", "2026-13-31T18:40:40Z", "2026-07-31T24:40:40Z",
        "2026-07-31T18:40:40+01:00", "2026-07-31T18:40:40.Z", "2026-07-31 18:40:40Z",
    ])
    func `other texts are no moments`(_ text: String) {
        #expect(UTCMoment.milliseconds(text) == nil)
    }

    @Test func `days turn at midnight UTC`() {
        #expect(UTCMoment.day(86_399_999) == 0 && UTCMoment.day(86_400_000) == 1 && UTCMoment.day(-1) == -1)
    }
}
