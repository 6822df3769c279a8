// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Once in a day everything is asked for anew.
@Suite struct AuditTests {
    private let repo = Event.announcement(on: [Scene.a])

    private func histories(_ effects: [SyncEffect], of relay: RelayURL) -> [Filter] {
        effects.flatMap { effect -> [Filter] in
            if case .open(let link, let id, let filters) = effect, link.relay == relay,
                id.text.string.hasPrefix("h")
            {
                filters
            } else {
                []
            }
        }
    }

    /// A day of ten minutes, so that few steps make one.
    private static func shortDay(_ configuration: inout SyncConfiguration) {
        configuration.dailyResync = .seconds(600) ... .seconds(700)
        configuration.heartbeat = .seconds(7200)
    }

    /// Lets time pass; everything that is asked is answered.
    private func live(_ scene: inout Scene, for span: Duration, with events: [Event] = []) -> [SyncEffect] {
        var all: [SyncEffect] = []
        let end = scene.now + span
        while scene.now < end {
            scene.wait(.seconds(10))
            let effects = scene.take()
            all += effects
            for case .open(let link, let id, let filters) in effects {
                let found = events.filter { event in filters.contains { $0.matches(event) } }
                scene.tell(.received(link, found.map { .event(id, $0) } + [.endOfStoredEvents(id)]))
            }
            scene.judgeAll()
        }
        return all
    }

    @Test func `an audit finds what live subscriptions never brought`() throws {
        var scene = Scene(stored: [repo], change: Self.shortDay)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        _ = scene.take()
        let late = Event.issue(of: repo, at: 1_600_000_000)
        let early = live(&scene, for: .seconds(590), with: [late])
        #expect(histories(early, of: Scene.a).isEmpty)
        let due = live(&scene, for: .seconds(200), with: [late])
        let asked = histories(due, of: Scene.a)
        let isWhole = asked.contains {
            $0.kinds == [.graspList, .repositoryAnnouncement] && $0.since == nil
        }
        #expect(isWhole)
        #expect(scene.facts.contains { if case .stored(_, .daily, _) = $0 { true } else { false } })
        #expect(scene.facts.contains { if case .auditCompleted = $0 { true } else { false } })
        #expect(scene.status(Scene.a) == .connected)
        let wasHungUp = due.contains(.hangUp(link))
        #expect(!wasHungUp)
    }

