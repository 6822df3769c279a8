// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Reads the stored events of some filters page by page, newest first, until nothing is left.
///
/// Each filter has its own place: `until` is the second of the oldest event it has seen, inclusive, and the
/// ids seen in that second are remembered, so nothing is skipped where a page ends inside a second. A page
/// is the last one of a filter only when it is shorter than what the relay is known to return
/// (``ObservedCaps``), never because it is shorter than what was asked: many relays cap in silence.
///
/// When a full page brings nothing new, one second holds more than one page. Then, in this order:
/// filters are asked one by one; a higher limit is asked; the filter is cut into halves; the relay's cap
/// is measured with a filter that matches anything. If all that does not help, the second is stepped over
/// and ``hasGap`` tells it.
public struct HistoryPages: Hashable, Sendable {
    /// Filters that are not finished.
    private(set) var slices: [Slice]
    /// Whether some second could not be read to its end.
    private(set) var hasGap = false
    /// Whether the page being read only measures the relay's cap: its events are not ours.
    private(set) var isMeasuring = false
    /// How many filters are asked together.
    private var together: Int
    private var limit: Int
    private var pageIDs: Set<EventID> = []
    private var pageOldest: Timestamp?
    /// Events that came more than once on the page: some relays send one for each filter that it matches.
    private var repeats = 0
    /// Of the page being read, once an event came.
    private var index: PageIndex?
    /// **Bytes** of the filters of one page; `nil`: all of them have room.
    private var lengthMax: Int?

    /// One filter and its place.
    struct Slice: Hashable, Sendable {
        var filter: Filter
        let length: Int
        /// Every event down to this second was seen, but for some of this second.
        var until: Timestamp?
        /// What was seen of that second.
        var boundary: Set<EventID> = []
        /// Whether the cap was measured for the page it is stuck at.
        var capWasMeasured = false

        // The page being read.
        var count = 0
        var fresh = 0
        var oldest: Timestamp?
        var oldestIDs: Set<EventID> = []
    }

    enum Step: Hashable, Sendable { case nextPage, finished }

    /// What an event is to the page.
    enum Arrival: Hashable, Sendable {
        case fresh
        /// It was sent before on this page; that copy may have been a forged one.
        case again
        /// It only tells how much the relay returns.
        case measured
        case unasked
    }

    init(filters: [Filter], limits: UpstreamLimits) {
        slices = filters.map { Slice(filter: $0, length: $0.writtenLength) }
        together = limits.maxFilters
        limit = limits.pageSize
        let room = limits.maxMessageLength - Filter.requestLength
        if filters.reduce(0, { $0 + $1.writtenLength }) > room { lengthMax = room }
    }

    /// How many of ``slices`` the next page asks for.
    private var active: Int {
        let most = min(together, slices.count)
        guard let lengthMax else { return most }
        var (count, length) = (0, 0)
        for slice in slices.prefix(most) {
            length += slice.length
            if length > lengthMax { break }
            count += 1
        }
        return min(most, max(1, count))
    }

    /// What the next page asks for.
    var request: [Filter] {
        if isMeasuring { return [Filter(limit: limit)] }
        return slices[..<active].map { slice in
            var filter = slice.filter
            filter.until = slice.until
            filter.limit = limit
            return filter
        }
    }

    /// Takes an event of the page.
    mutating func take(_ event: Event) -> Arrival {
        if isMeasuring {
            pageIDs.insert(event.id)
            return .measured
        }
        let filed = index ?? PageIndex(slices[..<active].map(\.filter))
        index = filed
        var isAsked = false
        for index in filed.candidates(event) where slices[index].covers(event) {
            if !isAsked {
                isAsked = true
                guard pageIDs.insert(event.id).inserted else {
                    repeats += 1
                    return repeats <= active * pageIDs.count ? .again : .unasked
                }
                pageOldest = min(pageOldest ?? event.createdAt, event.createdAt)
            }
            slices[index].take(event)
        }
        return isAsked ? .fresh : .unasked
    }

    /// The relay said that the page is complete.
    mutating func pageEnded(caps: inout ObservedCaps, limits: UpstreamLimits) -> Step {
        defer { forgetPage() }
        if isMeasuring { return measured(caps: &caps, limits: limits) }
        let total = pageIDs.count
        let asked = active
        let before = caps
        caps.note(perFilter: slices[..<asked].map(\.count).max() ?? 0, total: total)
        var remaining: [Slice] = []
        var stuck: [Slice] = []
        for var slice in slices[..<asked] {
            let isFull =
                slice.count >= min(limit, before.perFilter) || total >= min(limit, before.total)
            guard isFull else { continue }
            let isFresh = slice.fresh > 0
            // A filter that got nothing may have been crowded out by the others.
            if slice.turnPage(crowdedOutFrom: slice.count == 0 ? pageOldest : nil) || isFresh {
                remaining.append(slice)
            } else {
                stuck.append(slice)
            }
        }
        slices.removeFirst(asked)
        slices = remaining + slices
        if !stuck.isEmpty { unstick(stuck, wereTogether: asked, caps: caps, limits: limits) }
        return slices.isEmpty ? .finished : .nextPage
    }

