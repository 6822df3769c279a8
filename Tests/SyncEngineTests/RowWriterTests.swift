// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import SyncPlanner
import TestSupport
import Testing

@testable import SyncEngine

/// The planner's rows on their way to the store.
@Suite struct RowWriterTests {
    @Test(arguments: [100, 10_000])
    func `many more rows than the door takes at once are all written, the last of a key at the end`(
        rowsWaitingMin: Int
    ) async throws {
        let directory = try TemporaryDirectory()
        let opened = try await GatheringHouse.openStore(in: directory)
        let store = opened.store
        var limits = IngestLimits()
        limits.queuedRows = 100
        limits.submissionRows = 50
        var engineLimits = SyncEngineLimits()
        engineLimits.rowsPerWrite = 40
        engineLimits.rowsWaitingMin = rowsWaitingMin
        let clock = SyncClock(uptime: { .zero }, wall: { .epoch }, after: { _, body in body() })
        let ingest = Ingest(
            writer: opened.takeWriter(), store: store, admission: Admission(rules: .open), limits: limits,
            now: { Timestamp(1_800_000_000) })
        let writer = RowWriter(ingest, clock: clock, limits: engineLimits)
        for value in [UInt8(1), 2] {
            writer.write(
                (0..<500).map { number in
                    SyncRow(table: .cursor, key: [UInt8(number >> 8), UInt8(number & 255)], value: [value])
                })
        }
        await writer.drain()
        await writer.drain()
        let rows = try store.sideRows(SyncRow.Table.cursor.side, after: nil, limit: 1000)
        #expect(rows.count == 500)
        #expect(rows.allSatisfy { $0.value == [2] })
        await ingest.shutdown()
    }
}
