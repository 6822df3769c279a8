// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

/// A relay that returns the newest first and caps in one of several ways.
struct CappedRelay {
    let events: [Event]
    var cap = 5000
    /// The same for filters with a tag condition.
    var tagCap = 5000
    /// The same for filters with a condition on one of these tags.
    var letterCaps: [Character: Int] = [:]
    /// Bytes of one answer.
    var byteCap = Int.max
    /// Whether the cap is for the whole answer rather than for each filter…
    var capsTotal = false
    /// …and the filters are served in turn.
    var servesInTurn = false

    func answer(_ filters: [Filter]) -> [Event] {
        let sorted = events.sorted(by: Event.newestFirst)
        var chosen: Set<EventID> = []
        var inTurn: [Event] = []
        for filter in filters {
            var most = min(cap, filter.limit ?? cap, filter.tags.isEmpty ? cap : tagCap)
            for (letter, cap) in letterCaps where filter.values(of: letter) != nil { most = min(most, cap) }
            for event in sorted.lazy.filter(filter.matches).prefix(most)
            where chosen.insert(event.id).inserted {
                inTurn.append(event)
            }
        }
        let answer = servesInTurn ? inTurn : sorted.filter { chosen.contains($0.id) }
        var bytes = 0
        return answer.prefix(capsTotal ? cap : .max).filter { event in
            bytes += event.json.count
            return bytes <= byteCap
        }
    }
}

/// A history that was read to its end.
struct ReadHistory {
    var ids: Set<EventID> = []
    var pages = 0
    /// Events that came, each as often as it came.
    var received = 0
    var hasGap = false
}

extension CappedRelay {
    /// Reads everything, with what was learnt of the relay before.
    ///
    /// - Parameter change: what happens to the relay after the first page.
    func read(
        _ filters: [Filter], limits: UpstreamLimits = UpstreamLimits(), exactly isExact: Bool = false,
        learning caps: inout ObservedCaps, change: (inout CappedRelay) -> Void = { _ in }
    ) -> ReadHistory {
        var relay = self
        var pages = HistoryPages(filters: filters, limits: limits, isExact: isExact)
        var history = ReadHistory()
        while history.pages < 2000 {
            history.pages += 1
            for event in relay.answer(pages.request) {
                history.received += 1
                if pages.take(event) == .fresh { history.ids.insert(event.id) }
            }
            change(&relay)
            history.hasGap = pages.hasGap
            if pages.pageEnded(caps: &caps, limits: limits) == .finished {
                history.hasGap = pages.hasGap
                return history
            }
        }
        Issue.record("it never ends")
        return history
    }
}
