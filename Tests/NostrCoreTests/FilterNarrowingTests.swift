// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// What counts as asking for no more.
@Suite struct FilterNarrowingTests {
    private static func filter(_ json: String) throws -> Filter { try .parse(Array(json.utf8)) }

    @Test(arguments: [
        (##"{}"##, ##"{}"##), (##"{"kinds":[1]}"##, ##"{}"##), (##"{"kinds":[2]}"##, ##"{"kinds":[1,2,3]}"##),
        (##"{"kinds":[1],"#t":["a"],"limit":5}"##, ##"{"kinds":[1,4],"limit":5}"##),
        (##"{"#t":["a"]}"##, ##"{"#t":["b","a"]}"##), (##"{"&t":["a","b"]}"##, ##"{"#t":["a"]}"##),
        (##"{"&t":["a","b"]}"##, ##"{"&t":["b"]}"##),
        (##"{"since":5,"until":9}"##, ##"{"since":5,"until":10}"##),
        (##"{"limit":0}"##, ##"{"limit":3}"##), (##"{"kinds":[]}"##, ##"{"kinds":[1]}"##),
        (##"{"search":"b a c"}"##, ##"{"search":"A b"}"##), (##"{"search":"a"}"##, ##"{"search":"x:y"}"##),
        (##"{"search":"…"}"##, ##"{"search":"a"}"##), (##"{"search":"a"}"##, ##"{}"##),
        (##"{"kinds":[9],"since":8,"until":7}"##, ##"{"ids":[],"limit":0}"##),
    ])
    func `as much, or less`(part: String, whole: String) throws {
        #expect(try Self.filter(part).isWithin(Self.filter(whole)))
    }

    @Test(arguments: [
        (##"{}"##, ##"{"kinds":[1]}"##), (##"{"kinds":[1,2]}"##, ##"{"kinds":[1]}"##),
        (##"{"kinds":[4]}"##, ##"{"kinds":[1,5]}"##), (##"{"kinds":[1]}"##, ##"{"kinds":[1],"#t":["a"]}"##),
        (##"{"#T":["a"]}"##, ##"{"#t":["a"]}"##), (##"{"#t":["a","b"]}"##, ##"{"&t":["a","b"]}"##),
        (##"{}"##, ##"{"search":"a"}"##), (##"{"search":"a"}"##, ##"{"search":"a b"}"##),
        (##"{"search":"x:y"}"##, ##"{"search":"a"}"##), (##"{"search":"a"}"##, ##"{"search":"…"}"##),
        (##"{"since":4}"##, ##"{"since":5}"##), (##"{"until":11}"##, ##"{"until":10}"##),
        (##"{}"##, ##"{"since":0}"##), (##"{}"##, ##"{"limit":5}"##), (##"{"limit":6}"##, ##"{"limit":5}"##),
        (##"{"authors":[]}"##.replacing("[]", with: "[\"\(TestKey.publicKey(1).hex)\"]"), ##"{"ids":[]}"##),
    ])
    func `more, or something else`(part: String, whole: String) throws {
        #expect(try !Self.filter(part).isWithin(Self.filter(whole)))
    }
}
