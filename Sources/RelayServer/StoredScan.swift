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
    let begun: Uptime
    let cancellation = Cancellation()
    var events = 0
    /// The page just read, until it is known whether anybody wants it.
    var page: EventPage?
}

/// Tells a reader thread that nobody waits any more.
final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }
    func cancel() { flag.store(true, ordering: .relaxed) }
}
