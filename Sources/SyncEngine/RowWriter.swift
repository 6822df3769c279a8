// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import SyncPlanner

/// Takes the planner's rows to the one door: in order, one submission at a time, so that however many there are
/// they never fill the door and none is refused for that.
///
/// Rows that are lost to a failing store cost no event: what they cover is asked for again after a restart.
final class RowWriter: Sendable {
    private struct State {
        /// What waits, the oldest first. The planner has at most one row for each item and relay under way.
        var waiting: [SideWrite] = []
        var isBusy = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private let ingest: Ingest
    /// Rows of one submission.
    private let most: Int
    private let state = NIOLockedValueBox(State())

    init(_ ingest: Ingest, rowsPerWrite most: Int) {
        self.ingest = ingest
        self.most = most
    }

    func write(_ rows: [SyncRow]) {
        let side = rows.map { SideWrite($0.table.side, key: $0.key, value: $0.value) }
        let isIdle = state.withLockedValue { state in
            state.waiting += side
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isIdle { submitNext() }
    }

    /// Waits until everything was judged.
    func drain() async {
        await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
            let isIdle = state.withLockedValue { state in
                if state.isBusy { state.whenEmpty.append(waiter) }
                return !state.isBusy
            }
            if isIdle { waiter.resume() }
        }
    }

    private func submitNext() {
        let (piece, waiters) = state.withLockedValue { state in
            let piece = Array(state.waiting.prefix(most))
            state.waiting.removeFirst(piece.count)
            guard piece.isEmpty else { return (piece, [CheckedContinuation<Void, Never>]()) }
            state.isBusy = false
            defer { state.whenEmpty = [] }
            return (piece, state.whenEmpty)
        }
        for waiter in waiters { waiter.resume() }
        if !piece.isEmpty { ingest.submit([], from: .operator, with: piece) { [self] _ in submitNext() } }
    }
}
