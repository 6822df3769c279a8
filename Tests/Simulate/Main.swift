// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import SimulatedWorlds
import StoreWorlds

/// Lives many worlds of relays in virtual time, on all cores.
///
///     simulate [WORLDS] [FIRST SEED]
///     simulate story SEED
///     simulate stores [WORLDS] [FIRST SEED]
///
/// Each failure is one line that names its seed. Exit codes: 0 all worlds were as they should be, 1 some were not.
@main
enum Simulate {
    static func main() async {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "story",
            let seed = UInt64(CommandLine.arguments[2])
        {
            return tell(seed)
        }
        let isOfStores = CommandLine.arguments.dropFirst().first == "stores"
        let words = CommandLine.arguments.dropFirst(isOfStores ? 2 : 1)
        let arguments = words.compactMap { UInt64($0) }
        guard arguments.count == words.count, arguments.count <= 2 else {
            print("usage: simulate [stores] [WORLDS] [FIRST SEED]")
            exit(2)
        }
        let (count, first) = (arguments.first ?? 2000, arguments.dropFirst().first ?? 0)
        let lanes = UInt64(ProcessInfo.processInfo.activeProcessorCount)
        let began = ContinuousClock.now
        let failed = await withTaskGroup(of: Int.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    let seeds = stride(from: first + lane, to: first + count, by: Int(lanes))
                    return isOfStores ? keep(seeds) : live(seeds)
                }
            }
            var failed = 0
            for await some in group { failed += some }
            return failed
        }
        print("\(count) worlds from seed \(first) in \(ContinuousClock.now - began), \(failed) failed")
        exit(failed == 0 ? 0 : 1)
    }

    /// Everything that happened in the last life of one world.
    private static func tell(_ seed: UInt64) {
        var world = World(seed: seed)
        world.run(replaying: true)
        for line in world.story + world.complaints { print(line) }
    }

    /// Stores beside the naive model.
    private static func keep(_ seeds: StrideTo<UInt64>) -> Int {
        var failed = 0
        for seed in seeds {
            var complaints: [String]
            do {
                let world = try StoreWorld(seed: seed)
                try world.run()
                complaints = world.complaints
            } catch {
                complaints = ["seed \(seed): \(error)"]
            }
            if complaints.isEmpty { continue }
            failed += 1
            for complaint in complaints.prefix(3) { print(complaint) }
            fflush(nil)
        }
        return failed
    }

    /// - Returns: how many were not as they should be.
    private static func live(_ seeds: StrideTo<UInt64>) -> Int {
        var failed = 0
        for seed in seeds {
            var world = World(seed: seed)
            world.run(replaying: seed % 8 == 0)
            if world.complaints.isEmpty { continue }
            failed += 1
            for complaint in world.complaints.prefix(3) { print(complaint) }
            // Worlds that never end must not keep it to themselves.
            fflush(nil)
        }
        return failed
    }
}
