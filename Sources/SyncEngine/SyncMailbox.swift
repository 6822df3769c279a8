// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import SyncPlanner

/// What waits to be told to the planner, in the order in which it happened.
///
/// Every sender holds itself to a bound and is told when its letter was taken: a link stops reading its socket
/// (``UpstreamLink``), the follower hands over one page at a time, and judgements answer submissions, of which the
/// planner bounds the number. So the mailbox needs no bound of its own and drops nothing.
final class SyncMailbox: Sendable {
    /// What of the links' messages is in here.
    let waiting: WaitingBytes

    init(bytesMax: Int = SyncEngineLimits().mailboxBytesInTotal) {
        waiting = WaitingBytes(bytesMax: bytesMax)
    }

    /// One input, and whom to tell that it was taken.
    struct Letter: Sendable {
        let input: SyncInput
        let taken: (@Sendable () -> Void)?
    }

    private struct State {
        var letters: [Letter] = []
        var isRung = false
        var isClosed = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    /// Adds an input. After ``close()`` it is thrown away, and `taken` is called at once.
    func put(_ input: SyncInput, taken: (@Sendable () -> Void)? = nil) {
        let (reader, isClosed) = state.withLockedValue { state in
            if state.isClosed { return (CheckedContinuation<Void, Never>?.none, true) }
            state.letters.append(Letter(input: input, taken: taken))
            return (state.reader.take(), false)
        }
        reader?.resume()
        if isClosed { taken?() }
    }

    /// Adds an input and suspends until it is taken.
    func deliver(_ input: SyncInput) async {
        await withCheckedContinuation { waiting in
            put(input) { waiting.resume() }
        }
    }

    /// Makes the next ``take()`` return, even with nothing.
    func ring() {
        state.withLockedValue { state in
            state.isRung = true
            return state.reader.take()
        }?.resume()
    }

    /// Suspends until there is something, or until it is rung; one reader only.
    func take() async -> [Letter] {
        await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
            let isReady = state.withLockedValue { state in
                if !state.letters.isEmpty || state.isRung { return true }
                state.reader = waiting
                return false
            }
            if isReady { waiting.resume() }
        }
        return state.withLockedValue { state in
            state.isRung = false
            defer { state.letters.removeAll() }
            return state.letters
        }
    }

    /// Throws away what waits and all that comes.
    func close() {
        let letters = state.withLockedValue { state in
            state.isClosed = true
            defer { state.letters.removeAll() }
            return state.letters
        }
        for letter in letters { letter.taken?() }
    }
}
