// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import rookery

@Suite struct SpareMemoryTests {
    /// What is spare before each look, and after it where memory was given back.
    private struct Look {
        var before: Int
        var after = -1
        var gives: Bool { after >= 0 }
    }

    @Test func `memory is given back when there is much of it, and more than could not be given back`() {
        let megabyte = 1 << 20
        var memory = SpareMemory()
        for (number, look) in [
            Look(before: 7 * megabyte), Look(before: 9 * megabyte, after: 5 * megabyte),
            Look(before: 12 * megabyte), Look(before: 13 * megabyte, after: 6 * megabyte),
            // It shrank by itself: from there it counts.
            Look(before: megabyte), Look(before: 8 * megabyte), Look(before: 9 * megabyte, after: 0),
        ].enumerated() {
            var spare = look.before
            let gave = memory.giveBack(spare: { spare }, trim: { spare = look.after })
            #expect(gave == look.gives, "look \(number)")
        }
    }
}
