// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

/// A relay that returns the newest first and caps in one of two ways.
private struct CappedRelay {
    let events: [Event]
    let cap: Int
    var capsTotal = false

    func answer(_ filters: [Filter]) -> [Event] {
        let sorted = events.sorted(by: Event.newestFirst)
        var chosen: Set<EventID> = []
        for filter in filters {
            chosen.formUnion(
                sorted.lazy.filter(filter.matches).prefix(min(cap, filter.limit ?? cap)).map(\.id))
        }
        let answer = sorted.filter { chosen.contains($0.id) }
        return capsTotal ? Array(answer.prefix(cap)) : answer
    }
}

@Suite struct HistoryPagesTests {
    private static let issues = Filter(kinds: [.issue])
    private static let notes = Filter(kinds: [.textNote])

    private func notes(_ count: Int, kind: Kind = .textNote, at time: (Int) -> Int64) -> [Event] {
        (0..<count).map { .fixture(kind: kind, at: time($0), content: "\($0)") }
    }

    /// Reads everything.
    private func read(
        _ relay: CappedRelay, _ filters: [Filter] = [notes], limits: UpstreamLimits = UpstreamLimits(),
        caps: ObservedCaps = ObservedCaps(atLeast: 10)
    ) -> (ids: Set<EventID>, pages: Int, hasGap: Bool) {
        var pages = HistoryPages(filters: filters, limits: limits)
        var caps = caps
        var ids: Set<EventID> = []
        for page in 1...2000 {
            for event in relay.answer(pages.request) where pages.take(event) == .fresh {
                ids.insert(event.id)
            }
            if pages.pageEnded(caps: &caps, limits: limits) == .finished { return (ids, page, pages.hasGap) }
        }
        Issue.record("it never ends")
        return (ids, 2000, true)
    }

    @Test func `nothing takes one page`() {
        let (ids, pages, hasGap) = read(CappedRelay(events: [], cap: 500))
        #expect(ids.isEmpty && pages == 1 && !hasGap)
    }

    @Test func `a few events take one page`() {
        let (ids, pages, hasGap) = read(CappedRelay(events: notes(9) { Int64(100 + $0) }, cap: 500))
        #expect(ids.count == 9 && pages == 1 && !hasGap)
    }

    @Test(arguments: [10, 37, 75, 499, 500, 501, 5000], [false, true])
    func `everything is read whatever the cap`(cap: Int, capsTotal: Bool) {
        let events = notes(1200) { Int64(1000 + $0 / 3) }
        let (ids, _, hasGap) = read(CappedRelay(events: events, cap: cap, capsTotal: capsTotal))
        #expect(ids.count == 1200)
        #expect(!hasGap)
    }

    @Test func `a page that ends inside a second skips nothing`() {
        let events = notes(60) { Int64(1000 + $0 / 7) }
        let (ids, _, hasGap) = read(CappedRelay(events: events, cap: 10))
        #expect(ids.count == 60 && !hasGap)
    }

    @Test func `one second that is longer than a page is read with a higher limit`() {
        let events = notes(1400) { _ in 1000 } + notes(30, kind: .textNote) { Int64(10 + $0) }
        let (ids, _, hasGap) = read(CappedRelay(events: events, cap: 5000))
        #expect(ids.count == 1430 && !hasGap)
    }

    @Test func `one second that is longer than the cap is read in halves`() {
        let values = (0..<16).map { TagValue("v\($0)") }
        let events = (0..<160).map {
            Event.fixture(at: 1000, tags: [Tag(["t", "v\($0 % 16)"])], content: "\($0)")
        }
        let (ids, _, hasGap) = read(CappedRelay(events: events, cap: 20), [Filter(tags: ["t": values])])
        #expect(ids.count == 160 && !hasGap)
    }

    @Test func `one second that nothing can cut is a gap, and what is older is still read`() {
        let events = notes(50) { _ in 1000 } + notes(30) { Int64(10 + $0) }
        let (ids, _, hasGap) = read(CappedRelay(events: events, cap: 20))
        #expect(ids.count == 50 && hasGap)
    }

    @Test func `a second that just fills the longest page seen is no gap`() {
        let events = notes(30) { _ in 1000 } + notes(40, kind: .metadata) { Int64($0) }
        let (ids, _, hasGap) = read(CappedRelay(events: events, cap: 500))
        #expect(ids.count == 30 && !hasGap)
    }

    @Test(arguments: [false, true])
    func `a busy filter does not crowd out a quiet one`(capsTotal: Bool) {
        let events =
            notes(300) { Int64(5000 + $0) } + notes(25, kind: .issue) { Int64(100 + $0) }
        let (ids, _, hasGap) = read(
            CappedRelay(events: events, cap: 40, capsTotal: capsTotal), [Self.notes, Self.issues])
        #expect(ids.count == 325 && !hasGap)
    }

    @Test func `once the cap is known a short page is the last`() {
        var caps = ObservedCaps(atLeast: 10)
        caps.note(perFilter: 200, total: 200)
        let (ids, pages, _) = read(CappedRelay(events: notes(150) { Int64($0) }, cap: 500), caps: caps)
        #expect(ids.count == 150 && pages == 1)
    }

    @Test func `what is not asked is not taken, nor what is newer than the page`() {
        var pages = HistoryPages(filters: [Self.notes], limits: UpstreamLimits())
        var caps = ObservedCaps(atLeast: 10)
        let another = pages.take(.fixture(kind: .issue))
        #expect(another == .unasked)
        for event in notes(20, at: { Int64(100 + $0) }) { _ = pages.take(event) }
        let step = pages.pageEnded(caps: &caps, limits: UpstreamLimits())
        #expect(step == .nextPage)
        #expect(pages.request.first?.until == Timestamp(100))
        let newer = pages.take(.fixture(at: 101))
        #expect(newer == .unasked)
    }

    @Test func `since is kept from page to page`() {
        var filter = Self.notes
        filter.since = Timestamp(1050)
        let (ids, _, _) = read(CappedRelay(events: notes(100) { Int64(1000 + $0) }, cap: 12), [filter])
        #expect(ids.count == 50)
    }
}
