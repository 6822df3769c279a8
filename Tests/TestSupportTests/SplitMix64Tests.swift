// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@Suite struct SplitMix64Tests {
    @Test func `seed 1234567 gives the published sequence`() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test func `a generator split off leaves its parent's sequence alone`() {
        var (a, b) = (SplitMix64(seed: 7), SplitMix64(seed: 7))
        var child = a.split()
        _ = b.next()
        _ = child.next()
        #expect(a.next() == b.next())
    }
}
