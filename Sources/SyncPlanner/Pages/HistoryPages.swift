// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Reads the stored events of some filters page by page, newest first, until nothing is left.
///
/// Each filter has its own place: `until` is the second of the oldest event that the relay can only have sent
/// for this filter, inclusive, and the ids seen in that second are remembered, so nothing is skipped where a
/// page ends inside a second. Nothing else moves it: a relay may serve its filters in turn, or cap each of
/// them, and then what another filter brought says nothing about this one. A filter whose events all came for
/// others too is asked without those others.
///
/// A page is the last one of a filter when it brings nothing new; where all that came for it came for another filter
/// too, also when this relay was seen to return more (``ObservedCaps``); never because it is shorter than what was
/// asked: many relays cap in silence.
///
/// When a page brings nothing new and may be capped, one second may hold more than one page. Then, in this order:
/// filters are asked one by one; a higher limit is asked; the filter is cut into halves; the relay's cap
/// is measured with a filter that matches anything, and what is older is asked for. If all that does not help,
/// the second is stepped over and ``hasGap`` tells it.
public struct HistoryPages: Hashable, Sendable {
    /// Filters that are not finished; the next page asks the first ``active`` ones.
    private(set) var slices: [Slice]
    /// Whether some second could not be read to its end.
    private(set) var hasGap = false
    /// Whether the page being read only measures the relay's cap: its events are not ours.
    private(set) var isMeasuring = false
    /// How many filters may be asked together.
    private var together: Int
    private var active: Int
    private var limit: Int
    private var pageIDs: Set<EventID> = []
    private var page = ObservedCaps.Page()
    /// Events that came more than once on the page: some relays send one for each filter that it matches.
    private var repeats = 0
    /// Whether more came than was asked for.
    private var isOverfull = false
    /// Of the page being read, once an event came.
    private var index: PageIndex?
    /// **Bytes** of the filters of one page; `nil`: all of them have room.
    private var lengthMax: Int?

