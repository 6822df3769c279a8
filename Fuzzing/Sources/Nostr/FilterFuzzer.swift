// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Filters (NIP-01, NIP-50, NIP-91), one a line, and an event in the last: taken if and only if a naive reader takes them, written
/// again the same, and matching what a naive one matches.
enum FilterFuzzer {
    static func feed(_ input: FuzzInput) {
        let lines = input.lines(atMost: 3)
        let event = lines.last.flatMap { try? Event.parse($0.span).event }
        var filters: [Filter] = []
        for line in lines {
            guard let filter = read(line) else { continue }
            filters.append(filter.filter)
            guard let event else { continue }
            let isMatched = filter.filter.matches(event)
            let expected = filter.naive.matches(NaiveEvent(event))
            claim(isMatched == expected || filter.naive.searches && expected, "a filter matches differently")
            claim(!isMatched || !filter.filter.matchesNothing, "what matches nothing has matched")
        }
        guard filters.count > 1 else { return }
        // What asks for no more finds no more.
        if filters[0].isWithin(filters[1]), let event {
            claim(!filters[0].matches(event) || filters[1].matches(event), "a narrower filter finds more")
        }
        claim(filters[0].isWithin(filters[0]), "a filter asks for more than itself")
    }

    private static func read(_ line: FuzzInput) -> (filter: Filter, naive: NaiveFilter)? {
        let naive = NaiveFilter(NaiveJSON(line.array))
        let filter: Filter
        do { filter = try Filter.parse(line.span) } catch {
            let isTooMuch = (naive?.tagConditions ?? 0) > CodecLimits.maxTagConditions
            claim(naive == nil || naive?.searches == true || isTooMuch, "a filter was refused: \(error)")
            return nil
        }
        guard let naive else { fatalError("a filter was accepted that is none") }
        claim(filter.tags.count <= CodecLimits.maxTagConditions, "too many conditions")
        claim(filter.search?.words.count ?? 0 <= SearchLimits.queryWords, "too many words")
        var json: [UInt8] = []
        filter.appendJSON(to: &json)
        claim((try? Filter.parse(json)) == filter, "a filter is written differently")
        return (filter, naive)
    }
}
