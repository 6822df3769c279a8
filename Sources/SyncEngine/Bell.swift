// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// Rung from any thread, heard by one waiter; a ring while nobody waits is remembered.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var wantsRescan = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    /// There is something to look at.
    func ring() { ring { _ in } }

    /// The stored announcements are to be read anew.
    func ringForRescan() { ring { $0.wantsRescan = true } }

    private func ring(_ change: (inout State) -> Void) {
        state.withLockedValue { state in
            change(&state)
            state.isRung = true
            return state.waiter.take()
        }?.resume()
    }

    /// Whether they are to be read anew; asked for once, answered once.
    func takeRescan() -> Bool {
        state.withLockedValue { state in
            defer { state.wantsRescan = false }
            return state.wantsRescan
        }
    }

    /// Suspends until it is rung or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
                let isRung = state.withLockedValue { state in
                    if !state.isRung, !Task.isCancelled { state.waiter = waiter }
                    defer { state.isRung = false }
                    return state.waiter == nil
                }
                if isRung { waiter.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
