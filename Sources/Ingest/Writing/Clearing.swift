// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// A walk over everything that is banned, which removes what of it is stored, in steps of one transaction each.
struct Clearing {
    /// What one filter asks for.
    private enum Part {
        case events([EventID])
        case authors([PublicKey])
    }

    /// Authors or ids that one filter asks for.
    private static let subjectsAtOnce = 200

    /// The next is the last.
    private var parts: [Part] = []
    /// Whether the transaction that is open, or was last, removed all of the next.
    private var isCleared = false

    /// From the start.
    init(_ lists: ModerationLists) {
        parts =
            Self.pieces(lists.entries(\.bannedPubkeys).map(\.subject)).map { .authors($0) }
            + Self.pieces(lists.entries(\.bannedEvents).map(\.subject)).map { .events($0) }
    }

    /// Nothing to remove.
    init() {}

    /// Removes at most so many events.
    ///
    /// - Returns: whether there is more; only what a transaction before this one removed counts as done.
    mutating func step(
        _ lists: ModerationLists, limit: Int, in writer: inout StoreWriter
    ) throws(StoreError) -> Bool {
        if isCleared { parts.removeLast() }
        isCleared = false
        guard let part = parts.last else { return false }
        // Who was let in again meanwhile keeps what is left.
        let filter =
            switch part {
            case .events(let ids): Filter(ids: ids.filter { lists.bans($0) })
            case .authors(let keys): Filter(authors: keys.filter { lists.bans($0) })
            }
        let removed = try writer.remove(filter, keeping: lists.allowedEventIDs, limit: limit)
        isCleared = removed < limit
        return true
    }

    /// The transaction of the last step did not happen.
    mutating func rolledBack() { isCleared = false }

    private static func pieces<Subject>(_ subjects: [Subject]) -> [[Subject]] {
        stride(from: 0, to: subjects.count, by: subjectsAtOnce).map {
            Array(subjects[$0..<min($0 + subjectsAtOnce, subjects.count)])
        }
    }
}

extension StoreWriter {
    /// Removes stored events that match, newest first, but for those that stay; says how many.
    mutating func remove(_ filter: Filter, keeping kept: Set<EventID>, limit: Int) throws(StoreError) -> Int {
        var removed = 0
        for event in try events(matching: filter, limit: limit + kept.count)
        where removed < limit && !kept.contains(event.id) {
            if try remove(event.id, reason: .operator) { removed += 1 }
        }
        return removed
    }
}
