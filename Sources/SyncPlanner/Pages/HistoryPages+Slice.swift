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
        private var oldestAlone: Timestamp?
        private var oldestIDs: Set<EventID> = []

        init(filter: Filter, length: Int) { (self.filter, self.length) = (filter, length) }
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
    func covers(_ event: Event) -> Bool {
        if let until, event.createdAt > until { return false }
        return filter.matches(event)
    }

    mutating func take(_ event: Event, alone isAlone: Bool) {
        count += 1
        let isFresh = event.createdAt != until || !boundary.contains(event.id)
        if isFresh { fresh += 1 }
        guard isAlone else { return }
        alone += 1
        if isFresh { freshAlone += 1 }
        if let oldestAlone, event.createdAt > oldestAlone { return }
        if event.createdAt != oldestAlone {
            oldestAlone = event.createdAt
            oldestIDs = []
        }
        oldestIDs.insert(event.id)
    }

    /// Moves below what the page certainly told of it.
    mutating func turnPage() {
        isStarved = false
        if let oldestAlone, freshAlone > 0 {
            boundary = oldestAlone == until ? boundary.union(oldestIDs) : oldestIDs
            until = oldestAlone
        } else {
            company = company == .anyone ? .alike : .nobody
        }
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
        (count, alone, fresh, freshAlone, oldestAlone, oldestIDs) = (0, 0, 0, 0, nil, [])
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
