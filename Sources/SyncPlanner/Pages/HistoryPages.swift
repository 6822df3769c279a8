// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

package import NostrCore

/// Reads the stored events of some filters page by page, newest first, until nothing is left.
///
/// Each filter has its own place: `until` is the second of the oldest event that the relay can only have sent
/// for this filter, inclusive, and the ids seen in that second are remembered, so nothing is skipped where a
/// page ends inside a second. Nothing else moves it: a relay may serve its filters in turn, or cap each of
/// them, and then what another filter brought says nothing about this one.
///
/// A page is the last one of a filter when it brings nothing new; never because it is shorter than what was asked:
/// many relays cap in silence. Where all that came for a filter came for another one too, its place is not known. If
/// everything that can be told from the page says that it was not cut (``mayTry(_:at:_:)``), it is asked for what is older
/// than all of it, and is finished when nothing new comes; if something does, or nothing can be told, it is asked
/// without those others from where it certainly is.
///
/// Who reads exactly (``isExact``) does not try: filters that are known to share their events are asked apart from the beginning.
///
/// When a page brings nothing new and may be capped, one second may hold more than one page: see
/// `HistoryPages+Seconds.swift`. If nothing helps, the second is stepped over and ``hasGap`` tells it.
public struct HistoryPages: Hashable, Sendable {
    /// Filters that are not finished; the next page asks the first ``active`` ones.
    var slices: [Slice]
    /// Whether some second could not be read to its end.
    package internal(set) var hasGap = false
    /// Whether something came of which not even the time could be made out.
    private(set) var hasUnreadable = false
    /// Whether the page being read only measures the relay's cap: its events are not ours.
    var isMeasuring = false
    /// Whether nothing is taken for finished because of what the relay returned before.
    let isExact: Bool
    /// How many filters may be asked together.
    private var together: Int
    private(set) var active: Int
    var limit: Int
    /// **Bytes** of the page that made it measure the cap.
    var stuckBytes = 0
    private(set) var pageIDs: Set<EventID> = []
    private(set) var page = ObservedCaps.Page()
    /// The highest number that the first filter which some event matches has on the page.
    private var latestServed = -1
    /// Whether it is not known of some event which filters it matches.
    private(set) var isGuessed = false
    /// Events that came more than once on the page: some relays send one for each filter that it matches.
    private var repeats = 0
    /// Whether more came than was asked for.
    private var isOverfull = false
    /// Of the page being read, once an event came.
    private var index: PageIndex?
    /// **Bytes** of the filters of one page; `nil`: all of them have room.
    private var lengthMax: Int?

    package enum Step: Hashable, Sendable {
        case nextPage, finished
        /// It sends much more than it is asked for.
        case overfull
    }

    /// What an event is to the page.
    package enum Arrival: Hashable, Sendable {
        case fresh
        /// It was sent before on this page; that copy may have been a forged one.
        case again
        /// It only tells how much the relay returns.
        case measured
        case unasked
    }

