// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import Ingest

@Suite struct HoldingPropertyTests {
    @Test func `whatever the order of arrival the same events end up stored`() async throws {
        for seed in 0..<12 {
            var rng = SplitMix64(seed: UInt64(seed))
            let world = RandomWorld(using: &rng, size: 120)
            let expected = NaiveRules(roots: RandomWorld.roots).accepted(
                of: world.events.filter { !$0.kind.isEphemeral })
            #expect(expected.count > 20 && expected.count < world.events.count - 10, "a world worth trying")
            for order in 0..<2 {
                let door = try Door(.grasp(GraspAdmission(service: nil, archive: RandomWorld.archive)))
                var rest = world.events.shuffled(using: &rng)[...]
                while !rest.isEmpty {
                    let piece = rest.prefix(Int.random(in: 1...40, using: &rng))
                    rest = rest.dropFirst(piece.count)
                    let verdicts = await door.submit(Array(piece), from: .importer)
                    for (event, verdict) in zip(piece, verdicts) where verdict == .held {
                        #expect(!event.kind.isEphemeral)
                    }
                }
                #expect(try door.stored() == expected, "seed \(seed), order \(order)")
                await door.ingest.drain()
                let held = world.events.count { !$0.kind.isEphemeral } - expected.count
                #expect(door.ingest.heldEvents == held, "seed \(seed), order \(order)")
            }
        }
    }

    @Test func `many sources at once end with the same events`() async throws {
        for seed in 100..<106 {
            var rng = SplitMix64(seed: UInt64(seed))
            let world = RandomWorld(using: &rng, size: 200)
            let expected = NaiveRules(roots: RandomWorld.roots).accepted(
                of: world.events.filter { !$0.kind.isEphemeral })
            let door = try Door(.grasp(GraspAdmission(service: nil, archive: RandomWorld.archive)))
            let orders = (0..<4).map { _ in world.events.shuffled(using: &rng) }
            await withTaskGroup(of: Void.self) { group in
                for order in orders {
                    group.addTask {
                        for event in order { _ = await door.submit(event) }
                    }
                }
            }
            #expect(try door.stored() == expected, "seed \(seed)")
        }
    }
}
