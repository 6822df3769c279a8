// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import Ingest

@Suite struct HoldingAreaTests {
    static let target = Event.fixture(content: "target")
    let noon = Timestamp(1_000)

    func reply(_ number: Int, by author: Int = 0, padding: Int = 0) -> Event {
        .fixture(
            tags: [.of("e", Self.target.id.hex)],
            content: "\(number)" + String(repeating: "x", count: padding),
            by: author)
    }

    func area(_ change: (inout HoldingLimits) -> Void = { _ in }) -> HoldingArea {
        var limits = HoldingLimits()
        change(&limits)
        return HoldingArea(limits: limits)
    }

    @Test func `events are found by what they name and by what names them`() {
        var area = area()
        let byID = reply(1)
        let article = Event.fixture(kind: 30023, tags: [.of("d", "x")])
        let state = Event.state("r", by: 3)
        for event in [byID, article, state] { area.hold(event, at: noon) }
        #expect(area.waiting(for: Self.target) == [byID])
        #expect(area.waiting(for: .fixture(tags: [Tag(["a", article.address!.text])])) == [article])
        #expect(area.waiting(for: .fixture(tags: [.of("q", byID.id.hex)])) == [byID])
        #expect(area.waiting(for: .fixture(content: "other")).isEmpty)
        #expect(area.waiting(forRepository: "r") == [state])
        #expect(area.waiting(forRepository: "r", by: [TestKey.publicKey(3)]) == [state])
        #expect(area.waiting(forRepository: "r", by: [TestKey.publicKey(4)]).isEmpty)
    }

    @Test func `what vouches for nothing wakes nobody`() {
        var area = area()
        area.hold(reply(1), at: noon)
        let list = Event.fixture(kind: .graspList, tags: [.of("e", reply(1).id.hex)])
        #expect(area.waiting(for: list).isEmpty)
    }

    @Test func `the oldest goes when there are too many`() {
        var area = area { $0.events = 3 }
        let events = (0..<5).map { reply($0, by: $0) }
        for event in events { area.hold(event, at: noon) }
        #expect(area.waiting(for: Self.target) == Array(events[2...]))
    }

    @Test func `the oldest go when they are too large`() {
        let size = HeldEvent(reply(0, padding: 500), serial: 0, expires: noon).cost
        var area = area { $0.bytes = 3 * size }
        let events = (0..<6).map { reply($0, by: $0, padding: 500) }
        for event in events { area.hold(event, at: noon) }
        #expect(area.bytes <= 3 * size && area.count == 3)
        area.hold(reply(7, padding: 10_000), at: noon)
        #expect(area.count == 3, "what can never fit pushes nobody out")
    }

    @Test func `one author cannot push the others out`() {
        var area = area { $0.eventsPerAuthor = 2 }
        let other = reply(100, by: 1)
        area.hold(other, at: noon)
        let events = (0..<10).map { reply($0, by: 0) }
        for event in events { area.hold(event, at: noon) }
        #expect(area.waiting(for: Self.target) == [other, events[8], events[9]])
    }

    @Test func `time runs out in order of arrival`() {
        var area = area { $0.seconds = 10 }
        area.hold(reply(1), at: Timestamp(100))
        area.hold(reply(2), at: Timestamp(105))
        area.expire(at: Timestamp(109))
        #expect(area.count == 2)
        area.expire(at: Timestamp(110))
        #expect(area.waiting(for: Self.target) == [reply(2)])
        area.expire(at: Timestamp(1_000))
        #expect(area.count == 0 && area.bytes == 0)
    }

    @Test func `a transaction that is taken back leaves no trace`() {
        for seed in 0..<40 {
            var rng = SplitMix64(seed: UInt64(seed))
            var area = area {
                $0.events = 12
                $0.eventsPerAuthor = 5
            }
            let events = (0..<40).map { reply($0, by: $0 % 4) }
            func stir(_ steps: Int) {
                for _ in 0..<steps {
                    guard let event = events.randomElement(using: &rng) else { return }
                    if Bool.random(using: &rng) { area.hold(event, at: noon) } else { area.release(event.id) }
                }
            }
            stir(30)
            let before = (area.waiting(for: Self.target), area.bytes)
            area.begin()
            stir(30)
            area.rollback()
            #expect(area.waiting(for: Self.target) == before.0 && area.bytes == before.1, "seed \(seed)")
            area.begin()
            stir(30)
            area.commit()
            #expect(area.count <= 12)
            area.expire(at: .distantFuture)
            #expect(area.count == 0 && area.bytes == 0, "seed \(seed)")
        }
    }
}
