// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import StoreWorlds
import Testing

/// The store against the naive model; `simulate stores` lives many more.
@Suite struct DifferentialTests {
    @Test(arguments: [UInt64](1...10))
    func `a store answers as the naive model does, and tells who listens the same`(_ seed: UInt64) throws {
        let world = try StoreWorld(seed: seed)
        try world.run()
        #expect(world.complaints == [])
    }
}
