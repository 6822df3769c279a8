// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The most that a relay was seen to return, so that a page that is certainly whole is told from a capped one.
///
/// Relays cap by filter, by request, by bytes, and some of them otherwise for tags than for ids or the rest:
/// only what was seen of the same sort is evidence.
package struct ObservedCaps: Hashable, Sendable {
    /// Events of one filter in one page.
    private var perFilter: [Sort: Int] = [:]
    /// All of one page.
    private var total = Page()
    /// Fewer events than this, all in one second and all known, are no cap.
    let plausible: Int

    /// Not each tag by itself: all that comes by one may come by another too, and then nothing is seen of it.
    private enum Sort: Hashable, Sendable {
        case ids, tags, other

        init(_ filter: Filter) { self = filter.ids != nil ? .ids : filter.tags.isEmpty ? .other : .tags }
    }

    /// Whether relays that cap filters of some sorts lower cap these two alike.
    static func areAlike(_ a: Filter, _ b: Filter) -> Bool { Sort(a) == Sort(b) }

    struct Page: Hashable, Sendable {
        var events = 0
        var bytes = 0
        /// Bytes of its longest event: as near to a cap of bytes a page may end.
        var longest = 0
    }

    package init(atLeast plausible: Int) { self.plausible = plausible }

    mutating func note(_ page: Page) {
        total.events = max(total.events, page.events)
        total.bytes = max(total.bytes, page.bytes)
        total.longest = max(total.longest, page.longest)
    }

    mutating func note(_ count: Int, of filter: Filter) {
        perFilter[Sort(filter)] = max(perFilter[Sort(filter)] ?? 0, count)
    }

    /// Whether it returns more than such a page.
    func exceeds(_ page: Page, limit: Int) -> Bool {
        if page.events == 0 { return true }
        // Some relays take the limit of a filter for that of the whole request.
        return page.events < total.events && page.events != limit
            && page.bytes + max(page.longest, total.longest) < total.bytes
    }

    /// Whether it returns more for such a filter.
    func exceeds(_ count: Int, of filter: Filter, limit: Int) -> Bool {
        count == 0 || count < min(limit, perFilter[Sort(filter)] ?? 0)
    }
}
