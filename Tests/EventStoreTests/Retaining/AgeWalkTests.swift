// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import EventStore

/// The way through all events, oldest first.
@Suite struct AgeWalkTests {
    @Test(arguments: [1, 3, 100], [false, true])
    func `every event comes once, oldest first, also while they are removed`(page: Int, removes: Bool) throws
    {
        let temporary = try TemporaryStore()
        var rng = SplitMix64(seed: 5)
        try temporary.putTogether(
            (0..<50).map { .fixture(at: Int64.random(in: 1...20, using: &rng), content: "\($0)") })
        let expected = try temporary.all().reversed().map(\.createdAt)
        var walk = AgeWalk()
        var moments: [Timestamp] = []
        var seen: Set<EventID> = []
        var more = true
        while more {
            var ids: [EventID] = []
            more = try walk.readPage(of: temporary.store, events: page) { visit, _ in
                ids.append(visit.header.id)
                moments.append(visit.header.createdAt)
                return true
            }
            #expect(ids.allSatisfy { seen.insert($0).inserted })
            if removes {
                try temporary.write { writer throws(StoreError) in
                    for id in ids { _ = try writer.remove(id, reason: .operator) }
                }
            }
        }
        #expect(moments == expected)
        #expect(try temporary.all().count == (removes ? 0 : 50))
    }
}
