// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore

/// The set of one reconciliation: being read, or there.
struct ServedSet {
    enum State {
        /// Held by the reader thread for the length of a page.
        case reading(NIOLockedValueBox<StoredSetReading>)
        case read(StoredSet)
    }

    var state: State
    /// **Bytes** that were entered for it in ``HeldSets``.
    var heldBytes = 0
    /// When it was asked for, or its last message came.
    var arrived: Uptime
    let cancellation = Cancellation()
    /// The answer just made, until it is known whether anybody wants it.
    var answer: Answer?

    /// A whole `NEG-MSG`.
    struct Answer: Sendable {
        var text: [UInt8]
        /// **Bytes** of the client's message, and of ours.
        var (received, sent): (Int, Int)
    }
}
