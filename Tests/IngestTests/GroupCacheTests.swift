// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import Ingest

@Suite struct GroupCacheTests {
    let directory: TemporaryDirectory
    let interest = RepositoryInterest(service: ServiceAuthority("us.example"))

    init() throws { directory = try TemporaryDirectory() }

    /// Runs in a transaction that comes to nothing.
    private func inTransaction(
        _ body: (inout StoreWriter) throws(StoreError) -> Void
    ) throws(StoreError) {
        var options = StoreOptions(path: directory.path + "/store", mapSize: 1 << 28)
        options.durability = .relaxed
        var access = try EventStore.open(options).takeWriter()
        _ = try access.transaction(now: Timestamp(1_700_000_000), body)
    }

    @Test func `identifiers that nobody announced are bounded too`() throws {
        let cache = GroupCache(interest: interest, capacity: 100_000)
        try inTransaction { writer throws(StoreError) in
            for number in 0..<1_000 {
                let identifier = TagValue("\(number)" + String(repeating: "x", count: 900))
                #expect(try cache.group(of: identifier, in: writer.view).announcements.isEmpty)
                #expect(cache.weight <= 100_000 && cache.weight >= 900)
            }
        }
    }

    @Test func `what is kept is weighed as it comes and goes`() throws {
        let cache = GroupCache(interest: interest, capacity: 1 << 20)
        let events = [1, 40, 3].enumerated().map { version, count in
            Event.announcement(
                "x", service: "us.example", maintainers: Array(1...count), at: 1_700_000_000 + Int64(version))
        }
        try inTransaction { writer throws(StoreError) in
            _ = try cache.group(of: "x", in: writer.view)
            var weights = [cache.weight]
            for event in events {
                _ = try writer.put(event)
                cache.removed(writer.takeRemovals())
                if let announcement = RepositoryAnnouncement(event, for: interest.service) {
                    _ = cache.stored(announcement)
                }
                weights.append(cache.weight)
                let fresh = GroupCache(interest: interest, capacity: 1 << 20)
                _ = try fresh.group(of: "x", in: writer.view)
                #expect(fresh.weight == cache.weight)
            }
            #expect(weights[1] > weights[0] && weights[2] > weights[3] && weights[3] > weights[1])
            #expect(try writer.remove(events[2].id, reason: .operator))
            cache.removed(writer.takeRemovals())
            #expect(cache.weight == weights[0])
        }
    }
}
