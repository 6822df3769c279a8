// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOCore
import SyncPlanner

/// Takes the planner's rows to the one door: in order, one submission at a time, so that however many there are
/// they never fill the door.
///
/// A submission that the store does not take is tried again until it does, before any later one: a later row may
/// be true only because of an earlier one. Of rows with one key the newest alone waits, at the end.
final class RowWriter: Sendable {
    private struct Key: Hashable {
        let table: SideTable
        let key: [UInt8]

        init(_ row: SideWrite) { (table, key) = (row.table, row.key) }
    }

    private struct State {
        /// What waits, the oldest first; `nil` where a newer row of the same key came.
        var waiting: CircularBuffer<SideWrite?> = []
        /// Where each key's row is, counted from the first that ever waited.
        var places: [Key: Int] = [:]
        var taken = 0
        var isBusy = false
        /// A store that fails is not waited for any more.
        var isLast = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []

        mutating func append(_ row: SideWrite) {
            let key = Key(row)
            if let place = places[key] {
                waiting[waiting.index(waiting.startIndex, offsetBy: place - taken)] = nil
            }
            places[key] = taken + waiting.count
            waiting.append(row)
        }

        mutating func take(_ most: Int) -> [SideWrite] {
            var piece: [SideWrite] = []
            while piece.count < most, let row = waiting.popFirst() {
                taken += 1
                guard let row else { continue }
                places[Key(row)] = nil
                piece.append(row)
            }
            return piece
        }
    }

    private let ingest: Ingest
    private let clock: SyncClock
    private let limits: SyncEngineLimits
    private let state = NIOLockedValueBox(State())

    init(_ ingest: Ingest, clock: SyncClock, limits: SyncEngineLimits) {
        self.ingest = ingest
        self.clock = clock
        self.limits = limits
    }

    func write(_ rows: [SyncRow]) {
        let isIdle = state.withLockedValue { state in
            for row in rows { state.append(SideWrite(row.table.side, key: row.key, value: row.value)) }
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isIdle { submitNext() }
    }

    /// Waits until everything was written, or the store fails.
    func drain() async {
        await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
            let isIdle = state.withLockedValue { state in
                state.isLast = true
                if state.isBusy { state.whenEmpty.append(waiter) }
                return !state.isBusy
            }
            if isIdle { waiter.resume() }
        }
    }

    private func submitNext() {
        let (piece, waiters) = state.withLockedValue { state in
            let piece = state.take(limits.rowsPerWrite)
            guard piece.isEmpty else { return (piece, [CheckedContinuation<Void, Never>]()) }
            state.isBusy = false
            defer { state.whenEmpty = [] }
            return (piece, state.whenEmpty)
        }
        for waiter in waiters { waiter.resume() }
        if !piece.isEmpty { submit(piece) }
    }

    private func submit(_ piece: [SideWrite]) {
        ingest.submit([], from: .operator, with: piece) { [self] verdicts in
            guard verdicts.contains(where: { !$0.isFinal }), !state.withLockedValue(\.isLast) else {
                return submitNext()
            }
            clock.after(limits.storeRetry) { [self] in submit(piece) }
        }
    }
}
