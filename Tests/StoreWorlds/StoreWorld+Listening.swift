// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RelaySession

extension StoreWorld {
    /// Somebody who asks for what is stored and stays.
    struct Listener {
        let filters: [Filter]
        /// What the model says has to come, sooner or later.
        var owed: Set<EventID>
        var heard: Set<EventID>
        /// The last commit that was heard of.
        var position: CommitSequence
        /// Missed something, and will read on by itself.
        var isBehind = false
    }

    func subscribe() throws {
        guard let store else { return }
        let moment = Timestamp(now)
        var filters = random.request()
        for place in filters.indices { filters[place].limit = nil }
        var query = StoredQuery(filters: filters, maxLimit: .max, defaultLimit: .max, now: moment)
        let stored = try Self.readAll(&query, of: store, .unlimited)
        expect(Set(stored).count == stored.count, "an event is stored twice")
        let owed = model.events(filters, maxLimit: .max, defaultLimit: .max, now: moment)
        index.insert(
            LiveSubscriber(place: listeners.count, slot: SubscriptionSlot(index: 0)), filters)
        listeners.append(
            Listener(
                filters: filters, owed: Set(owed), heard: Set(stored), position: query.snapshot ?? .zero,
                isBehind: random.chance(30)))
    }

    /// Reads what was missed, from memory or from the log: what is gone meanwhile may be left out, and what has vanished must.
    func catchUp(_ number: Int) throws {
        guard let store else { return }
        let listener = listeners[number]
        var position = listener.position
        var heard = listener.heard
        while listener.isBehind {
            let page = try store.feed.piece(after: position, above: 0, limit: 3, bytes: .max)
            guard case .commits(let commits) = page, let last = commits.last else { break }
            for event in commits.flatMap(\.stored)
            where listener.filters.contains(where: { $0.matches(event) }) {
                heard.insert(event.id)
                expect(!model.hasVanished(event), "\(event.id) has vanished and was caught up with")
            }
            position = last.sequence
        }
        listeners[number].heard = heard
        let missing = listener.owed.subtracting(heard).filter { !listener.isBehind || model.contains($0) }
        expect(missing.isEmpty, "listener \(number) never heard of \(missing)")
        let surplus = heard.subtracting(listener.owed)
        expect(surplus.isEmpty, "listener \(number) did not want \(surplus)")
    }
}
