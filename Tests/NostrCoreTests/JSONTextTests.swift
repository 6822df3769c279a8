// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import NostrCore

@Suite struct JSONTextTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `text of any length is escaped byte by byte, and means what it meant`(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        let special = Array("\"\\\n\r\t\u{8}\u{c}\u{1}\u{1f}é漢🪺".utf8)
        let text = (0..<Int.random(in: 0...90, using: &rng)).map { _ in
            Int.random(in: 0..<(seed.isMultiple(of: 2) ? 4 : 40), using: &rng) == 0
                ? special.randomElement(using: &rng) ?? 0 : UInt8.random(in: 0x61...0x7A, using: &rng)
        }
        var written: [UInt8] = []
        JSONText.appendEscaped(text.span, to: &written)
        #expect(written == text.flatMap(Self.escaped), "seed \(seed)")
        #expect(JSONText.unescaped(written.span, 0..<written.count) == text, "seed \(seed)")
    }

    @Test func `a lone backslash at the end stands for itself`() {
        let text = Array("abc\\".utf8)
        #expect(JSONText.unescaped(text.span, 0..<text.count) == text)
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        let short: [UInt8: Character] = [
            0x0A: "n", 0x22: "\"", 0x5C: "\\", 0x0D: "r", 0x09: "t", 0x08: "b", 0x0C: "f",
        ]
        if let letter = short[byte] { return Array("\\\(letter)".utf8) }
        return byte < 0x20
            ? Array("\\u00".utf8) + Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
            : [byte]
    }
}
