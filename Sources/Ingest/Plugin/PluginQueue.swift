// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// What waits to be asked. Questions about events and about requests take turns, so that however many there are of the one, the
/// other is heard.
struct PluginQueue {
    private var events: Deque<PluginItem> = []
    private var reads: Deque<PluginItem> = []
    private var isReadNext = false
    /// Nothing is given up before.
    private var soonest: Uptime?

    var isEmpty: Bool { events.isEmpty && reads.isEmpty }

    mutating func append(_ item: PluginItem) {
        note(item)
        if item.isRead { reads.append(item) } else { events.append(item) }
    }

    /// It has waited before, and may go on for longer than those behind it.
    mutating func prepend(_ item: PluginItem) {
        note(item)
        if item.isRead { reads.prepend(item) } else { events.prepend(item) }
    }

    private mutating func note(_ item: PluginItem) {
        soonest = min(soonest ?? item.waitsUntil, item.waitsUntil)
    }

    /// The next in turn.
    mutating func popFirst() -> PluginItem? {
        let isRead = events.isEmpty || isReadNext && !reads.isEmpty
        isReadNext = !isRead
        return isRead ? reads.popFirst() : events.popFirst()
    }

    /// Nothing is given up before; `nil` when nothing waits.
    var waitsUntil: Uptime? { isEmpty ? nil : soonest }

    /// Takes out what has waited for too long; everything when there is no time left.
    ///
    /// - Complexity: O(1) as long as nothing is due.
    mutating func takeExpired(at now: Uptime?) -> [PluginItem] {
        if let now, soonest.map({ $0 > now }) ?? true { return [] }
        func isDue(_ item: PluginItem) -> Bool { now.map { item.waitsUntil <= $0 } ?? true }
        let due = events.filter(isDue) + reads.filter(isDue)
        events.removeAll(where: isDue)
        reads.removeAll(where: isDue)
        soonest = [events, reads].joined().map(\.waitsUntil).min()
        return Array(due)
    }
}
