// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import rookery

/// Relays that mirror each other, in many orders of what happens.
@Suite struct StreamRingTests {
    private static let events = (0..<24).map {
        Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)")
    }
    private static let shapes: [(relays: Int, pairs: [(Int, Int)])] = [
        (2, [(0, 1)]), (2, [(0, 1), (1, 0)]), (3, [(0, 1), (1, 2), (2, 0)]),
        (4, [(0, 1), (0, 2), (0, 3), (1, 2), (3, 2)]),
    ]

    /// What each relay holds at the beginning: a third of the first half, some of it shared.
    private func ring(_ shape: Int, seed: UInt64) -> StreamRing {
        var ring = StreamRing(Self.shapes[shape].relays, Self.shapes[shape].pairs, seed: seed)
        for (number, event) in Self.events.prefix(12).enumerated() {
            for relay in ring.relays.indices where (number + relay) % 3 == 0 { ring.store(event, at: relay) }
        }
        return ring
    }

    @Test(arguments: shapes.indices) func `comes to rest, and what is new goes each way once at most`(
        shape: Int
    ) {
        for seed in UInt64(1)...40 {
            var ring = ring(shape, seed: seed)
            let first = Set(ring.relays.flatMap(\.events.keys))
            let rests = ring.rest()
            #expect(rests, "seed \(seed)")
            #expect(ring.relays.allSatisfy { Set($0.events.keys) == first }, "seed \(seed)")
            for (number, event) in Self.events.suffix(12).enumerated() {
                ring.store(event, at: number % ring.relays.count)
                for _ in 0..<(number % 4) { _ = ring.step() }
            }
            let restsAgain = ring.rest()
            #expect(restsAgain, "seed \(seed)")
            #expect(Set(ring.relays[0].events.keys) == first.union(Self.events.suffix(12).map(\.id)))
            #expect(ring.relays.allSatisfy { $0.events.count == ring.relays[0].events.count }, "seed \(seed)")
            for link in ring.links {
                #expect(link.sentUp.values.allSatisfy { $0 == 1 }, "seed \(seed)")
                #expect(link.sentDown.values.allSatisfy { $0 == 1 }, "seed \(seed)")
            }
        }
    }

    @Test(arguments: shapes.indices) func `loses nothing, whichever connections break and when`(shape: Int) {
        for seed in UInt64(1)...60 {
            var ring = ring(shape, seed: seed)
            var chance = SplitMix64(seed: seed)
            let all = Set(ring.relays.flatMap(\.events.keys)).union(Self.events.suffix(12).map(\.id))
            for event in Self.events.suffix(12) {
                ring.store(event, at: Int.random(in: ring.relays.indices, using: &chance))
                for _ in 0..<Int.random(in: 0..<40, using: &chance) { _ = ring.step() }
                ring.cut(Int.random(in: ring.links.indices, using: &chance))
            }
            let restsAgain = ring.rest()
            #expect(restsAgain, "seed \(seed)")
            #expect(ring.relays.allSatisfy { Set($0.events.keys) == all }, "seed \(seed)")
        }
    }
}
