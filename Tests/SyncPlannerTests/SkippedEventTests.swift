// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

/// Events that are too long to be read: what is older, or beside them, is read all the same.
@Suite struct SkippedEventTests {
    private let repo = Event.announcement(on: [Scene.a])

    private func skipped(_ event: Event, hasAllTags: Bool = true) -> SkippedEvent {
        SkippedEvent(
            subscription: "h1", outline: EventOutline(event: event, hasAllTags: hasAllTags),
            length: 3_000_000)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `whatever a relay caps, nothing is missed beside them`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let values = ["x", "y", "z"]
        let events = (0..<Int.random(in: 1...60, using: &generator)).map { index in
            Event.fixture(
                at: 1000 + Int64.random(in: 0...20, using: &generator),
                tags: (0...Int.random(in: 0...1, using: &generator)).map { _ in
                    .of(
                        ["t", "e"].randomElement(using: &generator) ?? "",
                        values.randomElement(using: &generator) ?? "")
                }, content: "\(index)")
        }
        let giants = Set(events.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }.map(\.id))
        let cut = Set(giants.filter { _ in Bool.random(using: &generator) })
        let relay = CappedRelay(
            events: events, cap: Int.random(in: 12...40, using: &generator),
            capsTotal: Bool.random(using: &generator), servesInTurn: Bool.random(using: &generator))
        let filters = values.flatMap { value in
            ["t", "e"].map { Filter(tags: [$0: [TagValue(value)]]) }
        }
        var pages = HistoryPages(filters: filters, limits: UpstreamLimits())
        var caps = ObservedCaps(atLeast: 10)
        var ids: Set<EventID> = []
        for _ in 1...2000 {
            for event in relay.answer(pages.request) {
                if !giants.contains(event.id) {
                    if pages.take(event) == .fresh { ids.insert(event.id) }
                    continue
                }
                let isCut = cut.contains(event.id)
                let outline =
                    isCut ? Event.fixture(at: event.createdAt.seconds, content: event.id.hex) : event
                #expect(pages.take(skipped(outline, hasAllTags: !isCut)) != .unasked)
            }
            guard pages.pageEnded(caps: &caps, limits: UpstreamLimits()) != .finished else {
                let wanted = events.filter { event in
                    !giants.contains(event.id) && filters.contains { $0.matches(event) }
                }
                if !pages.hasGap { #expect(ids == Set(wanted.map(\.id)), "seed \(seed)") }
                return
            }
        }
        Issue.record("it never ends: seed \(seed)")
    }

    @Test func `while one comes, nobody waits in vain`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let live = try #require(scene.open(Scene.a, "l").first)
        scene.tell(.received(link, [.endOfStoredEvents(live.id)]))
        let history = try #require(scene.open(Scene.a, "h").first)
        for _ in 0..<5 {
            scene.wait(.seconds(20))
            scene.tell(.skipping(link))
        }
        scene.tell(
            .skipped(link, SkippedEvent(subscription: history.id, outline: nil, length: 3_000_000)))
        #expect(!scene.facts.contains { if case .batchFailed = $0 { true } else { false } })
        scene.tell(.received(link, [.endOfStoredEvents(history.id)]))
        #expect(scene.status(Scene.a) == .connectedWithHistoryGaps)
        #expect(
            scene.facts.contains {
                if case .batchFailed(_, _, .unreadableEvent, _) = $0 { true } else { false }
            })
        let told = scene.planner.explain(Scene.a, at: scene.now)?.skipped
        #expect(told?.count == 1)
        #expect(told?.last.length == 3_000_000)
        #expect(!scene.effects.contains(.hangUp(link)))
    }

    @Test func `of another link, or of no question, it changes nothing that is asked`() throws {
        var scene = Scene(stored: [repo])
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        #expect(scene.status(Scene.a) == .connected)
        let stray = Event.fixture(kind: .textNote)
        scene.tell(.skipped(LinkID(relay: Scene.a, number: 99), skipped(stray)))
        #expect(scene.planner.explain(Scene.a, at: scene.now)?.skipped == nil)
        scene.tell(
            .skipped(
                link,
                SkippedEvent(
                    subscription: "nobody", outline: EventOutline(event: stray, hasAllTags: true),
                    length: 3_000_000)))
        #expect(scene.facts.contains(.unasked(Scene.a, count: 1)))
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test func `what they weigh is misconduct in the end`() throws {
        var scene = Scene(stored: [repo]) { $0.limits.offencesMax = 10 }
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        // What was asked for may have been put there by others: it weighs an eighth.
        for length in [3 << 20, 24 << 20] {
            scene.tell(.skipped(link, SkippedEvent(subscription: "l1", outline: nil, length: length)))
        }
        let stray = Event.fixture(content: "nobody asked")
        for _ in 0..<3 {
            #expect(!scene.facts.contains(.misbehaved(Scene.a)))
            scene.tell(
                .skipped(
                    link,
                    SkippedEvent(
                        subscription: "l1", outline: EventOutline(event: stray, hasAllTags: true),
                        length: 3 << 20)))
        }
        #expect(scene.facts.contains(.misbehaved(Scene.a)))
    }
}
