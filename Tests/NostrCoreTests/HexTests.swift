// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@Suite struct HexTests {
    @Test func `four bytes at once are spelt as one by one`() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<2_000 {
            let bytes = (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }
            let word = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
            let digits = Hex.digits(of: word)
            let text = (0..<8).map { UInt8(truncatingIfNeeded: digits >> (8 * $0)) }
            #expect(String(decoding: text, as: UTF8.self) == Hex.string(bytes))
        }
    }
}
