// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// What of all links together waits for the planner, and how much of it one link may hold.
///
/// While there is room, a link may hold its own bound. When there is none, only a fair share: who has the most
/// waiting is no longer read, and who has little goes on.
final class WaitingBytes: Sendable {
    private struct State {
        var bytes = 0
        /// Links of which anything waits.
        var links = 0
    }

    private let state = NIOLockedValueBox(State())
    private let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// What one link has waiting has changed.
    func changed(from before: Int, to after: Int) {
        guard before != after else { return }
        state.withLockedValue { state in
            state.bytes += after - before
            state.links += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0)
        }
    }

    /// How much may wait of one link now, if it were to hold at most `most` by itself.
    func share(_ most: Int) -> Int {
        state.withLockedValue { state in
            state.bytes < bytesMax ? most : min(most, bytesMax / max(1, state.links))
        }
    }

    var total: Int { state.withLockedValue { $0.bytes } }
}