    /// The page being read was broken off: it is asked for again.
    mutating func pageInterrupted() {
        forgetPage()
        for index in slices.indices { slices[index].forgetPage() }
    }

    private mutating func forgetPage() {
        pageIDs.removeAll(keepingCapacity: true)
        pageOldest = nil
        repeats = 0
        index = nil
    }

    /// A full page brought nothing new to these.
    private mutating func unstick(
        _ stuck: [Slice], wereTogether: Int, caps: ObservedCaps, limits: UpstreamLimits
    ) {
        if wereTogether > 1 {
            together = 1
            slices = stuck + slices
        } else if limit < limits.pageSizeMax {
            limit = min(limits.pageSizeMax, limit * 4)
            slices = stuck + slices
        } else if let slice = stuck.first {
            if let (first, second) = slice.filter.halves {
                slices = [slice.asking(first), slice.asking(second)] + slices
            } else if !slice.capWasMeasured, slice.boundary.count < limit {
                slices = [slice] + slices
                isMeasuring = true
                limit = slice.boundary.count + 1
            } else {
                stepOver(slice)
            }
        }
    }

    /// The relay was asked for one event more than the page that is stuck holds, of whatever kind.
    private mutating func measured(caps: inout ObservedCaps, limits: UpstreamLimits) -> Step {
        isMeasuring = false
        limit = limits.pageSizeMax
        let wasStuckAt = slices[0].boundary.count
        caps.note(perFilter: pageIDs.count, total: pageIDs.count)
        slices[0].capWasMeasured = true
        // It can return more: so that page was all there was.
        if pageIDs.count > wasStuckAt { slices.removeFirst() } else { stepOver(slices.removeFirst()) }
        return slices.isEmpty ? .finished : .nextPage
    }

    private mutating func stepOver(_ slice: Slice) {
        hasGap = true
        guard let until = slice.until, until > .epoch else { return }
        var slice = slice
        slice.until = until.advanced(by: -1)
        slice.boundary = []
        slice.capWasMeasured = false
        if let since = slice.filter.since, until <= since { return }
        slices = [slice] + slices
    }
}

extension HistoryPages.Slice {
    func covers(_ event: Event) -> Bool {
        if let until, event.createdAt > until { return false }
        return filter.matches(event)
    }

    mutating func take(_ event: Event) {
        count += 1
        if event.createdAt != until || !boundary.contains(event.id) { fresh += 1 }
        if let oldest, event.createdAt > oldest { return }
        if event.createdAt != oldest {
            oldest = event.createdAt
            oldestIDs = []
        }
        oldestIDs.insert(event.id)
    }

    /// Moves below the page just read.
    ///
    /// - Returns: whether `until` moved.
    mutating func turnPage(crowdedOutFrom: Timestamp?) -> Bool {
        let before = until
        if let oldest {
            boundary = oldest == until ? boundary.union(oldestIDs) : oldestIDs
            until = oldest
        } else if let crowdedOutFrom, until.map({ crowdedOutFrom < $0 }) ?? true {
            until = crowdedOutFrom
            boundary = []
        }
        if until != before { capWasMeasured = false }
        forgetPage()
        return until != before
    }

    mutating func forgetPage() { (count, fresh, oldest, oldestIDs) = (0, 0, nil, []) }

    /// The same place for a narrower filter.
    func asking(_ filter: Filter) -> HistoryPages.Slice {
        var slice = HistoryPages.Slice(filter: filter, length: length)
        slice.until = until
        slice.capWasMeasured = capWasMeasured
        return slice
    }
}

/// The most that a relay was seen to return, so that a short page is told from a capped one.
struct ObservedCaps: Hashable, Sendable {
    /// Events of one filter in one page.
    private(set) var perFilter: Int
    /// Events of one page.
    private(set) var total: Int

    init(atLeast smallest: Int) { (perFilter, total) = (smallest, smallest) }

    mutating func note(perFilter: Int, total: Int) {
        self.perFilter = max(self.perFilter, perFilter)
        self.total = max(self.total, total)
    }
}

extension Filter {
    /// Two filters that together match what this one does; `nil` when no condition has two values.
    var halves: (Filter, Filter)? {
        var (first, second) = (self, self)
        func cut<Value>(_ values: [Value]?) -> ([Value], [Value])? {
            guard let values, values.count > 1 else { return nil }
            let middle = values.count / 2
            return (Array(values[..<middle]), Array(values[middle...]))
        }
        for index in tags.indices {
            if let (a, b) = cut(tags[index].values) {
                (first.tags[index].values, second.tags[index].values) = (a, b)
                return (first, second)
            }
        }
        if let (a, b) = cut(ids) {
            (first.ids, second.ids) = (a, b)
        } else if let (a, b) = cut(authors) {
            (first.authors, second.authors) = (a, b)
        } else if let (a, b) = cut(kinds) {
            (first.kinds, second.kinds) = (a, b)
        } else {
            return nil
        }
        return (first, second)
    }
}
