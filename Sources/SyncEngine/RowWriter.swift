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
/// be true only because of an earlier one. Where very many wait, the newest of each key alone does.
final class RowWriter: Sendable {
    private struct State {
        /// What waits, the oldest first, in the pieces that it came in; none is empty.
        var waiting: CircularBuffer<ArraySlice<SyncRow>> = []
        var count = 0
        /// How many may wait before it is worth looking for rows that are written twice.
        var crowd: Int
        var isBusy = false
        /// A store that fails is not waited for any more.
        var isLast = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []

        mutating func append(_ rows: [SyncRow], crowdMin: Int) {
            guard !rows.isEmpty else { return }
            waiting.append(rows[...])
            count += rows.count
            guard count > crowd else { return }
            var seen: Set<SyncRow.Place> = []
            let newest = Array(
                waiting.joined().reversed().filter { seen.insert($0.place).inserted }.reversed())
            // Relays last, as what one says of all its items relies on the cursors that say something else.
            waiting = [(newest.filter { $0.table == .cursor } + newest.filter { $0.table == .relay })[...]]
            count = newest.count
            crowd = max(crowdMin, 2 * count)
        }

        mutating func take(_ most: Int) -> [SideWrite] {
            var piece: [SideWrite] = []
            while piece.count < most, let first = waiting.popFirst() {
                let taken = first.prefix(most - piece.count)
                piece += taken.map { SideWrite($0.table.side, key: $0.key, value: $0.value) }
                if taken.endIndex < first.endIndex { waiting.prepend(first[taken.endIndex...]) }
            }
            count -= piece.count
            return piece
        }
    }

    private let ingest: Ingest
    private let clock: SyncClock
    private let limits: SyncEngineLimits
    private let state: NIOLockedValueBox<State>

    init(_ ingest: Ingest, clock: SyncClock, limits: SyncEngineLimits) {
        self.ingest = ingest
        self.clock = clock
        self.limits = limits
        state = NIOLockedValueBox(State(crowd: limits.rowsWaitingMin))
    }

    func write(_ rows: [SyncRow]) {
        let isIdle = state.withLockedValue { state in
            state.append(rows, crowdMin: limits.rowsWaitingMin)
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
