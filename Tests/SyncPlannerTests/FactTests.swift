// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

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
