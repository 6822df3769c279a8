// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

/// What is told for the log and the metrics: once, when it is so, and with its reason.
@Suite struct FactTests {
    private func complete(_ scene: Scene) -> [RelayURL] {
        scene.facts.compactMap { if case .historyComplete(let relay) = $0 { relay } else { nil } }
    }

    private func following(_ scene: Scene) -> [Int] {
        scene.facts.compactMap { if case .following(let repositories, _) = $0 { repositories } else { nil } }
    }

    @Test func `history is not called complete before anything is followed`() {
        var scene = Scene()
        scene.answerAll(Scene.a)
        scene.wait(.seconds(60))
        #expect(scene.status(Scene.a) == .connected)
        #expect(complete(scene).isEmpty)
    }

    @Test func `history is called complete once, when what the announcements led to is here`() throws {
        var scene = Scene()
        let announcement = Event.announcement(on: [Scene.a])
        let issue = Event.issue(of: announcement)
        scene.answerAll(Scene.a, with: [announcement, issue])
        #expect(
            scene.status(Scene.a) == .connected, "the announcements are here, the plan is not yet made anew")
        #expect(complete(scene).isEmpty)
        let link = try #require(scene.link(to: Scene.a))
        for _ in 0..<4 {
            scene.wait(.seconds(6))
            scene.answer(link, with: [announcement, issue])
        }
        scene.wait(.seconds(60))
        #expect(complete(scene) == [Scene.a])
    }

    @Test func `how much is followed is told when it changes, and not while the store is read`() {
        let announcement = Event.announcement(on: [Scene.a])
        var scene = Scene(stored: [announcement])
        #expect(following(scene) == [1])
        scene.answerAll(Scene.a)
        scene.wait(.seconds(60))
        #expect(following(scene) == [1])
        scene.commit(.announcement("other", on: [Scene.a]))
        scene.wait(.seconds(10))
        #expect(following(scene) == [1, 2])
    }

    @Test(arguments: [LinkEnd.closedByRelay, .lost, .silent, .protocolViolation])
    func `the end of a link is told with its reason, which shows until the relay answers`(end: LinkEnd) throws
    {
        var scene = Scene()
        scene.answerAll(Scene.a)
        scene.tell(.linkDown(try #require(scene.link(to: Scene.a)), end))
        let told = scene.facts.contains {
            if case .disconnected(Scene.a, end, let wait) = $0 { wait > .zero } else { false }
        }
        #expect(told)
        #expect(scene.planner.relays[Scene.a]?.lastFailure == end.rawValue)
        _ = scene.take()
        scene.wait(.seconds(10))
        scene.answerAll(Scene.a)
        #expect(scene.planner.relays[Scene.a]?.lastFailure == nil)
    }

    @Test func `a relay that answers no question is told from one that is gone`() {
        var scene = Scene()
        guard let link = scene.link(to: Scene.a) else { return }
        scene.tell(.linkUp(link))
        scene.wait(.seconds(31))
        let told = scene.facts.contains {
            if case .disconnected(Scene.a, .noAnswer, _) = $0 { true } else { false }
        }
        #expect(told)
    }

    @Test func `a relay that sends what nobody can read is told from one that is silent`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        scene.tell(.unreadable(link, count: 3))
        scene.wait(.seconds(31))
        #expect(scene.planner.relays[Scene.a]?.lastFailure == "sends what is no Nostr message")
    }

    @Test func `a relay that refuses us says why in its status, and is not well`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        for _ in 0..<4 {
            for (id, _) in scene.open(Scene.a) {
                scene.drop(id)
                scene.tell(.received(link, [.closed(id, message: "error: database is\u{1B} on fire")]))
            }
        }
        let entry = try #require(scene.planner.relays[Scene.a])
        #expect(entry.lastFailure == "closed: error: database is on fire")
        #expect(entry.health == .degraded)
        let shown = try #require(scene.planner.snapshot(at: scene.now).relays.first)
        #expect(shown.lag == nil, "its history never was complete")
        scene.tell(.received(link, [.notice("go away")]))
        scene.tell(.linkDown(link, .closedByRelay))
        #expect(
            scene.planner.relays[Scene.a]?.lastFailure == "closed by the relay, notice: go away")
    }

    @Test func `a dial says what is known of its failure`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.dialFailed(link, .http, detail: "200 but no upgrade"))
        #expect(scene.planner.relays[Scene.a]?.lastFailure == "dial: http (200 but no upgrade)")
    }

    @Test func `what we refuse to dial is looked at anew after a restart`() throws {
        let repo = Event.announcement(on: [Scene.b])
        var scene = Scene(stored: [repo])
        scene.tell(
            .dialFailed(
                try #require(scene.link(to: Scene.b)), .refused, detail: "its address is private"))
        #expect(scene.planner.relays[Scene.b]?.lastFailure == "dial: refused (its address is private)")
        #expect(scene.planner.relays[Scene.b]?.health == .refused, "that is nothing it did")
        scene.wait(.seconds(2))
        let again = Scene(restored: Array(scene.rows.values), at: scene.wall, stored: [repo])
        #expect(again.link(to: Scene.b) != nil)
    }

    @Test func `what was complete of a relay that is lost is still told`() throws {
        var scene = Scene()
        scene.answerAll(Scene.a)
        let before = try #require(scene.planner.snapshot(at: scene.now).relays.first)
        #expect(before.lag == .zero)
        scene.tell(.linkDown(try #require(scene.link(to: Scene.a)), .lost))
        let lost = try #require(scene.planner.snapshot(at: scene.now).relays.first)
        #expect(lost.confirmed == 0)
        #expect(lost.covered == before.confirmed)
        #expect(lost.lag != nil)
    }

    @Test func `why a relay is not followed is known`() throws {
        let scene = Scene(stored: [Event.announcement(on: [Scene.b])]) { $0.limits.relaysMax = 1 }
        #expect(scene.planner.absence(of: Scene.b).reason == .tableFull)
        #expect(scene.planner.absence(of: Scene.b).announcements.count == 1)
        #expect(scene.planner.absence(of: Scene.c).reason == .unnamed)
        #expect(scene.planner.absence(of: try RelayURL("wss://\(Scene.domain)")).reason == .ourselves)
    }

    @Test(arguments: [20, 21, 60])
    func `an announcement that names more relays than are asked is told of, once`(count: Int) throws {
        let relays = try (0..<count).map { try RelayURL("wss://r\($0).test") }
        // Its own service is one of those that count.
        let scene = Scene(stored: [.announcement(on: Array(relays.dropFirst()))])
        let told = scene.facts.count { $0 == .overLimit(.relaysOfAnnouncement) }
        #expect(told == (count > 20 ? 1 : 0))
        #expect(scene.planner.relays.entries.count == 1 + 19)
    }

    @Test func `pages count when they are read, and what is asked again is told`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        for (id, _) in scene.open(Scene.a, "l") { scene.tell(.received(link, [.endOfStoredEvents(id)])) }
        let page = try #require(scene.open(Scene.a, "h").first)
        scene.tell(.received(link, [.closed(page.id, message: "rate-limited: slow down")]))
        #expect(scene.facts.contains(.pageRetried(Scene.a)))
        scene.drop(page.id)
        scene.wait(.seconds(70))
        let again = try #require(scene.open(Scene.a, "h").first)
        scene.tell(.received(link, [.closed(again.id, message: "error: on fire")]))
        scene.drop(again.id)
        func retries() -> Int {
            scene.facts.count { if case .retried(Scene.a, _, items: 1) = $0 { true } else { false } }
        }
        #expect(retries() == 0)
        scene.wait(.seconds(10))
        #expect(retries() == 1)
        #expect(!scene.facts.contains(.pageRead(Scene.a)))
        let third = try #require(scene.open(Scene.a, "h").first)
        scene.tell(
            .received(link, [.event(third.id, .announcement(on: [Scene.a])), .endOfStoredEvents(third.id)]))
        #expect(scene.facts.contains(.pageRead(Scene.a)), "though nothing is judged yet")
        #expect(scene.planner.pending.count == 1)
    }

    @Test func `a relay that an announcement names too late in its list is told from one that nobody names`()
        throws
    {
        let many = try (0..<30).map { try RelayURL("wss://r\($0).test") }
        let scene = Scene(stored: [.announcement(on: many)])
        #expect(scene.planner.absence(of: many[29]).reason == .leftOut)
        #expect(Scene().planner.absence(of: many[29]).reason == .unnamed)
    }

    @Test func `the repositories with most roots are shown first, and no more than fit`() throws {
        var scene = Scene()
        let repositories = ["none", "two", "one"].map { Event.announcement($0, on: [Scene.b, Scene.a]) }
        for repository in repositories { scene.commit(repository) }
        scene.wait(.seconds(10))
        for (repository, count) in zip(repositories, [0, 2, 1]) {
            for index in 0..<count { scene.commit(.issue(of: repository, at: 1_700_000_000 + Int64(index))) }
        }
        scene.wait(.seconds(60))
        let shown = scene.planner.snapshot(at: scene.now).largest
        #expect(shown.map(\.address.identifier) == ["two", "one", "none"])
        #expect(shown.map(\.roots) == [2, 1, 0])
        #expect(shown[0].relays == [Scene.a, Scene.b] && shown[0].announcement == repositories[1].id)
        #expect(scene.planner.repositories.largest(2).map(\.roots) == [2, 1])
        #expect(scene.planner.repositories.largest(0).isEmpty)
    }

    @Test func `that a relay is not followed is told once, however often that is looked at`() throws {
        let own = try RelayURL("wss://\(Scene.domain)")
        let many = try (0..<60).map { try RelayURL("wss://n\($0).test") }
        let stored = stride(from: 0, to: 60, by: 15).map {
            Event.announcement("r\($0)", on: Array(many[$0..<$0 + 15]))
        }
        var scene = Scene(bootstrap: [own], stored: stored)
        scene.commit(.announcement("another", by: 7, on: []))
        scene.wait(.seconds(600))
        func refused(_ reason: SyncFact.NotTracked) -> [RelayURL] {
            scene.facts.compactMap { if case .notTracked(let relay, reason) = $0 { relay } else { nil } }
        }
        #expect(refused(.ourselves) == [own])
        #expect(refused(.tooManyOfOneOwner).count == 10)
        #expect(scene.planner.snapshot(at: scene.now).leftOut == 10)
        scene.wait(.seconds(86_400))
        #expect(scene.planner.snapshot(at: scene.now).leftOut == 0)
        #expect(refused(.tooManyOfOneOwner).count == 10)
        #expect(scene.planner.relays.entries.count == 60)
    }

    @Test func `roots that are found later are told, too`() {
        let announcement = Event.announcement(on: [Scene.a])
        var scene = Scene(stored: [announcement])
        scene.commit(.issue(of: announcement))
        scene.wait(.seconds(10))
        #expect(scene.facts.contains(.following(repositories: 1, roots: 1)))
    }

    @Test func `after a restart it is still known what went wrong last`() throws {
        var scene = Scene()
        scene.tell(.dialFailed(try #require(scene.link(to: Scene.a)), .tls))
        scene.wait(.seconds(2))
        let next = Scene(restored: Array(scene.rows.values), at: scene.wall)
        let failure = try #require(next.planner.relays[Scene.a]?.lastFailure)
        #expect(failure == scene.planner.relays[Scene.a]?.lastFailure)
        #expect(failure.hasPrefix("dial: tls"))
    }
}
