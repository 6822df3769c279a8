// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Proofs that were shown, for as long as they could be shown again.
struct ReplayCache: Sendable {
    /// When each is of no use any more.
    private var ends: [EventID: Timestamp] = [:]
    let limit: Int

    init(limit: Int) { self.limit = limit }

    /// What becomes of a proof.
    enum Outcome: Hashable, Sendable {
        case new, replayed
        /// There are too many to remember one more.
        case full
    }

    /// Remembers a proof that is good until `end`, that second included.
    mutating func show(_ id: EventID, until end: Timestamp, at now: Timestamp) -> Outcome {
        if ends[id] != nil { return .replayed }
        if ends.count >= limit { ends = ends.filter { $0.value >= now } }
        guard ends.count < limit else { return .full }
        ends[id] = end
        return .new
    }
}
