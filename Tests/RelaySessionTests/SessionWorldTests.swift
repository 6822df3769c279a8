// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

@Suite struct SessionWorldTests {
    @Test func `stored and live events join without gap or duplicate in 500 worlds`() {
        for seed in UInt64(0)..<500 {
            var world = SessionWorld(seed: seed)
            for _ in 0..<250 { world.step() }
            world.settle()
            #expect(world.faults.isEmpty, "seed \(seed)")
            for served in world.served {
                let all = served.stored + served.live
                #expect(Set(all).count == all.count, "seed \(seed): an event came twice")
                guard served.isOpen else { continue }
                #expect(served.hasEnded, "seed \(seed): no EOSE")
                #expect(
                    all == world.expected(served.filters),
                    "seed \(seed): not every event, in the order of commits")
            }
        }
    }
}
