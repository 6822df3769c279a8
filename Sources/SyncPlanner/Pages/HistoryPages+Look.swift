// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension HistoryPages {
    /// What a page as a whole tells of each of its filters.
    struct Look {
        /// What was known of the relay before the page.
        let before: ObservedCaps
        /// Whether the relay was seen to return more than this page.
        let isWhole: Bool
        /// Whether it brought anything new.
        let isFresh: Bool
        fileprivate let asked: ArraySlice<Slice>
        fileprivate let latestServed: Int

        /// - Parameter latestServed: the highest number that the first filter which some event matches has on the page.
        init(
            _ before: ObservedCaps, _ page: ObservedCaps.Page, limit: Int, asked: ArraySlice<Slice>,
            latestServed: Int
        ) {
            self.before = before
            isWhole = before.exceeds(page, limit: limit)
            isFresh = asked.contains { $0.fresh > 0 }
            self.asked = asked
            self.latestServed = latestServed
        }
    }

    /// Whether a filter of which everything came for others too may be taken to be read as far as the oldest of it, until
    /// what is older shows otherwise.
    ///
    /// - It is known of every event which filters it matches.
    /// - The request was not cut before it: more was returned before, or something came for filters that are served after it and
    ///   those others. (Who sorts what all filters match before the cut cuts all of them at the same moment.)
    /// - The filter was not cut where others were not: if all that came came for one other filter too, which has the same cap,
    ///   that one was not read further either; else the page or an earlier one has more of a filter of its sort.
    func mayTry(_ slice: Slice, at number: Int, _ look: Look) -> Bool {
        guard !isExact, !isGuessed, slice.company == .anyone, slice.certain == nil, slice.count < limit else {
            return false
        }
        guard look.isWhole || look.latestServed > max(number, slice.lastCompanion) else { return false }
        let alike = look.asked.enumerated().filter { ObservedCaps.areAlike($1.filter, slice.filter) }
        return alike.contains { slice.companions.contains($0.offset) || $0.element.alone > slice.count }
            || look.before.exceeds(slice.count, of: slice.filter, limit: limit)
    }
}
