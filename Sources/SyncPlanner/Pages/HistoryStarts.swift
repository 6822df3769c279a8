// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// From when the history of each item of one relay must be read; spans are seconds.
struct HistoryStarts {
    let wall: Timestamp
    let overlap: Int64
    /// A cursor that is older says nothing any more; 0: none does, not even of this second.
    let window: Int64
    let audited: ItemSet
    /// From when deletions are read in an audit.
    let auditedFrom: Timestamp?
    /// Since when the relay is connected: of what is read in rounds, cursors of this time count, however old.
    let connectedAt: Timestamp?
    let followedSince: [ItemNumber: Timestamp]

    /// - Returns: `nil`: from the beginning.
    func start(of item: ItemNumber, in entry: RelayEntry) -> Timestamp? {
        let isAudited = audited.contains(item)
        if item.isDeletions {
            // What was deleted before we followed is not here, or is deleted by what L2 and L3 bring.
            guard let from = isAudited ? auditedFrom : entry.covered(item) ?? followedSince[item]
            else {
                return nil
            }
            return min(from, wall).advanced(by: -overlap)
        }
        if isAudited { return nil }
        guard let covered = entry.covered(item) else { return nil }
        if let connectedAt, entry.inRounds.contains(item), covered >= connectedAt, covered <= wall {
            return covered.advanced(by: -overlap)
        }
        let away = wall.seconds - covered.seconds
        // A cursor in the future was written by a clock that was wrong: it says nothing.
        guard window > 0, away >= -60, away <= window else { return nil }
        return min(covered, wall).advanced(by: -overlap)
    }
}
