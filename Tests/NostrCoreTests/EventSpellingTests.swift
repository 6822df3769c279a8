// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

/// Every way to write a character in a JSON string, and what becomes of it.
@Suite struct EventSpellingTests {
    /// As written; as NIP-01 writes it on the wire; in NIP-01's pre-image where that differs.
    struct Spelling: Sendable, CustomTestStringConvertible {
        var written: String
        var wire: String
        var image: String?
        var meaning: String

        init(_ written: String, _ wire: String, image: String? = nil, _ meaning: String) {
            self.written = written
            self.wire = wire
            self.image = image
            self.meaning = meaning
        }
        var testDescription: String { written }
    }

    static let seven: [Spelling] = [
        Spelling("\\n", "\\n", "\n"), Spelling("\\\"", "\\\"", "\""), Spelling("\\\\", "\\\\", "\\"),
        Spelling("\\r", "\\r", "\r"), Spelling("\\t", "\\t", "\t"), Spelling("\\b", "\\b", "\u{8}"),
        Spelling("\\f", "\\f", "\u{C}"),
    ]

    /// Every control character as `\u00xx`.
    static let controls: [Spelling] = (0..<0x20).map { (value: UInt8) in
        let character = String(Unicode.Scalar(value))
        let written = "\\u00" + Hex.string([value])
        let short: [UInt8: String] = [8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"]
        return Spelling(written, short[value] ?? written, image: short[value] ?? character, character)
    }

    /// U+FDD1 and U+10FFF2: no characters, yet valid UTF-8.
    static let nonCharacters = String(decoding: [0xEF, 0xB7, 0x91, 0xF4, 0x8F, 0xBF, 0xB2], as: UTF8.self)

    static let others: [Spelling] = [
        Spelling("\\/", "/", "/"), Spelling("/", "/", "/"),
        Spelling("\\u001F", "\\u001f", image: "\u{1F}", "\u{1F}"),
        Spelling("\\u0041", "A", "A"), Spelling("\\u0022", "\\\"", "\""),
        Spelling("\\u005c", "\\\\", "\\"),
        Spelling("\\u005Cn", "\\\\n", "\\n"), Spelling("\\u007f", "\u{7F}", "\u{7F}"),
        Spelling("\u{7F}", "\u{7F}", "\u{7F}"),
        Spelling("\\u00e9", "é", "é"), Spelling("\\u2028", "\u{2028}", "\u{2028}"),
        Spelling("\u{2028}\u{2029}", "\u{2028}\u{2029}", "\u{2028}\u{2029}"),
        Spelling("\\ud83e\\udeb6", "🪶", "🪶"), Spelling("\\uD83E\\uDEB6", "🪶", "🪶"),
        Spelling("🪶", "🪶", "🪶"),
        Spelling("\\uffff", "\u{FFFF}", "\u{FFFF}"),
        Spelling(nonCharacters, nonCharacters, nonCharacters),
        Spelling("e\u{301}", "e\u{301}", "e\u{301}"), Spelling("\\\\u0041", "\\\\u0041", "\\u0041"),
    ]

    @Test(arguments: seven + controls + others, ["", "padding of 8", "é"])
    func `a spelling is understood, and hashed as NIP-01 says`(spelling: Spelling, padding: String)
        throws
    {
        let json = Samples.json(
            content: padding + spelling.written, tags: "[]",
            hashing: padding + (spelling.image ?? spelling.wire))
        let parsed = try Event.parse(json)
        #expect(parsed.event.content == padding + spelling.meaning)
        let event = try #require(parsed.withTrueID())
        #expect(
            String(decoding: event.json, as: UTF8.self).contains(
                "\"content\":\"\(padding)\(spelling.wire)\","))
        try expectStaysTrue(event)
    }

    @Test(arguments: seven + controls + others)
    func `a spelling that was hashed as it was written is kept`(spelling: Spelling) throws {
        let tags = "[[\"t\",\"\(spelling.written)\"],[\"alt\",\"a\(spelling.written)b\"]]"
        let parsed = try Event.parse(Samples.json(content: "x\(spelling.written)", tags: tags))
        let event = try #require(parsed.withTrueID())
        let text = String(decoding: event.json, as: UTF8.self)
        #expect(text.contains("\"tags\":\(tags)"))
        #expect(text.contains("\"content\":\"x\(spelling.written)\","))
        #expect(event.content == "x" + spelling.meaning)
        #expect(
            event.tags == [
                ["t", TagValue(spelling.meaning)], ["alt", TagValue("a\(spelling.meaning)b")],
            ])
        #expect(Filter(tags: ["t": [TagValue(spelling.meaning)]]).matches(event))
        try expectStaysTrue(event)
    }

    /// What we serve must be true for whoever reads it next.
    private func expectStaysTrue(_ event: Event) throws {
        #expect(event.hasTrueID())
        #expect(Event(canonical: event.json)?.layout == event.layout)
        let parsed = try Event.parse(event.json)
        #expect(parsed.withTrueID() == event)
        var message: [UInt8] = []
        RelayMessage.event("s", parsed).appendJSON(to: &message)
        #expect(try RelayMessage.parse(message) == .event("s", parsed))
    }

    @Test func `a tag whose letter was hashed in an escape is found by it`() throws {
        let parsed = try Event.parse(Samples.json(content: "", tags: "[[\"\\u0064\",\"x\"]]"))
        let event = try #require(parsed.withTrueID())
        #expect(event.identifier == "x")
        #expect(Filter(tags: ["d": ["x"]]).matches(event))
    }

    @Test func `white space in tags is not part of what is hashed`() throws {
        let written = String(
            decoding: Samples.json(content: "\\/", tags: "[[\"t\",\"\\/\"]]"), as: UTF8.self)
        let spaced = written.replacing("[[\"t\",\"\\/\"]]", with: " [ [ \"t\" , \"\\/\" ] ] ")
        #expect(try Event.parse(Array(spaced.utf8)).withTrueID()?.json == Array(written.utf8))
    }

    @Test func `a wrong id is not true in any spelling`() throws {
        #expect(try Event.parse(Samples.json(content: "a", hashing: "b")).withTrueID() == nil)
        #expect(try Event.parse(Samples.json(content: "\\/\\u0007", hashing: "b")).withTrueID() == nil)
    }

    @Test(arguments: [
        "\u{0}", "\u{1}", "\u{7}", "\u{8}", "\t", "\n", "\u{C}", "\r", "\u{1F}", "\\ud800", "\\ud800x",
        "\\udc00",
        "\\ud800\\ud800", "\\ud83e\\u0041", "\\udeb6\\ud83e", "\\u12", "\\u12g4", "\\x41", "\\U0041",
        "\\'", "\\",
        "\\u",
    ])
    func `a string that is not JSON is refused`(content: String) {
        for padding in ["", "1234567", "12345678", "é"] {
            #expect(throws: EventError.self) { try Event.parse(Samples.json(content: padding + content)) }
            #expect(throws: EventError.self) {
                try Event.parse(Samples.json(content: "", tags: "[[\"\(padding)\(content)\"]]"))
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0xAA], [0xFE], [0xFF],
        ] as [[UInt8]])
    func `a string that is not UTF-8 is refused`(bytes: [UInt8]) {
        for padding in ["", "1234567", "12345678"] {
            let json = Samples.json(content: padding + "@@")
            let at = json.lastIndex(of: UInt8(ascii: "@"))! - 1
            let broken = json[..<at] + bytes + json[(at + 2)...]
            #expect(throws: EventError.malformed("a string is not UTF-8")) {
                try Event.parse(Array(broken))
            }
        }
    }
}
