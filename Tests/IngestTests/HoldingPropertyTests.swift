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

    /// Versions and deletions by id and by address, in batches of any size: whatever became of them, states are
    /// taken from those whom the announcements that are stored now make maintainers, and from nobody else.
    @Test func `authority follows what is stored, through new versions and deletions`() async throws {
        let rules = NaiveRules(roots: RandomWorld.roots)
        var outcomes: [Bool: Int] = [:]
        for seed in 0..<10 {
            var rng = SplitMix64(seed: UInt64(seed))
            let door = try Door(.grasp(GraspAdmission(service: nil, archive: RandomWorld.archive)))
            var known: [Event] = []
            for step in 0..<25 {
                var batch: [Event] = []
                for _ in 0..<Int.random(in: 1...5, using: &rng) {
                    batch.append(Self.change(after: known + batch, using: &rng))
                }
                known += batch
                _ = await door.submit(batch)
                let stored = try door.store.events(matching: [Filter(kinds: [30617])], now: .epoch)
                for author in 0..<4 {
                    let probe = Event.state("main", by: author, at: 1_700_000_100 + Int64(step))
                    let isTaken = await door.submit(probe).isStored
                    #expect(isTaken == rules.isMaintainer(probe, stored), "seed \(seed), step \(step)")
                    outcomes[isTaken, default: 0] += 1
                }
            }
        }
        #expect(outcomes.values.allSatisfy { $0 > 100 } && outcomes.count == 2, "\(outcomes)")
    }

    private static func change(after known: [Event], using rng: inout SplitMix64) -> Event {
        let author = Int.random(in: 0..<4, using: &rng)
        let own = known.filter { $0.pubkey == TestKey.publicKey(author) && $0.kind == 30617 }
        let time = 1_700_000_000 + Int64.random(in: 0..<50, using: &rng)
        guard !own.isEmpty, Int.random(in: 0..<3, using: &rng) == 0 else {
            let maintainers = (0..<4).filter { _ in Int.random(in: 0..<3, using: &rng) == 0 }
            return .announcement("main", by: author, maintainers: maintainers, at: time)
        }
        var tags = (0..<Int.random(in: 1...2, using: &rng)).compactMap { _ in
            own.randomElement(using: &rng).map { Tag.of("e", $0.id.hex) }
        }
        if Int.random(in: 0..<4, using: &rng) == 0, let address = own[0].address {
            tags = [Tag(["a", address.text])]
        }
        return .fixture(kind: .deletion, at: time, tags: tags, by: author)
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
