// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@Suite struct ReconcilingWorldTests {
    @Test func `in any order of things, one reading is under way, and no set outlives its reconciliation`() {
        for seed in 0..<400 as Range<UInt64> {
            var world = ReconcilingWorld(seed: seed)
            for _ in 0..<150 {
                world.step()
                if world.held > world.open { break }
            }
            #expect(world.held <= world.open, "seed \(seed)")
            world.settle()
            #expect(world.faults.isEmpty, "seed \(seed): \(world.faults)")
            #expect(world.heard > 0 && world.said > 0, "seed \(seed)")
        }
    }
}
