// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import Testing

@testable import rookery

@Suite struct StoreReadingsTests {
    @Test func `all lines of one scrape share one reading, and the next scrape has its own`() {
        let now = NIOLockedValueBox(Uptime.zero)
        let reads = NIOLockedValueBox(0)
        let readings = StoreReadings(uptime: { now.withLockedValue { $0 } }) {
            reads.withLockedValue { $0 += 1 }
            return nil
        }
        for _ in 0..<3 { #expect(readings.now == nil) }
        #expect(reads.withLockedValue { $0 } == 1)
        now.withLockedValue { $0 = $0 + .milliseconds(100) }
        _ = readings.now
        #expect(reads.withLockedValue { $0 } == 2)
    }
}