    package init(filters: [Filter], limits: UpstreamLimits, isExact: Bool = false) {
        self.isExact = isExact
        slices = filters.map { Slice(filter: $0, length: $0.writtenLength) }
        together = limits.maxFilters
        active = 0
        limit = limits.pageSize
        let room = limits.maxMessageLength - Filter.requestLength
        if filters.reduce(0, { $0 + $1.writtenLength }) > room { lengthMax = room }
        active = fitting(filters.count)
        guard isExact else { return }
        // What names a root by `E` nearly always names it by `e`.
        for index in slices.indices where slices[index].filter.tags.first?.letter == UInt8(ascii: "e") {
            slices[index].company = .alike
        }
        arrange()
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
    package var request: [Filter] {
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
    package mutating func take(_ event: Event) -> Arrival { take(event, length: event.json.count) }

    /// Takes an event of the page that was too long to be read: it tells of the page what any event does. One of which
    /// not all tags are known may have come for every filter that the rest of it does not contradict.
    mutating func take(_ skipped: SkippedEvent) -> Arrival {
        guard let outline = skipped.outline else {
            hasUnreadable = true
            return .fresh
        }
        return take(outline.event, length: skipped.length, knownByTags: outline.hasAllTags)
    }

    private mutating func take(_ event: Event, length: Int, knownByTags: Bool = true) -> Arrival {
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
        let asking =
            knownByTags
            ? filed.candidates(event).filter { slices[$0].covers(event) }
            : slices[..<active].indices.filter { slices[$0].mayCover(event) }
        guard !asking.isEmpty else { return .unasked }
        if pageIDs.isEmpty { pageIDs.reserveCapacity(min(limit, 512)) }
        guard pageIDs.insert(event.id).inserted else {
            repeats += 1
            return repeats <= active * pageIDs.count ? .again : .unasked
        }
        page.bytes += length
        page.longest = max(page.longest, length)
        if !knownByTags, asking.count > 1 { isGuessed = true }
        latestServed = max(latestServed, asking[0])
        for index in asking { slices[index].take(event, at: index, of: asking, alone: asking.count == 1) }
        return .fresh
    }

    /// The relay said that the page is complete.
    package mutating func pageEnded(caps: inout ObservedCaps, limits: UpstreamLimits) -> Step {
        defer { forgetPage() }
        if isOverfull { return .overfull }
        if isMeasuring { return measured(caps: &caps, limits: limits) }
        page.events = pageIDs.count + repeats
        let before = caps
        caps.note(page)
        let asked = slices[..<active]
        let look = Look(before, page, limit: limit, asked: asked, latestServed: latestServed)
        slices.removeFirst(active)
        var (starved, remaining, stuck): ([Slice], [Slice], [Slice]) = ([], [], [])
        for (number, var slice) in asked.enumerated() {
            caps.note(slice.alone, of: slice.filter)
            if slice.isAtItsEnd, slice.count > 0 {
                slice.isAtItsEnd = false
                hasGap = true
            }
            if slice.fresh > 0 {
                if slice.isPlaceCertain || !mayTry(slice, at: number, look) {
                    slice.turnPage()
                } else {
                    slice.tryEnd()
                }
                if slice.boundary.count > UpstreamLimits.idsOfSecondMax {
                    // Nobody writes as much in one second; what more there is remains unread, and it is told.
                    hasGap = true
                    guard slice.leaveSecond() else { continue }
                }
                remaining.append(slice)
            } else if slice.count == 0, look.isFresh {
                // It may have been crowded out by the others.
                slice.isParked = slice.isStarved
                slice.isStarved = true
                starved.append(slice)
            } else if isAllOfItsSecond(slice, look) {
                continue
            } else if look.isFresh {
                remaining.append(slice)
            } else if slice.certain != nil || isExact && asked.count > 1 && slice.count < before.plausible {
                slice.goAlone()
                remaining.append(slice)
            } else {
                stuck.append(slice)
            }
        }
        slices = starved + remaining + slices
        if asked.count > 1 {
            if !stuck.isEmpty { together = max(1, asked.count / 2) }
            slices = stuck + slices
        } else if let slice = stuck.first {
            unstick(slice, isFew: isExact && slice.count < before.plausible, limits: limits)
        }
        if !isMeasuring { arrange() }
        return slices.isEmpty ? .finished : .nextPage
    }

    /// Whether a page without news for this filter is all of the second that it is at.
    private func isAllOfItsSecond(_ slice: Slice, _ look: Look) -> Bool {
        // As many as were asked for may be cut off, however few.
        let plausible = min(look.before.plausible, limit)
        guard look.isWhole || !look.isFresh && page.events < plausible else { return false }
        return slice.count < (isExact ? min(2, plausible) : plausible)
            || look.before.exceeds(slice.count, of: slice.filter, limit: limit)
    }

    /// The page being read was broken off: it is asked for again.
    package mutating func pageInterrupted() { forgetPage() }

    private mutating func forgetPage() {
        pageIDs.removeAll(keepingCapacity: true)
        page = ObservedCaps.Page()
        repeats = 0
        isOverfull = false
        index = nil
        (latestServed, isGuessed) = (-1, false)
        for index in slices.indices { slices[index].forgetPage() }
    }

    /// Puts what the next page asks for in front: first those that must be asked without some others, last those that
    /// others left no room twice.
    mutating func arrange() {
        if slices.allSatisfy(\.isParked) { for index in slices.indices { slices[index].isParked = false } }
        guard
            let first = slices.firstIndex(where: { $0.company != .anyone && !$0.isParked })
                ?? slices.firstIndex(where: { !$0.isParked })
        else {
            active = 0
            return
        }
        let leader = slices.remove(at: first)
        let companions = slices.filter { !$0.isParked && $0.mayBeAsked(with: leader) }
        slices = [leader] + companions + slices.filter { $0.isParked || !$0.mayBeAsked(with: leader) }
        active = fitting(companions.count + 1)
    }
}
