// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

@Suite struct RelaxedSyncTests {
    /// A disk that refuses while it is told to, and counts how often it was asked.
    final class Disk: Sendable {
        let state = NIOLockedValueBox((refuses: false, asked: 0))

        @Sendable func answer() -> StoreError? {
            state.withLockedValue { state in
                state.asked += 1
                return state.refuses ? .io(operation: "sync", code: 5, reason: "refused") : nil
            }
        }
    }

    let disk = Disk()
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open() throws -> WriteAccess {
        var options = StoreOptions(path: directory.path + "/store", mapSize: 1 << 28, durability: .relaxed)
        options.syncFault = disk.answer
        return try EventStore.open(options).takeWriter()
    }

    @Test func `a sync that the disk refused is told by the next transaction, once`() throws {
        var access = try open()
        let events = (0..<4).map { Event.unsigned(1, at: Int64($0)) }
        func put(_ index: Int, at time: Int64) throws(StoreError) {
            _ = try access.transaction(now: Timestamp(time)) { writer throws(StoreError) in
                #expect(try writer.put(events[index]) == .stored)
            }
        }
        disk.state.withLockedValue { $0.refuses = true }
        try put(0, at: 1_000)
        #expect(throws: StoreError.self) { try put(1, at: 1_001) }
        #expect(try !access.store.contains(events[1].id))
        disk.state.withLockedValue { $0.refuses = false }
        try put(2, at: 1_002)
        try put(3, at: 1_010)
        #expect(access.syncPatience == nil)
    }

    @Test func `what silence follows can be brought to the disk`() throws {
        var access = try open()
        #expect(access.syncPatience == nil)
        for time: Int64 in [1_000, 1_001] {
            _ = try access.transaction(now: Timestamp(time)) { writer throws(StoreError) in
                _ = try writer.put(.unsigned(1, at: time))
            }
        }
        #expect(disk.state.withLockedValue { $0.asked } == 1, "the first at once, the second not yet")
        #expect(access.syncPatience == .seconds(5))
        disk.state.withLockedValue { $0.refuses = true }
        #expect(throws: StoreError.self) { try access.sync() }
        #expect(access.syncPatience != nil)
        disk.state.withLockedValue { $0.refuses = false }
        try access.sync()
        #expect(access.syncPatience == nil)
    }
}
