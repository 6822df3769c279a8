// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Histories by reconciliation (NIP-77).
@Suite struct ReconcilingTests {
    private let held = (1...5).map { Event.announcement("r\($0)", on: [Scene.a], isOurs: false) }

    @Test func `what a relay has and we lack is fetched by id, and confirms once it is judged`() throws {
        var scene = Scene()
        let (link, id, session) = try scene.openSession()
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        #expect(scene.takes(id) == ["61"])
        scene.tell(.reconciled(id, need: held.map(\.id), isDone: true))
        #expect(scene.ended == [id])
        let fetch = try #require(scene.open(Scene.a, "f").first)
        #expect(Set(fetch.filters.flatMap { $0.ids ?? [] }) == Set(held.map(\.id)))
        #expect(fetch.filters[0].limit == 5)
        scene.tell(.received(link, held.map { .event(fetch.id, $0) } + [.endOfStoredEvents(fetch.id)]))
        #expect(!scene.planner.confirmed(at: Scene.a).contains(.announcements))
        scene.judgeAll()
        #expect(scene.planner.confirmed(at: Scene.a).contains(.announcements))
        #expect(scene.open(Scene.a, "h").isEmpty)
        #expect(scene.planner.relays[Scene.a]?.negentropy == .works)
    }

    @Test func `two that hold the same exchange one message`() throws {
        var scene = Scene()
        let (link, id, session) = try scene.openSession()
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        scene.tell(.reconciled(id, need: [], isDone: true))
        #expect(scene.planner.confirmed(at: Scene.a).contains(.announcements))
        #expect(scene.open(Scene.a).allSatisfy { $0.id.text.string.hasPrefix("l") })
    }

    @Test(arguments: [GatheredSet.set(count: 31), .tooMany])
    func `where little is here, or too much, a filter is read page by page`(set: GatheredSet) throws {
        var scene = Scene()
        let (_, id) = try scene.openGathering()
        scene.tell(.gathered(id, set))
        #expect(scene.open(Scene.a, "h").count == 1)
        #expect(scene.ended == [id])
        #expect(scene.sessions.isEmpty)
    }

    @Test func `nobody is asked to reconcile when that is switched off`() throws {
        var scene = Scene { $0.usesNegentropy = false }
        _ = try scene.openHistory(at: Scene.a)
        #expect(scene.gathers.isEmpty)
    }

    enum Refusal: CaseIterable { case notice, disabled, closed, version, silent }

    @Test(arguments: Refusal.allCases)
    func `who does not reconcile is asked page by page, also after a restart`(refusal: Refusal) throws {
        var scene = Scene()
        let (link, id, session) = try scene.openSession()
        switch refusal {
        case .notice: scene.tell(.received(link, [.notice("ERROR: bad msg: unknown cmd")]))
        case .disabled:
            scene.tell(.received(link, [.negentropyError(session, message: "blocked: sync is disabled")]))
        case .closed: scene.tell(.received(link, [.closed(session, message: "error: what")]))
        case .version:
            scene.tell(.received(link, [.negentropyMessage(session, "60")]))
            scene.tell(.reconciliationFailed(id, .version))
        case .silent: scene.wait(.seconds(11))
        }
        #expect(scene.open(Scene.a, "h").count == 1)
        #expect(scene.status(Scene.a) == .syncing)
        scene.answer(link)
        #expect(scene.planner.confirmed(at: Scene.a).contains(.announcements))
        scene.wait(.seconds(2))
        var again = Scene(restored: Array(scene.rows.values), at: scene.wall.advanced(by: 5000))
        _ = try again.openHistory(at: Scene.a)
        #expect(again.gathers.isEmpty)
        var later = Scene(restored: Array(scene.rows.values), at: scene.wall.advanced(by: 8 * 86_400))
        _ = try later.openGathering()
    }

    @Test func `a set of ours that has gone is gathered anew, a few times, and nobody is blamed`() throws {
        var scene = Scene()
        let (link, first, session) = try scene.openSession()
        var last = (id: first, session: session)
        for _ in 0..<3 {
            scene.tell(.received(link, [.negentropyMessage(last.session, "61")]))
            scene.tell(.reconciliationFailed(last.id, .changed))
            #expect(scene.open(Scene.a, "h").isEmpty)
            last = try scene.openNext(after: last.id)
        }
        scene.tell(.reconciliationFailed(last.id, .changed))
        #expect(scene.open(Scene.a, "h").count == 1)
        scene.answer(link)
        #expect(scene.planner.confirmed(at: Scene.a).contains(.announcements))
    }

