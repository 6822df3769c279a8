// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@Suite struct MessageOutlinerTests {
    /// What is left of a message that comes in these pieces.
    private func outlined(_ pieces: [[UInt8]]) -> (isEvent: Bool?, end: (SubscriptionID, EventOutline?)?) {
        var outliner = MessageOutliner()
        for piece in pieces {
            outliner.take(piece.span)
            #expect(outliner.length <= 2 * CodecLimits.outlineLength + 70_000)
        }
        return (outliner.isEvent, outliner.finish())
    }

    private func end(of text: String) -> (SubscriptionID, EventOutline?)? {
        outlined([Array(text.utf8)]).end
    }

    private func message(_ event: Event, _ subscription: String = "h1") -> [UInt8] {
        Array("[\"EVENT\",\"\(subscription)\",\(event.text)]".utf8)
    }

    private let awkward = #"say \"{[,]}\" \\ é 世 \u0000 \ud83e\udeb6 "#

    @Test func `a short event is left as it is`() throws {
        let event = Event.fixture(
            tags: [.of("e", "x"), .of("p"), Tag([] as [TagValue]), .of("d", "[\"\\,{\n")],
            content: "\"[{,}]\\\u{1}é")
        let (subscription, outline) = try #require(outlined([message(event)]).end)
        #expect(subscription == "h1")
        #expect(outline == EventOutline(event: event, hasAllTags: true))
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func `it is the same however the message is cut`(seed: UInt64)
        throws
    {
        var generator = SplitMix64(seed: seed)
        let length = [0, 100, 5_000, 200_000].randomElement(using: &generator) ?? 0
        let event = Event.fixture(
            tags: (0..<Int.random(in: 0...20, using: &generator)).map { .of("t", "\($0)", "[,\"\\") },
            content: String(repeating: "z\"\\ ]}é\n", count: length / 8))
        let bytes = message(event)
        let whole = try #require(outlined([bytes]).end)
        #expect(whole.0 == "h1")
        let known = try #require(whole.1)
        #expect(known.hasAllTags)
        #expect(
            (known.event.id, known.event.pubkey, known.event.createdAt, known.event.kind)
                == (event.id, event.pubkey, event.createdAt, event.kind))
        #expect(known.event.tags == event.tags)
        #expect(known.event.json.count < 20_000)
        var cuts = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
            Int.random(in: 0...bytes.count, using: &generator)
        }
        cuts = [0] + cuts.sorted() + [bytes.count]
        let pieces = zip(cuts, cuts.dropFirst()).map { Array(bytes[$0..<$1]) }
        #expect(try #require(outlined(pieces).end) == whole, "seed \(seed)")
        if length <= 5_000 {
            #expect(try #require(outlined(bytes.map { [$0] }).end) == whole, "seed \(seed)")
        }
    }

    @Test func `the order of the fields does not matter, nor does white space`() throws {
        let event = Event.fixture(at: 77, tags: [.of("e", "x")])
        let long = String(repeating: awkward, count: 2_000)
        let sig = String(repeating: "0", count: 128)
        let byName =
            #"{"content":"\#(long)","created_at":77,"id":"\#(event.id.hex)","kind":\#(event.kind),"#
            + #""pubkey":"\#(event.pubkey.hex)","sig":"\#(sig)","tags":[["e","x"]]}"#
        for text in [byName, byName.replacing("\":", with: "\" : ").replacing(",\"", with: " ,\n \"")] {
            let (_, outline) = try #require(end(of: "\t[ \"EVENT\" , \"h1\" , \(text) ]\n"))
            let known = try #require(outline)
            #expect((known.event.id, known.event.createdAt.seconds) == (event.id, 77))
            #expect(known.event.tags == event.tags)
            #expect(known.hasAllTags)
        }
    }

    @Test func `tags without end are cut off, and that is told`() throws {
        let tags = (0..<20_000).map { Tag.of("p", "number \($0)", "[\"") }
        let known = try #require(outlined([message(.fixture(tags: tags))]).end?.1)
        #expect(!known.hasAllTags)
        #expect(known.event.tags.count > 100)
        // The last one may be cut off, too.
        let whole = known.event.tags.dropLast()
        #expect(Array(whole) == Array(tags.prefix(whole.count)))
        let wide = Tag((0..<50_000).map { TagValue("\($0)") })
        let cut = try #require(outlined([message(.fixture(tags: [wide, .of("e", "x")]))]).end?.1)
        #expect(!cut.hasAllTags)
        #expect(cut.event.tags.count == 1)
    }

    @Test func `a tag value too long is left out, and that is told`() throws {
        let long = String(repeating: "x", count: CodecLimits.outlineStringLength + 1)
        let event = Event.fixture(tags: [.of("d", long), .of("e", "x")])
        let known = try #require(outlined([message(event)]).end?.1)
        #expect(!known.hasAllTags)
        #expect(known.event.tags == [.of("d", ""), .of("e", "x")])
    }

    @Test func `what is no event is known to be none as early as can be`() {
        for text in [
            "[\"NOTICE\"", "[\"EOSE\"", "{", "\"", "x", " \n7", "[[", "[\"EVENT\\u0000\"", "[\"EVENTS\"",
            "[\"\(String(repeating: "E", count: 100_000))\"",
        ] {
            let found = outlined([Array(text.utf8)])
            #expect(found.isEvent == false, "\(text.prefix(20))")
            #expect(found.end == nil)
        }
        #expect(outlined([Array("  [\"EVE".utf8)]).isEvent == nil)
        #expect(outlined([Array("[\"EVENT\"".utf8)]).isEvent == true)
    }

    @Test func `an event of which nothing can be made out still tells whose it is`() throws {
        let many = (0..<40_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        for event in [
            "{}", "{\"content\":\"x", "7", "{\"created_at\":1e9}", "{\(many)}",
            "{\"x\":\(String(repeating: "[", count: 300_000))",
        ] {
            let (subscription, outline) = try #require(
                end(of: "[\"EVENT\",\"h1\",\(event)]"), "\(event.prefix(20))")
            #expect(subscription == "h1")
            #expect(outline == nil)
        }
        #expect(end(of: "[\"EVENT\",\"\(String(repeating: "s", count: 100_000))\",{}]") == nil)
        #expect(end(of: "[\"EVENT\"]") == nil)
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func `no bytes bring it down`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var bytes = message(.fixture(tags: [.of("e", "x")], content: awkward))
        for _ in 0..<Int.random(in: 1...10, using: &generator) {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[index] = Array("[]{},:\"\\ 0a\u{0}".utf8).randomElement(using: &generator) ?? 0
        }
        let whole = outlined([bytes]), bytewise = outlined(bytes.map { [$0] })
        #expect(whole.isEvent == bytewise.isEvent)
        #expect(whole.end?.0 == bytewise.end?.0)
        #expect(whole.end?.1 == bytewise.end?.1)
    }
}
