// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension HistoryPages {
    /// One filter and its place.
    struct Slice: Hashable, Sendable {
        var filter: Filter
        /// **Bytes** of the filter, at most.
        let length: Int
        /// Every event down to this second was seen, but for some of this second.
        var until: Timestamp?
        /// What was seen of that second.
        var boundary: Set<EventID> = []
        /// Whether the page before was taken for the last, though it is not certain.
        var isAtItsEnd = false
        /// Which filters it may share a page with.
        var company = Company.anyone
        /// Whether the last page had nothing for it, and may have had no room.
        var isStarved = false
        /// Whether that happened twice: it is asked once the others are finished.
        var isParked = false
        /// Where it certainly is, while it is asked for what is older than everything seen.
        private(set) var certain: Place?

        // The page being read.
        /// Events that it matches.
        private(set) var count = 0
        /// Those of them that no other filter of the page matches: the relay can only have meant this one.
        private(set) var alone = 0
        /// Events that it matches, not seen before.
        private(set) var fresh = 0
        /// Whether something new came for it alone, which tells how far it was read.
        var isPlaceCertain: Bool { freshAlone > 0 }
        private var freshAlone = 0
        private var lowest = Place()
        private var lowestAlone = Place()
        /// The filters of the page for which everything came that came for this one: their numbers.
        private(set) var companions: [Int] = []
        /// The highest number of a filter for which something came that came for this one too.
        private(set) var lastCompanion = -1

        init(filter: Filter, length: Int) {
            (self.filter, self.length) = (filter, length)
            until = filter.until
        }
    }

    /// Which filters a filter may share a page with.
    enum Company: Hashable, Sendable {
        case anyone
        /// Those with a condition on the same tag: all that it was sent, others were sent too.
        case alike
        case nobody
    }
}

extension HistoryPages.Slice {
    /// How far a filter was read: what of that second was seen.
    struct Place: Hashable, Sendable {
        var second: Timestamp?
        var ids: Set<EventID> = []

        mutating func take(_ event: Event) {
            if let second, event.createdAt > second { return }
            if event.createdAt != second { (second, ids) = (event.createdAt, []) }
            ids.insert(event.id)
        }
    }

    func covers(_ event: Event) -> Bool {
        if let until, event.createdAt > until { return false }
        return filter.matches(event)
    }

    /// The same, whatever its tags.
    func mayCover(_ event: Event) -> Bool {
        if let until, event.createdAt > until { return false }
        return EventOutline(event: event, hasAllTags: false).mayMatch(filter)
    }

    /// - Parameters:
    ///   - number: its own on the page.
    ///   - asking: the numbers of all filters that match.
    ///   - isAlone: whether it is the only one.
    mutating func take(_ event: Event, at number: Int, of asking: [Int], alone isAlone: Bool) {
        if isAlone {
            companions = []
        } else {
            companions = (count == 0 ? asking : companions).filter { $0 != number && asking.contains($0) }
            lastCompanion = max(lastCompanion, asking.last ?? -1)
        }
        count += 1
        let isFresh = event.createdAt != until || !boundary.contains(event.id)
        if isFresh { fresh += 1 }
        lowest.take(event)
        guard isAlone else { return }
        alone += 1
        if isFresh { freshAlone += 1 }
        lowestAlone.take(event)
    }

    /// Moves below what the page certainly told of it.
    mutating func turnPage() {
        isStarved = false
        if certain == nil, let oldest = lowestAlone.second, freshAlone > 0 {
            boundary = oldest == until ? boundary.union(lowestAlone.ids) : lowestAlone.ids
            until = oldest
        } else {
            goAlone()
        }
    }

    /// Moves below everything that came, though all of it came for others too.
    mutating func tryEnd() {
        isStarved = false
        certain = Place(second: until, ids: boundary)
        boundary = lowest.second == until ? boundary.union(lowest.ids) : lowest.ids
        until = lowest.second
    }

    /// It is asked in less company, from where it certainly is.
    mutating func goAlone() {
        company = company == .anyone ? .alike : .nobody
        guard let place = certain else { return }
        (until, boundary, certain) = (place.second, place.ids, nil)
    }

    /// Goes on below the second that it is at.
    ///
    /// - Returns: whether there is anything.
    mutating func leaveSecond() -> Bool {
        guard let until, until > filter.since ?? .epoch else { return false }
        self.until = until.advanced(by: -1)
        boundary = []
        return true
    }

    mutating func forgetPage() {
        (count, alone, fresh, freshAlone) = (0, 0, 0, 0)
        (lowest, lowestAlone, companions, lastCompanion) = (Place(), Place(), [], -1)
    }

    func mayBeAsked(with other: Self) -> Bool {
        switch (company, other.company) {
        case (.nobody, _), (_, .nobody): false
        case (.anyone, .anyone): true
        case (.alike, .anyone) where other.isStarved, (.anyone, .alike) where isStarved: true
        case (.alike, _), (_, .alike): filter.tags.first?.letter == other.filter.tags.first?.letter
        }
    }

    /// The same place for a narrower filter.
    func asking(_ filter: Filter) -> Self {
        var slice = self
        slice.filter = filter
        slice.boundary = []
        slice.forgetPage()
        return slice
    }
}