    @Test func `a relay that begins to claim it is tried again`() throws {
        var scene = Scene()
        scene.information = UpstreamInformation()
        let (link, _, session) = try scene.openSession()
        scene.tell(.received(link, [.closed(session, message: "unsupported")]))
        scene.answer(link)
        scene.tell(.linkDown(link, .lost))
        scene.information?.supportedNIPs = [77]
        scene.wait(.seconds(3700))
        #expect(scene.planner.relays[Scene.a]?.negentropy != .unknown)
        let next = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(next))
        #expect(scene.planner.relays[Scene.a]?.negentropy == .unknown)
    }

    @Test func `a filter that is too much for a relay is read page by page, the others are not`() throws {
        var scene = Scene()
        let announcement = Event.announcement(on: [Scene.a])
        scene.commit(announcement)
        scene.wait(.seconds(6))
        let link = try scene.live()
        #expect(scene.gathers.count > 2)
        for (id, _, _) in scene.gathers { scene.tell(.gathered(id, .set(count: 100))) }
        // The first is a trial.
        #expect(scene.sessions.count == 1)
        let first = try #require(scene.sessions.first)
        scene.tell(
            .received(link, [.negentropyError(first.session, message: "blocked: too many query results")]))
        var seen: Set<ReconciliationID> = [first.id]
        var count = 0
        while let next = scene.sessions.first(where: { !seen.contains($0.id) }) {
            seen.insert(next.id)
            count += 1
            scene.tell(.received(link, [.negentropyMessage(next.session, "61")]))
            scene.tell(.reconciled(next.id, need: [], isDone: true))
            for (id, _, _) in scene.gathers where !seen.contains(id) {
                scene.tell(.gathered(id, .set(count: 100)))
            }
        }
        #expect(count >= 2)
        let paged = try #require(scene.open(Scene.a, "h").first)
        #expect(paged.filters.map(\.conditions) == [first.filter.conditions])
        #expect(scene.facts.contains(.pagedInstead(Scene.a, .tooMany)))
    }

    @Test func `what is listed and not served is looked for once more, then page by page`() throws {
        var scene = Scene()
        var (link, id, session) = try scene.openSession()
        for attempt in 1...2 {
            scene.tell(.received(link, [.negentropyMessage(session, "61")]))
            scene.tell(.reconciled(id, need: [held[0].id], isDone: true))
            let fetch = try #require(scene.open(Scene.a, "f").last)
            scene.tell(.received(link, [.endOfStoredEvents(fetch.id)]))
            if attempt == 2 { break }
            #expect(scene.open(Scene.a, "h").isEmpty)
            (id, session) = try scene.openNext(after: id)
        }
        #expect(scene.open(Scene.a, "h").count == 1)
        #expect(scene.facts.contains(.pagedInstead(Scene.a, .notServed)))
        scene.answer(link)
        #expect(scene.planner.confirmed(at: Scene.a).contains(.announcements))
    }

    @Test func `a relay that returns less than is asked for is asked for the rest`() throws {
        var scene = Scene()
        let (link, id, session) = try scene.openSession()
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        scene.tell(.reconciled(id, need: held.map(\.id), isDone: true))
        let fetch = try #require(scene.open(Scene.a, "f").first)
        scene.tell(.received(link, [.event(fetch.id, held[0]), .endOfStoredEvents(fetch.id)]))
        let rest = try #require(scene.open(Scene.a, "f").first)
        #expect(Set(rest.filters[0].ids ?? []) == Set(held.dropFirst().map(\.id)))
    }

    @Test func `an event that is listed for a filter and does not match it is not taken`() throws {
        var scene = Scene()
        let (link, id, session) = try scene.openSession()
        let other = Event.fixture(kind: 1)
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        scene.tell(.reconciled(id, need: [other.id], isDone: true))
        let fetch = try #require(scene.open(Scene.a, "f").first)
        scene.tell(.received(link, [.event(fetch.id, other), .endOfStoredEvents(fetch.id)]))
        #expect(!scene.take().contains { if case .submit = $0 { true } else { false } })
        #expect(scene.facts.contains(.unasked(Scene.a, count: 1)))
    }

    @Test func `a list without end is cut off`() throws {
        var scene = Scene { $0.limits.neededPerFilterMax = 4 }
        let (link, id, session) = try scene.openSession()
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        scene.tell(.reconciled(id, need: held.map(\.id), isDone: false))
        #expect(scene.open(Scene.a, "h").count == 1)
        #expect(scene.ended == [id])
    }

    @Test func `what the end of a link cuts off is forgotten`() throws {
        var scene = Scene()
        let (link, id, session) = try scene.openSession()
        scene.tell(.linkDown(link, .lost))
        #expect(scene.ended == [id])
        scene.tell(.reconciled(id, need: [held[0].id], isDone: true))
        scene.tell(.gathered(id, .set(count: 100)))
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `what was not taken counts as here for what was complete once, and for nothing new`() throws {
        var scene = Scene { $0.dailyResync = .seconds(100) ... .seconds(110) }
        let (link, id, session) = try scene.openSession()
        #expect(scene.gathers.map(\.skipsUnwanted) == [false])
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        scene.tell(.reconciled(id, need: [], isDone: true))
        _ = scene.take()
        scene.wait(.seconds(111))
        #expect(scene.gathers.map(\.skipsUnwanted) == [true])
    }

    @Test func `what is new is not reconciled together with what was complete once`() throws {
        let (old, new) = (Event.announcement("old", on: [Scene.a]), Event.announcement("new", on: [Scene.a]))
        var before = Scene(stored: [old])
        before.answerAll(Scene.a)
        #expect(before.planner.confirmed(at: Scene.a).count > 1)
        before.wait(.seconds(2))
        let later = before.wall.advanced(by: 5000)
        var scene = Scene(restored: Array(before.rows.values), at: later, stored: [old, new])
        let link = try scene.live()
        scene.answer(link)
        let values = scene.gathers.map { gather in
            (gather.skipsUnwanted, gather.filter.tags.flatMap { $0.values.map(\.string) })
        }
        #expect(values.contains { $0.0 && !$0.1.isEmpty } && values.contains { !$0.0 && !$0.1.isEmpty })
        for (wasComplete, names) in values {
            #expect(names.allSatisfy { $0.hasSuffix(wasComplete ? "old" : "new") })
        }
    }

    @Test func `what a relay says of nothing is an offence, and what is late is none`() throws {
        var scene = Scene { $0.limits.offencesMax = 3 }
        let (link, id, session) = try scene.openSession()
        scene.tell(.received(link, [.negentropyMessage(session, "61")]))
        scene.tell(.reconciled(id, need: [], isDone: true))
        for _ in 0..<10 { scene.tell(.received(link, [.negentropyMessage(session, "61")])) }
        #expect(scene.status(Scene.a) == .connected)
        for _ in 0..<10 { scene.tell(.received(link, [.negentropyMessage(SubscriptionID("who"), "61")])) }
        #expect(scene.status(Scene.a) == .disconnected)
    }
}

