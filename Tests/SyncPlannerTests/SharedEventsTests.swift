// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

/// Histories in which filters share their events, as a reply names its root by `e` and `E`.
@Suite struct SharedEventsTests {
    private var known: ObservedCaps {
        var caps = ObservedCaps(atLeast: 10)
        // More of everything was seen than any page here has.
        let events = (0..<450).map { Event.fixture(at: Int64($0), tags: [.of("a", "x")], content: "\($0)") }
        _ = CappedRelay(events: events).read([Filter(tags: ["a": ["x"]])], learning: &caps)
        let bulk = ObservedCaps.Page(events: 5000, bytes: 5_000_000, longest: 500)
        caps.note(bulk)
        return caps
    }

    private func root(_ number: Int) -> TagValue { TagValue("root\(number)") }

    /// Three filters for each of so many groups of roots, one root to a group.
    private func filters(_ groups: Int) -> [Filter] {
        (0..<groups).flatMap { Filter.naming([root($0)], by: ["e", "E", "q"]) }
    }

    /// Replies to a root, from `time` on.
    private func replies(
        _ count: Int, to number: Int = 0, by letters: [String] = ["E", "e"], at time: Int64 = 0
    )
        -> [Event]
    {
        (0..<count).map { index in
            .fixture(
                kind: .comment, at: time + Int64(index), tags: letters.map { Tag([$0, "root\(number)"]) },
                content: "\(number) \(letters) \(index)")
        }
    }

    @Test func `what is shared is asked for once, and then for what is older`() {
        var caps = known
        let relay = CappedRelay(events: (0..<5).flatMap { replies(150, to: $0, at: Int64(1000 * ($0 % 2))) })
        let history = relay.read(filters(5), learning: &caps)
        #expect(history.ids.count == 750 && history.pages == 2 && !history.hasGap)
        #expect(history.received < 760)
    }

    @Test func `of a relay of which nothing is known only what may have been cut comes twice`() {
        var caps = ObservedCaps(atLeast: 10)
        let relay = CappedRelay(events: (0..<5).flatMap { replies(100, to: $0) })
        let history = relay.read(filters(5), learning: &caps)
        #expect(history.ids.count == 500 && !history.hasGap)
        #expect(history.received <= 750, "\(history.received)")
    }

    @Test(arguments: [false, true])
    func `a cap that got lower since is found out`(capsTotal: Bool) {
        var caps = known
        let relay = CappedRelay(events: replies(350), cap: 100, capsTotal: capsTotal)
        let history = relay.read(filters(1), learning: &caps)
        #expect(history.ids.count == 350 && !history.hasGap)
    }

    @Test func `what came for one of two that share is not lost though the other was cut`() {
        var caps = known
        // Ten that name it by `e` alone are older than the first page and newer than the last.
        let relay = CappedRelay(
            events: replies(300) + replies(10, by: ["e"], at: 50) + replies(90, by: ["E"], at: 100), cap: 80)
        let history = relay.read(filters(1), learning: &caps)
        #expect(history.ids.count == 400 && !history.hasGap)
    }

    @Test func `a filter that was left no room by a cap that got lower is asked again`() {
        var caps = known
        let relay = CappedRelay(
            events: replies(90, to: 0, at: 1000) + replies(5, to: 1, by: ["q"]), cap: 50, capsTotal: true)
        let history = relay.read(filters(2), learning: &caps)
        #expect(history.ids.count == 95)
    }

    @Test func `filters that others leave no room are asked at the end`() {
        var caps = known
        let events = replies(300, to: 0, by: ["q"], at: 1000) + replies(5, to: 1)
        let history = CappedRelay(events: events, cap: 50, capsTotal: true).read(filters(2), learning: &caps)
        #expect(history.ids.count == 305 && history.pages < 14, "\(history.pages)")
    }

    @Test func `a lower cap for one of two tags hides from no audit what names a root by that tag alone`() {
        var caps = known
        let events = replies(200, at: 1000) + replies(20, by: ["e"], at: 1010)
        let relay = CappedRelay(events: events, letterCaps: ["e": 100])
        let history = relay.read(filters(1), exactly: true, learning: &caps)
        #expect(history.ids.count == 220 && !history.hasGap)
    }

    @Test func `an audit asks apart for what is shared, each once`() {
        var caps = known
        let relay = CappedRelay(events: (0..<5).flatMap { replies(100, to: $0) })
        let history = relay.read(filters(5), exactly: true, learning: &caps)
        #expect(history.ids.count == 500 && history.pages <= 5, "\(history.pages)")
        #expect(history.received < 1050, "\(history.received)")
    }

    @Test(arguments: [2, 3, 7, 9])
    func `a cap below ten and a busy second hide nothing from an audit without its being told`(cap: Int) {
        var caps = ObservedCaps(atLeast: 10)
        let events = (0..<12).map { Event.fixture(at: $0 < 10 ? 1000 : 900, content: "\($0)") }
        let history = CappedRelay(events: events, cap: cap).read(
            [Filter(kinds: [.textNote])], exactly: true, learning: &caps)
        #expect(history.hasGap)
    }

    @Test(arguments: [1, 2, 9])
    func `a few events of one second are no gap in an audit`(count: Int) {
        var caps = ObservedCaps(atLeast: 10)
        let events = (0..<count).map { Event.fixture(at: 1000, content: "\($0)") }
        let history = CappedRelay(events: events).read(
            [Filter(kinds: [.textNote])], exactly: true, learning: &caps)
        #expect(history.ids.count == count && !history.hasGap && history.pages <= 5)
    }

    @Test(arguments: [12, 37, 63])
    func `one second that is everything a relay holds is no gap`(count: Int) {
        var caps = ObservedCaps(atLeast: 10)
        let events = (0..<count).map { Event.fixture(at: 1000, content: "\($0)") }
        let history = CappedRelay(events: events).read([Filter(kinds: [.textNote])], learning: &caps)
        #expect(history.ids.count == count && !history.hasGap)
    }

    @Test(arguments: [10, 20, 64, 100])
    func `one second that is everything a relay shows is a gap if that is as many as people cap at`(cap: Int)
    {
        var caps = ObservedCaps(atLeast: 10)
        let events = (0..<300).map { Event.fixture(at: 1000, content: "\($0)") }
        let history = CappedRelay(events: events, cap: cap).read(
            [Filter(kinds: [.textNote])], learning: &caps)
        #expect(history.hasGap)
    }

    @Test func `one second is a gap where the relay has more than it shows`() {
        var caps = ObservedCaps(atLeast: 10)
        let events = (0..<40).map { Event.fixture(at: 1000, content: "\($0)") }
        let newer = (0..<40).map { Event.fixture(kind: .issue, at: 2000, content: "\($0)") }
        let history = CappedRelay(events: events + newer, cap: 37).read(
            [Filter(kinds: [.textNote])], learning: &caps)
        #expect(history.hasGap)
    }
}
