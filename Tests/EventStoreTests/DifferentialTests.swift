// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import EventStore

/// The store against the naive model, with deletions, replacements, expirations and removals mixed in.
@Suite struct DifferentialTests {
    /// A world to be tried: a failure prints it.
    struct World: CustomTestStringConvertible {
        var seed: UInt64
        var shape: KeyShape
        var testDescription: String { "seed \(seed), \(shape == KeyShape() ? "full" : "colliding") prefixes" }
    }

    /// Two bits of ids, one of authors, three of hashes: nearly everything collides.
    static let colliding = KeyShape(
        idPrefix: 0xC000_0000, id: 0xC000_0000_0000_0000, author: 0x8000_0000_0000_0000,
        hash: 0xE000_0000_0000_0000)

    static let worlds = [
        World(seed: 1, shape: KeyShape()), World(seed: 2, shape: KeyShape()),
        World(seed: 3, shape: KeyShape()),
        World(seed: 4, shape: colliding), World(seed: 5, shape: colliding),
    ]

    @Test(arguments: worlds)
    func `the store answers 120 random requests as the model does, order included`(_ world: World) throws {
        var random = RandomWorld(seed: world.seed)
        var model = NaiveStore()
        let store = try TemporaryStore {
            $0.keyShape = world.shape
            // Some worlds have to do with coarser indexes.
            if world.seed % 2 == 0 { $0.limits.streamsPerQuery = 4 }
        }
        var now = RandomWorld.moments.lowerBound
        for round in 0..<12 {
            for _ in 0..<Int.random(in: 1...6, using: &random.random) {
                try write(&random, &model, store, now)
                now += Int64.random(in: 0...2, using: &random.random)
            }
            for _ in 0..<10 {
                try compare(&random, model, store, now, "\(world.testDescription), round \(round)")
            }
        }
        let report = try store.store.check()
        #expect(report.faults == [], "\(world.testDescription)")
        #expect(report.isComplete && report.events == model.stored.count)
        try store.reopen()
        for _ in 0..<10 { try compare(&random, model, store, now, "\(world.testDescription), reopened") }
    }

    /// One transaction of a random size.
    private func write(
        _ random: inout RandomWorld, _ model: inout NaiveStore, _ store: TemporaryStore, _ now: Int64
    ) throws {
        let moment = Timestamp(now)
        try store.write(at: now) { writer throws(StoreError) in
            for _ in 0..<Int.random(in: 1...40, using: &random.random) {
                let event =
                    random.chance(10) ? random.known() ?? random.event(now: now) : random.event(now: now)
                let outcome = try writer.put(event)
                #expect(outcome == model.put(event, now: moment), "\(event.id)")
                if random.chance(4), let known = random.known() {
                    let isThere = model.stored.contains { $0.event.id == known.id }
                    #expect(try writer.remove(known.id, reason: .operator) == isThere)
                    model.remove(known.id)
                }
                if random.chance(5) {
                    // The transaction sees itself.
                    let filter = random.filter()
                    let limit = filter.limit ?? 15
                    let expected = model.events([filter], maxLimit: limit, defaultLimit: limit, now: moment)
                    #expect(try writer.events(matching: filter, limit: limit).map(\.id) == expected)
                }
                #expect(try writer.contains(event.id) == model.stored.contains { $0.event.id == event.id })
            }
            if random.chance(20) {
                let expired = model.stored.filter { $0.hasExpired(at: moment) }.map(\.event.id)
                #expect(try writer.removeExpired(limit: .max) == expired.count)
                for id in expired { model.remove(id) }
            }
        }
    }

    private func compare(
        _ random: inout RandomWorld, _ model: NaiveStore, _ store: TemporaryStore, _ clock: Int64,
        _ place: String
    ) throws {
        let filters = random.request()
        let now = Timestamp(clock)
        let text = "\(place): \(filters.map(\.canonicalJSON))"
        let expected = model.events(filters, maxLimit: 15, defaultLimit: 12, now: now)
        for budget in [PageBudget.unlimited, PageBudget(maxWork: 1), PageBudget(maxEvents: 3)] {
            var query = StoredQuery(filters: filters, maxLimit: 15, defaultLimit: 12, now: now)
            var found: [EventID] = []
            var pages = 0
            while pages < 100_000 {
                pages += 1
                let end = try query.readPage(of: store.store, budget: budget) { json, header in
                    found.append(header.id)
                    return true
                }
                if end != .more { break }
            }
            #expect(found == expected, "\(text)")
        }
        #expect(try store.store.count(filters, now: now) == model.count(filters, now: now), "\(text)")
    }
}
