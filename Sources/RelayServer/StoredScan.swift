// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import Synchronization

/// A stored scan between two pages, or a count.
struct StoredScan {
    /// Held by the reader thread for the length of a page.
    let query: NIOLockedValueBox<StoredQuery>
    let prefix: [UInt8]
    /// When the request came.
    let arrived: Uptime
    let cancellation = Cancellation()
    var events = 0
    /// Whether a page was read.
    var isBegun = false
    /// The page just read, until it is sent: nobody else is told of it, and none is read before.
    var page: EventPage?
}

/// A count between two slices of time.
struct RunningCount: Sendable {
    var count: StoredCount
    /// When the request came.
    let arrived: Uptime
    /// How long it was read.
    var spent = Duration.zero
}

/// Tells a reader thread that nobody waits any more.
final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }
    func cancel() { flag.store(true, ordering: .relaxed) }
}
