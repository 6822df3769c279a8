// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import EventStore

@Suite struct NumberSetTests {
    @Test func `numbers come out as they went in, once, from a place on and then from the start`() {
        var set = NumberSet()
        for number in [70, 3, 700, 64, 3] as [UInt64] { _ = set.insert(number) }
        #expect(set.count == 4)
        #expect(set.contains(64) && !set.contains(65) && !set.contains(1 << 40))
        #expect(set.takeNext(from: 64) == 64)
        #expect(set.takeNext(from: 64) == 70)
        #expect(set.takeNext(from: 70) == 700)
        #expect(set.takeNext(from: 700) == 3)
        #expect(set.takeNext(from: 0) == nil)
    }

    @Test func `a sweep over very many costs one pass`() {
        var set = NumberSet()
        for number in stride(from: UInt64(0), to: 4_000_000, by: 40) { _ = set.insert(number) }
        var (place, taken) = (UInt64(0), 0)
        while let next = set.takeNext(from: place) {
            #expect(next >= place)
            (place, taken) = (next, taken + 1)
        }
        #expect(taken == 100_000)
    }
}
