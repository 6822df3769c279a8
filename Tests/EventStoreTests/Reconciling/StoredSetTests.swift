// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore
import StoreWorlds
import Testing

/// What is gathered to be reconciled is what the filter matches and the reader may see.
@Suite struct StoredSetTests {
    private let now = Timestamp(1_700_000_000)

    /// What differs between a set of the store and these items, as a client with the items finds it.
    private func differences(
        _ set: StoredSet, _ items: [NegentropyItem], in store: EventStore
    ) throws -> (have: Set<EventID>, need: Set<EventID>) {
        let server = NegentropyServer(limits: NegentropyLimits(frameBytes: 4096))
        let held = NegentropyArray(items)
        var client = NegentropyClient(limits: NegentropyLimits())
        var (have, need): (Set<EventID>, Set<EventID>) = ([], [])
        var message: [UInt8]? = try client.begin(from: held)
        while let next = message {
            let step = try client.take(try set.answer(next, by: server, from: store), with: held)
            have.formUnion(step.have)
            need.formUnion(step.need)
            message = step.message
        }
        return (have, need)
    }

    private func gather(
        _ filter: Filter, in store: EventStore, adding added: [NegentropyItem] = [],
        scope: ReadScope = .unrestricted, most: Int = 1_000, work: Int = .max
    ) throws -> StoredSet? {
        var reading = StoredSetReading(filter, adding: added, scope: scope, now: now, most: most)
        while true {
            switch try reading.readPage(of: store, budget: PageBudget(maxWork: work)) {
            case .set(let set): return set
            case .tooMany: return nil
            case nil: continue
            }
        }
    }

    @Test(arguments: [Int.max, 10]) func `a set holds what a filter matches, whatever its limit`(work: Int)
        throws
    {
        let store = try TemporaryStore()
        let events = (0..<200).map { index in
            Event.unsigned(index % 2 == 0 ? 0 : 1, at: 1000 + Int64(index / 3), by: index, [], "\(index)")
        }
        try store.putTogether(events)
        let matching = events.filter { $0.kind == 1 && (1010...1050).contains($0.createdAt.seconds) }
        let filter = Filter(kinds: [1], since: Timestamp(1010), until: Timestamp(1050), limit: 3)
        let set = try #require(try gather(filter, in: store.store, work: work))
        #expect(set.count == matching.count)
        let items = matching.map { NegentropyItem($0.createdAt, $0.id) }
        let equal = try differences(set, items, in: store.store)
        #expect(equal.have.isEmpty && equal.need.isEmpty)
        let other = NegentropyItem(Timestamp(1020), Event.unsigned(9, at: 5).id)
        let found = try differences(set, items.dropLast(2) + [other], in: store.store)
        #expect(found.have == [other.id] && found.need == Set(items.suffix(2).map(\.id)))
    }

    @Test func `more items than allowed are no set, unless a tree tells them`() throws {
        let store = try TemporaryStore()
        try store.putTogether((0..<20).map { .unsigned(1, at: 1000 + Int64($0)) })
        #expect(try gather(Filter(kinds: [1]), in: store.store, most: 20)?.count == 20)
        #expect(try gather(Filter(kinds: [1]), in: store.store, most: 19) == nil)
        #expect(try gather(Filter(), in: store.store, most: 19)?.count == 20)
    }

    @Test func `what is added counts, and what has expired or may not be read does not`() throws {
        let store = try TemporaryStore()
        let note = Event.unsigned(1, at: 1000)
        let message = Event.unsigned(4, at: 1001)
        let gone = Event.unsigned(1, at: 1002, [["expiration", "1600000000"]])
        try store.put(note, message, at: 1_500_000_000)
        try store.put(gone, at: 1_500_000_000)
        let absent = NegentropyItem(Timestamp(999), Event.unsigned(1, at: 999).id)
        let set = try #require(
            try gather(Filter(), in: store.store, adding: [absent], scope: ReadScope(guardedKinds: [4])))
        let items = [absent, NegentropyItem(note.createdAt, note.id)]
        #expect(set.count == 2)
        let found = try differences(set, items, in: store.store)
        #expect(found.have.isEmpty && found.need.isEmpty)
    }
}
