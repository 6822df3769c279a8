// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// What happens inside one transaction, to the store and to the model alike.
struct Writing {
    var random: RandomWorld
    var model: NaiveStore
    private(set) var complaints: [String] = []

    init(random: RandomWorld, model: NaiveStore) {
        self.random = random
        self.model = model
    }

    mutating func write(_ writer: inout StoreWriter, at now: Timestamp) throws(StoreError) {
        for _ in 0..<random.number(1...30) {
            let event =
                random.chance(10)
                ? random.known() ?? random.event(now: now.seconds) : random.event(now: now.seconds)
            let outcome = try writer.put(event)
            let expected = model.put(event, now: now)
            expect(outcome == expected, "\(event.id) of kind \(event.kind): \(outcome), not \(expected)")
            if outcome == .stored, RandomWorld.isMeant(by: event) {
                try writer.vanish(event.pubkey, upTo: event.createdAt)
                model.vanish(event.pubkey, upTo: event.createdAt)
            }
            if random.chance(4), let known = random.known() {
                let isThere = model.contains(known.id)
                expect(
                    try writer.remove(known.id, reason: .operator) == isThere, "\(known.id) was removed")
                model.remove(known.id)
            }
            if random.chance(5) {
                // The transaction sees itself.
                let filter = random.filter()
                let limit = filter.limit ?? 15
                let expected = model.events(
                    [filter], maxLimit: limit, defaultLimit: limit, now: now, ranks: false)
                let found = try writer.events(matching: filter, limit: limit).map(\.id)
                expect(found == expected, "\(filter.canonicalJSON) inside found \(found), not \(expected)")
            }
            expect(try writer.contains(event.id) == model.contains(event.id), "\(event.id) was put")
            expect(
                try writer.hasVanished(event) == model.hasVanished(event), "whether \(event.id) vanished")
        }
        if random.chance(20) {
            _ = try writer.removeExpired(limit: .max)
            model.removeExpired(at: now)
        }
        if random.chance(40) { _ = try writer.sweepVanished(limit: random.number(1...9)) }
    }

    private mutating func expect(_ holds: Bool, _ text: @autoclosure () -> String) {
        if !holds { complaints.append(text()) }
    }
}
