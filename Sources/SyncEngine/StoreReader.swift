// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Logging
import NIOPosix
import NostrCore
import SyncPlanner
import Telemetry

/// Reads our own store for the planner, on a thread of its own, and answers every question sooner or later.
struct StoreReader: Sendable {
    let store: EventStore
    let threads: NIOThreadPool
    let clock: SyncClock
    let limits: SyncEngineLimits
    let logger: Logger

    /// What an earlier run wrote down.
    func rows() async throws -> [SyncRow] {
        var rows: [SyncRow] = []
        for table in SyncRow.Table.allCases {
            var last: [UInt8]?
            repeat {
                let after = last
                let page = try await attempt {
                    try store.sideRows(table.side, after: after, limit: limits.rowsPerPage)
                }
                rows += page.map { SyncRow(table: table, key: $0.key, value: $0.value) }
                last = page.count < limits.rowsPerPage ? nil : page.last?.key
            } while last != nil
        }
        return rows
    }

    /// Every event that matches, in pages; the last may be empty.
    ///
    /// - Returns: the commit that the events were read at.
    @discardableResult
    func events(
        matching filters: [Filter], page: ([Event], _ isLast: Bool) async -> Void
    ) async throws -> CommitSequence {
        var query = StoredQuery(filters: filters, maxLimit: .max, defaultLimit: .max, now: clock.wall())
        while true {
            let before = query
            let (after, events, isLast) = try await attempt { try read(before) }
            query = after
            await page(events, isLast)
            if isLast { return query.snapshot ?? .zero }
        }
    }

    /// Those that the store lacks.
    func absent(of references: [Reference]) async throws -> [Reference] {
        try await attempt {
            try references.filter { reference in
                switch reference {
                case .event(let id): try !store.contains(id)
                case .address(let address): try store.event(at: address) == nil
                }
            }
        }
    }

    /// One page of the commit feed.
    func commits(after sequence: CommitSequence) async throws -> FeedPage {
        try await attempt { try store.feed.commits(after: sequence, limit: limits.commitsPerPage) }
    }

    private func read(_ query: StoredQuery) throws(StoreError) -> (StoredQuery, [Event], isLast: Bool) {
        var (query, events) = (query, [Event]())
        let budget = PageBudget(maxEvents: limits.eventsPerPage, maxBytes: limits.bytesPerPage)
        let end = try query.readPage(of: store, budget: budget) { json, header in
            let bytes = json.withUnsafeBufferPointer { Array($0) }
            events.append(Event(id: header.id, pubkey: header.pubkey, layout: header.layout, json: bytes))
            return true
        }
        return (query, events, end != .more)
    }

    /// Tries until the store answers: a store that fails heals, or the relay is stopped.
    func attempt<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        while true {
            try Task.checkCancellation()
            do {
                return try await threads.runIfActive(body)
            } catch let cancelled as CancellationError {
                throw cancelled
            } catch {
                logger.warning("own store cannot be read", metadata: [LogKey.error: "\(error)"])
                await clock.pause(limits.storeRetry)
            }
        }
    }
}