    @Test func `a relay where something is never complete is audited all the same`() throws {
        var scene = Scene(stored: [repo]) {
            Self.shortDay(&$0)
            $0.backoffMax = .seconds(60)
        }
        scene.tell(.linkUp(try #require(scene.link(to: Scene.a))))
        let end = scene.now + .seconds(4000)
        while scene.now < end {
            let effects = scene.take()
            for case .open(let link, let id, let filters) in effects {
                // It tells nothing of repositories.
                let isRefused = filters.contains { !$0.tags.isEmpty }
                scene.tell(
                    .received(
                        link, [isRefused ? .closed(id, message: "error: no") : .endOfStoredEvents(id)]))
            }
            scene.judgeAll()
            scene.wait(.seconds(10))
        }
        #expect(!scene.facts.contains(.status(Scene.a, .connected)))
        #expect(scene.facts.contains { if case .auditStarted = $0 { true } else { false } })
    }

    @Test func `an audit asks apart for what names a root by e and by E`() throws {
        var scene = Scene(stored: [repo, .issue(of: repo)], change: Self.shortDay)
        scene.answerAll(Scene.a)
        let together = histories(scene.take(), of: Scene.a)
        #expect(together.contains { $0.values(of: "e") != nil })
        var requests: [[Filter]] = []
        for case .open(_, let id, let filters) in live(&scene, for: .seconds(790))
        where id.text.string.hasPrefix("h") {
            requests.append(filters)
        }
        for letter in ["e", "E"] as [Character] {
            #expect(requests.contains { $0.contains { $0.values(of: letter) != nil } })
        }
        #expect(
            !requests.contains { filters in
                filters.contains { $0.values(of: "e") != nil }
                    && filters.contains { $0.values(of: "E") != nil }
            })
    }

    @Test func `an audit that meets a second which cannot be read ends, and the gap is told`() throws {
        var scene = Scene(stored: [repo], change: Self.shortDay)
        scene.answerAll(Scene.a)
        _ = scene.take()
        let busy = (0..<40).map { Event.issue(of: repo, at: 1_600_000_000, by: 2 + $0) }
        let end = scene.now + .seconds(800)
        while scene.now < end {
            scene.wait(.seconds(10))
            for case .open(let link, let id, let filters) in scene.take() {
                let found = busy.filter { event in filters.contains { $0.matches(event) } }.prefix(20)
                scene.tell(.received(link, found.map { .event(id, $0) } + [.endOfStoredEvents(id)]))
            }
            scene.judgeAll()
        }
        #expect(scene.facts.contains { if case .auditCompleted = $0 { true } else { false } })
        #expect(scene.planner.relays[Scene.a]?.isAudited == false)
        #expect(scene.status(Scene.a) == .connectedWithHistoryGaps)
        #expect(scene.planner.relays[Scene.a]?.lastFailure == "batch: unreadable-second")
    }

    @Test func `audits of many relays are spread, and never many at once`() {
        let relays = (0..<30).map { try! RelayURL("wss://m\($0).test") }
        var scene = Scene(bootstrap: relays, change: Self.shortDay)
        for relay in relays { scene.answerAll(relay) }
        _ = scene.take()
        var started: Set<Uptime> = []
        var most = 0
        for _ in 0..<80 {
            let before = scene.facts.count
            _ = live(&scene, for: .seconds(10))
            for case .auditStarted in scene.facts[before...] { started.insert(scene.now) }
            most = max(most, scene.planner.relays.entries.values.count(where: \.isAudited))
        }
        #expect(started.count >= 5, "\(started.count) moments")
        #expect(most <= 4)
        #expect(scene.facts.count { if case .auditCompleted = $0 { true } else { false } } >= 30)
    }

    @Test func `a link that breaks in an audit loses nothing, and the audit goes on`() throws {
        var scene = Scene(stored: [repo], change: Self.shortDay)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.wait(.seconds(590))
        while !scene.facts.contains(where: { if case .auditStarted = $0 { true } else { false } }),
            scene.now < Uptime.zero + .seconds(1000)
        {
            scene.wait(.seconds(1))
        }
        #expect(scene.planner.relays[Scene.a]?.isAudited == true)
        scene.tell(.linkDown(link, .lost))
        _ = scene.take()
        scene.wait(.seconds(10))
        scene.answerAll(Scene.a)
        #expect(scene.facts.contains { if case .auditCompleted = $0 { true } else { false } })
        #expect(scene.planner.confirmed(at: Scene.a).contains(.announcements))
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `a relay that goes away in its audit keeps no other from being audited`() throws {
        var scene = Scene(bootstrap: [Scene.a, Scene.b], stored: [repo]) {
            Self.shortDay(&$0)
            $0.limits.auditsMax = 1
        }
        let links = [Scene.a: scene.link(to: Scene.a), Scene.b: scene.link(to: Scene.b)]
        scene.answerAll(Scene.a)
        scene.answerAll(Scene.b)
        var audited: [RelayURL] = []
        scene.wait(.seconds(540))
        for _ in 0..<1500 where audited.count < 2 {
            let before = scene.facts.count
            scene.wait(.seconds(1))
            for case .auditStarted(let relay, _) in scene.facts[before...] {
                audited.append(relay)
                // The first is gone for good.
                if audited.count == 1, let link = links[relay] ?? nil { scene.tell(.linkDown(link, .lost)) }
            }
            for case .dial(let link, _) in scene.take() { scene.tell(.dialFailed(link, .tcp)) }
        }
        #expect(Set(audited) == [Scene.a, Scene.b])
    }

    @Test func `the last audit is remembered over a restart`() {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        scene.wait(.seconds(5))
        let first = scene.planner.relays[Scene.a]?.lastAudit
        #expect(first != nil)
        let again = Scene(restored: Array(scene.rows.values), at: scene.wall, stored: [repo])
        #expect(again.planner.relays[Scene.a]?.lastAudit == first)
    }
}
