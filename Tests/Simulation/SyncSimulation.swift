// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import SimulatedWorlds
import Testing

/// Whole worlds of relays in virtual time: a few of those that `simulate` lives in a release build. A failure names its
/// seed: `World(seed:)` lives it again.
@Suite struct SyncSimulation {
    /// Worlds in one run of the tests; `ROOKERY_SIMULATION_WORLDS` lives more.
    static let worlds = environment("ROOKERY_SIMULATION_WORLDS").flatMap { Int($0) } ?? 96
    static let groups = 12
    private static let isShort = environment("ROOKERY_SIMULATION_WORLDS") == nil

    @Test(arguments: 0..<groups)
    func `what relays hold arrives whatever goes wrong, and no promise is broken`(group: Int) {
        for seed in stride(from: group, to: Self.worlds, by: Self.groups) {
            // The big ones are for a release build.
            if Self.isShort, World.isBig(UInt64(seed)) { continue }
            var world = World(seed: UInt64(seed))
            world.run(replaying: seed % 8 == 0)
            for complaint in world.complaints.prefix(3) { Issue.record("\(complaint)") }
            if !world.complaints.isEmpty { return }
        }
    }

    /// `ROOKERY_SEED=7 swift test --filter SyncSimulation` tells the whole story of one world.
    @Test(.enabled(if: Self.seed != nil))
    func `one world is told`() {
        guard let seed = Self.seed else { return }
        var world = World(seed: seed)
        world.run(replaying: true)
        for line in world.story { print(line) }
        for complaint in world.complaints { Issue.record("\(complaint)") }
    }

    private static let seed = environment("ROOKERY_SEED").flatMap { UInt64($0) }

    private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