extension Filter {
    fileprivate var conditions: Filter {
        var filter = self
        (filter.since, filter.until, filter.limit) = (nil, nil, nil)
        return filter
    }
}

extension Scene {
    /// What was wanted to be gathered since ``take()``.
    var gathers: [(id: ReconciliationID, filter: Filter, skipsUnwanted: Bool)] {
        effects.compactMap {
            if case .gather(let id, let filter, let skips) = $0 { (id, filter, skips) } else { nil }
        }
    }

    var sessions: [(id: ReconciliationID, session: SubscriptionID, filter: Filter)] {
        effects.compactMap {
            if case .reconcile(let id, let session, let filter, _) = $0 { (id, session, filter) } else { nil }
        }
    }

    var ended: [ReconciliationID] {
        effects.compactMap { if case .endReconciliation(let id, _) = $0 { id } else { nil } }
    }

    func takes(_ id: ReconciliationID) -> [TagValue] {
        effects.compactMap { if case .takeReconciliation(id, _, let message) = $0 { message } else { nil } }
    }

    /// The dial succeeds and the first live subscription is answered.
    mutating func live() throws -> LinkID {
        gathersNothing = false
        let link = try #require(self.link(to: Self.a))
        tell(.linkUp(link))
        tell(.received(link, [.endOfStoredEvents(try #require(open(Self.a, "l").first).id)]))
        return link
    }

    mutating func openGathering() throws -> (link: LinkID, id: ReconciliationID) {
        let link = try live()
        return (link, try #require(gathers.first).id)
    }

    /// The first filter is gathered and NEG-OPEN is wanted.
    mutating func openSession() throws -> (link: LinkID, id: ReconciliationID, session: SubscriptionID) {
        let (link, id) = try openGathering()
        tell(.gathered(id, .set(count: 100)))
        let session = try #require(sessions.first)
        #expect(session.id == id)
        return (link, id, session.session)
    }

    mutating func openNext(after id: ReconciliationID) throws -> (
        id: ReconciliationID, session: SubscriptionID
    ) {
        let next = try #require(gathers.last { $0.id != id })
        tell(.gathered(next.id, .set(count: 100)))
        let session = try #require(sessions.last { $0.id == next.id })
        return (session.id, session.session)
    }
}
