// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
import NIOConcurrencyHelpers
import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

/// Readers beside a writer that never waits for them.
@Suite struct ConcurrencyTests {
    /// What one query found while the writer went on.
    private struct Reading: Sendable {
        var ids: [EventID]
        var snapshot: CommitSequence
    }

    @Test func `stored pages and later commits together miss nothing and repeat nothing`() throws {
        let store = try TemporaryStore()
        let shared = store.store
        let commits = NIOLockedValueBox<[Commit]>([])
        let subscription = shared.feed.subscribe { item in
            if case .commit(let commit) = item { commits.withLockedValue { $0.append(commit) } }
        }
        let isDone = NIOLockedValueBox(false)
        let readings = NIOLockedValueBox<[Reading]>([])
        let readers = DispatchGroup()
        for pageSize in [1, 7, 100] {
            DispatchQueue.global().async(group: readers) {
                let own = (try? Self.readOn(shared, pageSize: pageSize, isDone)) ?? []
                readings.withLockedValue { $0 += own }
            }
        }
        let events = (0..<1500).map { Event.unsigned(1, at: 1000 + Int64($0 % 37), [["t", "x"]], "\($0)") }
        for start in stride(from: 0, to: events.count, by: 10) {
            try store.putTogether(Array(events[start..<(start + 10)]))
        }
        isDone.withLockedValue { $0 = true }
        readers.wait()
        let all = Set(events.map(\.id))
        let told = commits.withLockedValue { $0 }
        #expect(told.map(\.sequence.rawValue) == Array(1...150))
        #expect(readings.withLockedValue { $0.count } >= 3)
        for reading in readings.withLockedValue({ $0 }) {
            let live = told.filter { $0.sequence > reading.snapshot }.flatMap { $0.stored.map(\.id) }
            #expect(reading.ids.count + live.count == all.count, "snapshot \(reading.snapshot)")
            #expect(Set(reading.ids).union(live) == all)
        }
        subscription.cancel()
    }

    private static func readOn(
        _ store: EventStore, pageSize: Int, _ isDone: NIOLockedValueBox<Bool>
    ) throws -> [Reading] {
        var readings: [Reading] = []
        var isLast = false
        while !isLast {
            isLast = isDone.withLockedValue { $0 }
            let filters = [Filter(tags: ["t": ["x"]]), Filter(kinds: [1], since: Timestamp(1010))]
            var query = StoredQuery(filters: filters, maxLimit: .max, defaultLimit: .max, now: Timestamp(1))
            var ids: [EventID] = []
            while try query.readPage(
                of: store, budget: PageBudget(maxEvents: pageSize),
                emit: { _, header in
                    ids.append(header.id)
                    return true
                }) == .more
            {}
            readings.append(Reading(ids: ids, snapshot: query.snapshot ?? .zero))
            if readings.count > 200 { readings.removeFirst(100) }
        }
        return readings
    }
}
