// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

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
        var caps = caps
        return read(relay, filters, limits: limits, learning: &caps)
    }

    /// Reads everything, with what was learnt of the relay before.
    private func read(
        _ relay: CappedRelay, _ filters: [Filter], limits: UpstreamLimits = UpstreamLimits(),
        learning caps: inout ObservedCaps
    ) -> (ids: Set<EventID>, pages: Int, hasGap: Bool) {
        let history = relay.read(filters, limits: limits, learning: &caps)
        return (history.ids, history.pages, history.hasGap)
    }

    @Test func `nothing takes one page`() {
        let (ids, pages, hasGap) = read(CappedRelay(events: [], cap: 500))
        #expect(ids.isEmpty && pages == 1 && !hasGap)
    }

    @Test func `a few events take one page, and one that brings nothing new`() {
        let (ids, pages, hasGap) = read(CappedRelay(events: notes(9) { Int64(100 + $0) }, cap: 500))
        #expect(ids.count == 9 && pages == 2 && !hasGap)
    }

    @Test(arguments: [10, 500]) func `a filter's own end is where its first page begins`(cap: Int) {
        let events = notes(1000) { Int64(1000 + $0 / 3) }
        let filter = Filter(kinds: [.textNote], until: Timestamp(1100))
        let (ids, _, hasGap) = read(CappedRelay(events: events, cap: cap), [filter])
        #expect(ids == Set(events.filter { $0.createdAt <= Timestamp(1100) }.map(\.id)) && !hasGap)
    }

    @Test(arguments: [2, 3, 9])
    func `a cap may be very low`(cap: Int) {
        let (ids, _, hasGap) = read(CappedRelay(events: notes(20) { Int64(100 + $0) }, cap: cap))
        #expect(ids.count == 20 && !hasGap)
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

    @Test func `as many as were asked for are not taken for all, however few`() {
        let events = notes(5) { _ in 1000 } + notes(3) { Int64(10 + $0) }
        let limits = UpstreamLimits(pageSize: 5, pageSizeMax: 5)
        let (ids, _, hasGap) = read(CappedRelay(events: events), limits: limits)
        #expect(ids.count == 8 && hasGap)
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

    @Test func `a cap that gets lower is found out though more was seen before`() {
        var caps = ObservedCaps(atLeast: 10)
        _ = read(CappedRelay(events: notes(400) { Int64($0) }, cap: 500), [Self.notes], learning: &caps)
        let relay = CappedRelay(events: notes(350) { Int64($0) }, cap: 100)
        let (ids, _, hasGap) = read(relay, [Self.notes], learning: &caps)
        #expect(ids.count == 350 && !hasGap)
    }

    @Test func `a lower cap for one tag is found out though more was seen of another`() {
        let (root, other) = (String(repeating: "ab", count: 32), String(repeating: "cd", count: 32))
        let events = (0..<300).map { number in
            Event.fixture(kind: .comment, at: Int64(number), tags: [.of("e", root)], content: "\(number)")
        }
        let quoting = (0..<300).map { number in
            Event.fixture(
                kind: .comment, at: Int64(number), tags: [.of("q", other)], content: "\(number)")
        }
        var caps = ObservedCaps(atLeast: 10)
        _ = read(
            CappedRelay(events: events), Filter.naming([TagValue(root)], by: ["e", "E"]), learning: &caps)
        let filters = Filter.naming([TagValue(other)], by: ["q", "E"])
        let (ids, _, _) = read(CappedRelay(events: quoting, tagCap: 100), filters, learning: &caps)
        #expect(ids.count == 300)
    }

    @Test func `a second without an end is left, as a gap`() throws {
        var pages = HistoryPages(filters: [Self.notes], limits: UpstreamLimits())
        var caps = ObservedCaps(atLeast: 10)
        let endless = notes(20_500, at: { _ in 7 })
        var rest = endless[...]
        while !pages.hasGap {
            let page = rest.prefix(500)
            try #require(!page.isEmpty)
            for event in page { _ = pages.take(event) }
            rest = rest.dropFirst(500)
            #expect(pages.pageEnded(caps: &caps, limits: UpstreamLimits()) == .nextPage)
        }
        #expect(pages.request.first?.until == Timestamp(6))
    }

    @Test(arguments: [500, 100, 20], [false, true])
    func `a filter whose turn did not come loses nothing`(cap: Int, isLast: Bool) {
        let events =
            notes(600) { Int64(1000 + $0) } + notes(5, kind: .issue) { Int64(2000 + $0) }
        let relay = CappedRelay(events: events, cap: cap, capsTotal: true, servesInTurn: true)
        let filters = isLast ? [Self.notes, Self.issues] : [Self.issues, Self.notes]
        let (ids, _, hasGap) = read(relay, filters)
        #expect(ids.count == 605 && !hasGap)
    }

    @Test(arguments: [40, 99], [false, true])
    func `what came for another filter moves no filter`(cap: Int, servesInTurn: Bool) {
        let tag = Tag(["e", "x"])
        let both = [tag, Tag(["E", "x"])]
        let events =
            (0..<200).map { Event.fixture(at: 5000 + Int64($0), tags: [tag], content: "\($0)") }
            + (0..<300).map { Event.fixture(at: 1000 + Int64($0), tags: both, content: "\($0)") }
        let filters = [Filter(tags: ["e": ["x"]]), Filter(tags: ["E": ["x"]]), Filter(tags: ["q": ["x"]])]
        let (ids, _, hasGap) = read(
            CappedRelay(events: events, cap: cap, servesInTurn: servesInTurn), filters)
        #expect(ids.count == 500 && !hasGap)
    }

    @Test func `a lower cap for tags is found out though more was seen of other filters`() {
        var caps = ObservedCaps(atLeast: 10)
        let tagged = (0..<300).map {
            Event.fixture(at: Int64(1000 + $0), tags: [Tag(["t", "v"])], content: "\($0)")
        }
        let relay = CappedRelay(events: tagged + notes(700, kind: .issue) { Int64($0) }, tagCap: 100)
        _ = read(relay, [Self.issues], learning: &caps)
        let (ids, _, hasGap) = read(relay, [Filter(tags: ["t": ["v"]])], learning: &caps)
        #expect(ids.count == 300 && !hasGap)
    }

    @Test func `a cap of bytes is found out though more events were seen`() {
        var caps = ObservedCaps(atLeast: 10)
        let long = (0..<50).map {
            Event.fixture(
                kind: .issue, at: Int64(1000 + $0), content: String(repeating: "x", count: 9000 + $0))
        }
        let relay = CappedRelay(events: notes(100) { Int64($0) } + long, byteCap: 100_000)
        _ = read(relay, [Self.notes], learning: &caps)
        let (ids, _, hasGap) = read(relay, [Self.issues], learning: &caps)
        #expect(ids.count == 50 && !hasGap)
    }

    @Test func `one tag in one second that fills the cap for tags is a gap whatever else is returned`() {
        let tagged = (0..<60).map {
            Event.fixture(at: $0 < 50 ? 1000 : 900, tags: [Tag(["t", "v"])], content: "\($0)")
        }
        let relay = CappedRelay(events: tagged + notes(700, kind: .issue) { Int64($0) }, tagCap: 20)
        let (_, _, hasGap) = read(relay, [Filter(tags: ["t": ["v"]])])
        #expect(hasGap)
    }

    @Test func `a page that is much longer than was asked fails`() {
        var pages = HistoryPages(filters: [Self.notes], limits: UpstreamLimits(pageSize: 1, pageSizeMax: 1))
        var caps = ObservedCaps(atLeast: 10)
        let taken = notes(5100) { Int64($0) }.filter { pages.take($0) == .fresh }
        #expect(taken.count == 5001)
        let step = pages.pageEnded(caps: &caps, limits: UpstreamLimits())
        #expect(step == .overfull)
    }

    @Test func `a page that measures the cap is bounded`() {
        let limits = UpstreamLimits(pageSize: 12, pageSizeMax: 20)
        var pages = HistoryPages(filters: [Self.notes], limits: limits)
        var caps = ObservedCaps(atLeast: 10)
        let second = notes(12) { _ in 1000 }
        for _ in 0..<3 {
            for event in second { _ = pages.take(event) }
            _ = pages.pageEnded(caps: &caps, limits: limits)
        }
        #expect(pages.isMeasuring)
        let measured = notes(5100) { Int64($0) }.filter { pages.take($0) == .measured }
        #expect(measured.count == 5013)
        let step = pages.pageEnded(caps: &caps, limits: limits)
        #expect(step == .overfull)
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
