// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import RelayServer

/// How far reports are looked through.
extension ManagementTests {
    @Test func `reports are looked through as far as they are bounded`() async throws {
        try await Self.run(within: {
            ($0.reports, $0.eventsPerReport, $0.reportedEvents, $0.reasonLength) = (2, 2, 3, 4)
        }) { console in
            let events = (0..<9).map { Event.fixture(at: Int64($0), content: "\($0)") }
            let reports = (0..<3).map { (number: Int) -> Event in
                let reported = events[(3 * number)..<(3 * number + 3)]
                let tags = reported.map { Tag(["e", TagValue($0.id.hex), "profanity"]) }
                return Event.fixture(kind: 1984, at: Int64(100 + number), tags: tags)
            }
            await console.relay.store(events + reports)
            let entries = try #require(
                try await console.result("listeventsneedingmoderation") as? [[String: String]])
            // Two of the newest report, one of the next, none of the oldest.
            #expect(entries.map { $0["id"] } == [events[6], events[7], events[3]].map(\.id.hex))
            #expect(entries.allSatisfy { $0["reason"] == "prof" })
        }
    }
}
