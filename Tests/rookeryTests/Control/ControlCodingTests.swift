// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import SyncPlanner
import Testing

@testable import rookery

@Suite struct ControlCodingTests {
    private static let sly =
        "a\u{85}b\u{2028}\u{2029}\u{202E}c\u{2066}\u{200B}\u{FEFF}\u{7F}\u{1B}[31m\u{E0041}"

    @Test func `nothing in an answer is obeyed by a terminal, and nothing of it is lost`() {
        for text in [Self.sly, "plain", "é 世 🪶 \"\\", ""] {
            let line = ControlCoding.line(ControlAnswer.failure(text))
            let written = String(decoding: line.dropLast(), as: UTF8.self)
            #expect(written.unicodeScalars.allSatisfy(UpstreamWords.isPrintable), "\(text)")
            #expect(ControlCoding.read(ControlAnswer.self, Array(line.dropLast()))?.error == text)
        }
        let plain = String(decoding: ControlCoding.line(ControlAnswer.failure("é🪶")), as: UTF8.self)
        #expect(plain.contains("é🪶"), "what can be read is left as it is")
        #expect(String(decoding: ControlCoding.line(Self.sly), as: UTF8.self).contains(#"\u202e"#))
    }

    @Test func `what was passed over arrives as it was told`() {
        let skipped = UpstreamExplanation.Skipped(
            count: 3, lastEvent: "abcd", lastBytes: 3 << 20, lastAt: 1_700_000_000)
        let line = ControlCoding.line(skipped)
        #expect(ControlCoding.read(UpstreamExplanation.Skipped.self, line) == skipped)
        #expect(String(decoding: line, as: UTF8.self).contains("\"last_event\":\"abcd\""))
    }

    @Test func `lines for people hold nothing of the kind either`() {
        #expect(UpstreamWords.printable("a é 世 🪶") == "a é 世 🪶")
        let line = UpstreamWords.printable(Self.sly)
        #expect(line.unicodeScalars.allSatisfy(UpstreamWords.isPrintable))
        #expect(line.hasPrefix("a b   c "))
    }
}