    enum Step: Hashable, Sendable {
        case nextPage, finished
        /// It sends much more than it is asked for.
        case overfull
    }

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
        active = 0
        limit = limits.pageSize
        let room = limits.maxMessageLength - Filter.requestLength
        if filters.reduce(0, { $0 + $1.writtenLength }) > room { lengthMax = room }
        active = fitting(filters.count)
    }

    /// How many of the first `count` filters one page may ask for.
    private func fitting(_ count: Int) -> Int {
        let most = min(together, count)
        guard let lengthMax else { return most }
        var (fitting, length) = (0, 0)
        for slice in slices.prefix(most) {
            length += slice.length
            if length > lengthMax { break }
            fitting += 1
        }
        return min(most, max(1, fitting))
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

    /// Events that a page may hold: some relays do not care for `limit`, and none returns everything.
    private var pageMax: Int { (isMeasuring ? limit : limit * active) + Self.slack }
    private static let slack = 5000

    /// Takes an event of the page.
    mutating func take(_ event: Event) -> Arrival {
        if pageIDs.count >= pageMax, !pageIDs.contains(event.id) {
            isOverfull = true
            return .unasked
        }
        if isMeasuring {
            pageIDs.insert(event.id)
            return .measured
        }
        let filed = index ?? PageIndex(slices[..<active].map(\.filter))
        index = filed
        let asking = filed.candidates(event).filter { slices[$0].covers(event) }
        guard !asking.isEmpty else { return .unasked }
        if pageIDs.isEmpty { pageIDs.reserveCapacity(min(limit, 512)) }
        guard pageIDs.insert(event.id).inserted else {
            repeats += 1
            return repeats <= active * pageIDs.count ? .again : .unasked
        }
        page.bytes += event.json.count
        page.longest = max(page.longest, event.json.count)
        for index in asking { slices[index].take(event, alone: asking.count == 1) }
        return .fresh
    }

    /// The relay said that the page is complete.
    mutating func pageEnded(caps: inout ObservedCaps, limits: UpstreamLimits) -> Step {
        defer { forgetPage() }
        if isOverfull { return .overfull }
        if isMeasuring { return measured(caps: &caps, limits: limits) }
        page.events = pageIDs.count + repeats
        let before = caps
        caps.note(page)
        let asked = slices[..<active]
        slices.removeFirst(active)
        let isWhole = before.exceeds(page, limit: limit)
        let isFresh = asked.contains { $0.fresh > 0 }
        // As many as were asked for may be cut off, however few.
        let plausible = min(before.plausible, limit)
        var (starved, remaining, stuck): ([Slice], [Slice], [Slice]) = ([], [], [])
        for var slice in asked {
            caps.note(slice.alone, of: slice.filter)
            if slice.isAtItsEnd, slice.count > 0 {
                slice.isAtItsEnd = false
                hasGap = true
            }
            // What was seen before is no proof of what may be returned now: where the next page is certain, it is asked.
            if isWhole, !slice.isPlaceCertain, before.exceeds(slice.count, of: slice.filter, limit: limit) {
                continue
            }
            if slice.fresh > 0 {
                slice.turnPage()
                if slice.boundary.count > UpstreamLimits.idsOfSecondMax {
                    // Nobody writes as much in one second; what more there is remains unread, and it is told.
                    hasGap = true
                    guard slice.leaveSecond() else { continue }
                }
                remaining.append(slice)
            } else if slice.count < plausible, isWhole || !isFresh && page.events < plausible {
                continue
            } else if !isFresh {
                stuck.append(slice)
            } else if slice.count == 0 {
                // It may have been crowded out by the others.
                slice.isStarved = true
                starved.append(slice)
            } else {
                remaining.append(slice)
            }
        }
        slices = starved + remaining + slices
        if asked.count > 1 {
            if !stuck.isEmpty { together = max(1, asked.count / 2) }
            slices = stuck + slices
        } else if let slice = stuck.first {
            unstick(slice, limits: limits)
        }
        if !isMeasuring { arrange() }
        return slices.isEmpty ? .finished : .nextPage
    }

    /// The page being read was broken off: it is asked for again.
    mutating func pageInterrupted() { forgetPage() }

    private mutating func forgetPage() {
        pageIDs.removeAll(keepingCapacity: true)
        page = ObservedCaps.Page()
        repeats = 0
        isOverfull = false
        index = nil
        for index in slices.indices { slices[index].forgetPage() }
    }

    /// Puts what the next page asks for in front: first those that must be asked without some others.
    private mutating func arrange() {
        guard let first = slices.firstIndex(where: { $0.company != .anyone }) ?? slices.indices.first else {
            active = 0
            return
        }
        let leader = slices.remove(at: first)
        let companions = slices.filter { $0.mayBeAsked(with: leader) }
        slices = [leader] + companions + slices.filter { !$0.mayBeAsked(with: leader) }
        active = fitting(companions.count + 1)
    }

    /// A page of this filter alone brought nothing new, and may be all that the relay returns.
    private mutating func unstick(_ slice: Slice, limits: UpstreamLimits) {
        if limit < limits.pageSizeMax {
            limit = min(limits.pageSizeMax, limit * 4)
            slices = [slice] + slices
        } else if let (first, second) = slice.filter.halves {
            slices = [slice.asking(first), slice.asking(second)] + slices
        } else if slice.boundary.count < limit {
            slices = [slice] + slices
            isMeasuring = true
            limit = slice.boundary.count + 1
        } else {
            stepOver(slice, isGap: true)
        }
    }

    /// The relay was asked for one event more than the page that is stuck holds, of whatever kind.
    private mutating func measured(caps: inout ObservedCaps, limits: UpstreamLimits) -> Step {
        isMeasuring = false
        limit = limits.pageSizeMax
        let wasStuckAt = slices[0].boundary.count
        caps.note(pageIDs.count, of: Filter())
        let slice = slices.removeFirst()
        stepOver(slice, isGap: pageIDs.count <= wasStuckAt)
        arrange()
        return slices.isEmpty ? .finished : .nextPage
    }

    /// Goes on below a second.
    ///
    /// - Parameter isGap: whether there may be more in it. If not, it is the oldest: should anything older come,
    ///   the page was capped all the same, as it may be for a tag alone.
    private mutating func stepOver(_ slice: Slice, isGap: Bool) {
        if isGap { hasGap = true }
        var slice = slice
        guard slice.leaveSecond() else { return }
        slice.isAtItsEnd = !isGap
        slices = [slice] + slices
    }
}
