// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

/// Stored events that are to be removed in one transaction.
final class Errand: Sendable {
    let filter: Filter
    /// These stay.
    let kept: Set<EventID>
    let limit: Int
    private let count = NIOLockedValueBox(0)

    init(filter: Filter, kept: Set<EventID>, limit: Int) {
        self.filter = filter
        self.kept = kept
        self.limit = limit
    }

    /// How many were removed, once that is on the disk.
    var removed: Int { count.withLockedValue { $0 } }

    /// The transaction is about to end; when it fails and is tried again, so is this.
    func finish(_ removed: Int) { count.withLockedValue { $0 = removed } }
}
