// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// A log line that one relay can bring about at any rate.
struct RelayLine: Hashable, Sendable {
    let relay: RelayURL
    let kind: Kind

    enum Kind: Hashable, Sendable {
        case notice
        case closed
        case skipped
        case batchFailed(BatchFailure)
        case pagedInstead(PagedReason)
    }
}
