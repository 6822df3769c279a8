// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// What goes wrong, and what that must not do.
@Suite struct DisturbanceTests {
    private let repo = Event.announcement(on: [Scene.a])

    /// A scene whose relay is connected and complete.
    private func complete(with events: [Event] = []) throws -> (Scene, LinkID) {
        var scene = Scene(stored: [repo])
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a, with: events)
        #expect(scene.status(Scene.a) == .connected)
        return (scene, link)
    }

    @Test func `CLOSED ends one subscription, and its items are asked again later`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        scene.tell(.received(link, [.endOfStoredEvents(try #require(scene.open(Scene.a, "l").first).id)]))
        let history = try #require(scene.open(Scene.a, "h").first)
        _ = scene.take()
        scene.tell(.received(link, [.closed(history.id, message: "error: no")]))
        #expect(scene.status(Scene.a) == .connectedWithHistoryGaps)
        #expect(scene.planner.confirmed(at: Scene.a).isEmpty)
        #expect(scene.take().allSatisfy { if case .open = $0 { false } else { true } }, "no hot loop")
        scene.wait(.seconds(6))
        scene.answer(link)
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test func `a history that says nothing times out, the rest goes on`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let live = try #require(scene.open(Scene.a, "l").first)
        scene.tell(.received(link, [.endOfStoredEvents(live.id)]))
        scene.wait(.seconds(20))
        scene.tell(.received(link, [.notice("busy")]))
        scene.wait(.seconds(11))
        #expect(scene.facts.contains { if case .batchFailed(_, _, .timeout, _) = $0 { true } else { false } })
        #expect(!scene.effects.contains(.hangUp(link)))
    }

    @Test func `a relay that says nothing at all is hung up and dialled again`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        scene.wait(.seconds(31))
        #expect(scene.effects.contains(.hangUp(link)))
        scene.wait(.seconds(11))
        #expect(scene.link(to: Scene.a) != link)
    }

    @Test func `what came due at a relay while it was away keeps no other from being found silent`() throws {
        var scene = Scene(bootstrap: [Scene.a, Scene.b]) {
            $0.dailyResync = .seconds(600) ... .seconds(700)
            $0.heartbeat = .seconds(7200)
        }
        let other = try #require(scene.link(to: Scene.b))
        scene.answerAll(Scene.b)
        scene.tell(.linkDown(other, .lost))
        scene.wait(.seconds(590))
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        // An audit of the other was due in this time.
        scene.wait(.seconds(200))
        let back = try #require(scene.link(to: Scene.b))
        scene.commit(.announcement("new", on: [Scene.a]))
        scene.wait(.seconds(6))
        _ = try #require(scene.open(Scene.a).last)
        scene.tell(.linkUp(back))
        scene.wait(.seconds(1))
        _ = scene.take()
        scene.wait(.seconds(30))
        #expect(scene.effects.contains(.hangUp(link)))
    }

    @Test func `a quiet relay is asked whether it is there, and believed`() throws {
        var (scene, link) = try complete()
        _ = scene.take()
        scene.wait(.seconds(121))
        let probe = try #require(scene.open(Scene.a, "p").first)
        scene.tell(.received(link, [.endOfStoredEvents(probe.id)]))
        scene.wait(.seconds(60))
        #expect(!scene.effects.contains(.hangUp(link)))
        scene.wait(.seconds(100))
        #expect(scene.effects.contains(.hangUp(link)), "the second question was not answered")
    }

    @Test func `a disconnect puts back what was in flight, and nothing outlives the link`() throws {
        var scene = Scene(stored: [repo])
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        #expect(scene.planner.pending.count == 1)
        scene.tell(.linkDown(link, .lost))
        #expect(scene.planner.pending.count == 0)
        #expect(scene.status(Scene.a) == .disconnected)
        #expect(scene.planner.brokenInvariants().isEmpty)
        scene.tell(.received(link, [.endOfStoredEvents("l1")]))
        #expect(scene.planner.brokenInvariants().isEmpty)
    }

    @Test func `a short absence resumes from the cursor less the overlap`() throws {
        var (scene, link) = try complete()
        scene.wait(.seconds(50))
        scene.tell(.received(link, [.notice("alive")]))
        let heard = scene.wall
        scene.tell(.linkDown(link, .lost))
        scene.wait(.seconds(20))
        scene.answerAll(Scene.a)
        let since = Set(scene.open(Scene.a).flatMap { $0.filters }.filter { $0.limit == 500 }.map(\.since))
        let asked = scene.effects.flatMap { effect -> [Filter] in
            if case .open(_, let id, let filters) = effect, id.text.string.hasPrefix("h") {
                filters
            } else {
                []
            }
        }.suffix(5)
        #expect(since.isEmpty, "every history was closed")
        #expect(asked.allSatisfy { $0.since == heard.advanced(by: -900) })
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test func `a long absence is asked everything again`() throws {
        var (scene, link) = try complete()
        scene.tell(.linkDown(link, .lost))
        for _ in 0..<40 {
            scene.wait(.seconds(60))
            if let link = scene.link(to: Scene.a) { scene.tell(.dialFailed(link, .tcp)) }
        }
        _ = scene.take()
        while scene.link(to: Scene.a) == nil { scene.wait(.seconds(60)) }
        scene.answerAll(Scene.a)
        let histories = scene.effects.flatMap { effect -> [Filter] in
            if case .open(_, let id, let filters) = effect, id.text.string.hasPrefix("h") {
                filters
            } else {
                []
            }
        }
        #expect(histories.contains { $0.kinds == [.graspList, .repositoryAnnouncement] && $0.since == nil })
        #expect(histories.contains { $0.values(of: "a") != nil && $0.since == nil })
    }

    @Test func `after kill -9 only the overlap is asked again`() throws {
        let issue = Event.issue(of: repo)
        var scene = Scene(stored: [repo, issue])
        scene.answerAll(Scene.a)
        scene.wait(.seconds(65))
        #expect(scene.status(Scene.a) == .connected)
        let known = scene.planner.itemsWithCursors(of: Scene.a).count
        var second = Scene(
            restored: Array(scene.rows.values), at: scene.wall.advanced(by: 60), stored: [repo, issue])
        #expect(second.planner.itemsWithCursors(of: Scene.a).count == known)
        second.answerAll(Scene.a)
        let histories = second.effects.flatMap { effect -> [Filter] in
            if case .open(_, let id, let filters) = effect, id.text.string.hasPrefix("h") {
                filters
            } else {
                []
            }
        }
        #expect(!histories.isEmpty && histories.allSatisfy { $0.since != nil })
    }

    @Test func `backoff survives a restart`() throws {
        var scene = Scene()
        for _ in 0..<12 {
            while scene.link(to: Scene.a) == nil { scene.wait(.seconds(60)) }
            let link = try #require(scene.link(to: Scene.a))
            _ = scene.take()
            scene.tell(.dialFailed(link, .tcp))
        }
        scene.wait(.seconds(2))
        let left = try #require(scene.planner.relays[Scene.a]?.backoff.notBefore) - scene.now
        let second = Scene(restored: Array(scene.rows.values), at: scene.wall)
        #expect(second.planner.relays[Scene.a]?.backoff.attempts == 12)
        if left > .seconds(5) { #expect(second.link(to: Scene.a) == nil) }
    }

    @Test func `events our store does not take are asked for again`() throws {
        var (scene, link) = try complete()
        _ = scene.take()
        let live = scene.planner.itemsWithCursors(of: Scene.a).count
        #expect(live > 0)
        let before = scene.wall
        scene.wait(.seconds(40))
        let arrival = scene.wall
        scene.tell(.received(link, [.event("l1", repo)]))
        var submission: SubmissionID?
        for case .submit(let id, _, _) in scene.effects { submission = id }
        if let submission {
            scene.tell(.judged(submission, [.failed]))
            #expect(scene.effects.contains(.hangUp(link)))
            let covered = try #require(scene.planner.relays[Scene.a]?.coveredUntil)
            #expect(covered >= before && covered <= arrival)
            let entry = try #require(scene.planner.relays[Scene.a])
            #expect(entry.health == .healthy && entry.backoff.attempts == 0, "it is no fault of the relay")
        }
    }

    @Test func `too much unjudged stops the reading, and judging starts it again`() throws {
        var scene = Scene { $0.limits.unjudgedPerRelayMax = 10 }
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let live = try #require(scene.open(Scene.a, "l").first)
        let many = (0..<12).map { Event.announcement("r\($0)", on: []) }
        scene.tell(.received(link, many.map { .event(live.id, $0) }))
        #expect(scene.effects.contains(.pauseReading(link)))
        scene.wait(.seconds(300))
        #expect(!scene.effects.contains(.hangUp(link)), "who is not listened to is not silent")
        scene.judgeAll()
        #expect(scene.effects.contains(.resumeReading(link)))
    }

    @Test func `a relay that nobody needs is dropped, with its rows, and never a bootstrap`() throws {
        let other = Event.announcement(on: [Scene.b])
        var scene = Scene(stored: [other])
        scene.answerAll(Scene.a)
        scene.answerAll(Scene.b)
        scene.wait(.seconds(2))
        let edited = Event.announcement(at: 1_700_000_001, on: [])
        scene.commit(edited)
        scene.wait(.seconds(6))
        #expect(scene.planner.relays[Scene.b] != nil, "not at once")
        scene.wait(.seconds(125))
        #expect(scene.planner.relays[Scene.b] == nil)
        #expect(scene.planner.relays[Scene.a] != nil)
        #expect(scene.effects.contains(.release(Scene.b)))
        let left = Scene(restored: Array(scene.rows.values), at: scene.wall)
        #expect(left.planner.relays[Scene.b] == nil)
    }

    @Test func `a relay with work in flight is not dropped`() throws {
        var scene = Scene(stored: [.announcement(on: [Scene.b])]) {
            $0.answerTimeout = .seconds(3600)
            $0.heartbeat = .seconds(7200)
        }
        scene.tell(.linkUp(try #require(scene.link(to: Scene.b))))
        scene.commit(.announcement(at: 1_700_000_001, on: []))
        scene.wait(.seconds(300))
        #expect(scene.planner.relays[Scene.b] != nil)
        #expect(scene.planner.pending.count(of: Scene.b) == 1)
    }

    @Test func `stopping writes the cursors down and hangs up`() throws {
        var (scene, link) = try complete()
        _ = scene.take()
        scene.tell(.stop)
        #expect(scene.effects.contains(.hangUp(link)))
        #expect(scene.effects.last == .stopped)
        #expect(!scene.rows.isEmpty)
        #expect(scene.planner.nextDeadline == nil)
        _ = scene.take()
        scene.tell(.tick)
        #expect(scene.effects.isEmpty)
    }

    @Test func `losing the ownership of a relay ends its link, regaining it dials`() throws {
        var (scene, link) = try complete()
        _ = scene.take()
        scene.tell(.ownership(Scene.a, isOurs: false))
        #expect(scene.effects.contains(.hangUp(link)))
        scene.wait(.seconds(100))
        #expect(scene.link(to: Scene.a) == nil)
        scene.tell(.ownership(Scene.a, isOurs: true))
        #expect(scene.link(to: Scene.a) != nil)
    }

    @Test func `a clock that was set back does not make a cursor of the future`() throws {
        var (scene, _) = try complete()
        scene.tell(.stop)
        var second = Scene(
            restored: Array(scene.rows.values), at: scene.wall.advanced(by: -10_000), stored: [repo])
        second.answerAll(Scene.a)
        let histories = second.effects.flatMap { effect -> [Filter] in
            if case .open(_, let id, let filters) = effect, id.text.string.hasPrefix("h") {
                filters
            } else {
                []
            }
        }
        #expect(histories.contains { $0.values(of: "a") != nil && $0.since == nil })
    }
}
