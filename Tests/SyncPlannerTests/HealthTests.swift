// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// How long failing relays are left alone, and what they are called.
@Suite struct HealthTests {
    private let repo = Event.announcement(on: [Scene.b])

    /// Fails every dial of `b` for a while; `a` answers when asked whether it is there.
    private func fail(_ scene: inout Scene, for span: Duration, with failure: DialFailure) -> Int {
        var dials = 0
        let end = scene.now + span
        while scene.now < end {
            for effect in scene.take() {
                switch effect {
                case .dial(let link, _) where link.relay == Scene.b:
                    dials += 1
                    scene.tell(.dialFailed(link, failure))
                case .open(let link, let id, _): scene.tell(.received(link, [.endOfStoredEvents(id)]))
                default: break
                }
            }
            scene.wait(.seconds(60))
        }
        return dials
    }

    private func health(_ scene: Scene) -> RelayHealth? { scene.planner.relays[Scene.b]?.health }

    @Test func `a relay that fails for a day while others answer is dead, and tried once a day`() {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        _ = fail(&scene, for: .seconds(3600), with: .tcp)
        #expect(health(scene) == .degraded)
        _ = fail(&scene, for: .seconds(24 * 3600), with: .tcp)
        #expect(health(scene) == .dead)
        let dials = fail(&scene, for: .seconds(72 * 3600), with: .tcp)
        #expect((2...4).contains(dials), "\(dials)")
    }

    @Test func `a network of our own that fails is held against nobody`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        scene.tell(.linkDown(try #require(scene.link(to: Scene.a)), .lost))
        var dials = 0
        for _ in 0..<(30 * 60) {
            for case .dial(let link, _) in scene.take() {
                if link.relay == Scene.b { dials += 1 }
                scene.tell(.dialFailed(link, .dns))
            }
            scene.wait(.seconds(60))
        }
        #expect(health(scene) == .degraded)
        #expect(dials >= 25, "an hour is the longest pause: \(dials)")
    }

    /// Links to `b` that are taken, answer, and are lost after a while; how many of them.
    private func comeAndGo(_ scene: inout Scene, staying: Duration, for span: Duration) -> Int {
        var links = 0
        let end = scene.now + span
        while scene.now < end {
            let dialled = scene.link(to: Scene.b)
            _ = scene.take()
            guard let link = dialled else {
                scene.wait(.seconds(10))
                continue
            }
            links += 1
            scene.tell(.linkUp(link))
            scene.answer(link)
            scene.wait(staying)
            scene.tell(.linkDown(link, .lost))
        }
        return links
    }

    @Test func `a relay that answers and leaves at once is dialled ever more seldom`() {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        let links = comeAndGo(&scene, staying: .seconds(2), for: .seconds(24 * 3600))
        #expect((20...90).contains(links), "\(links)")
    }

    @Test func `a relay that stayed for a while is dialled again soon`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        _ = comeAndGo(&scene, staying: .seconds(2), for: .seconds(6 * 3600))
        while scene.link(to: Scene.b) == nil { scene.wait(.seconds(60)) }
        let links = comeAndGo(&scene, staying: .seconds(61), for: .seconds(3600))
        #expect(links >= 40, "\(links)")
    }

    @Test func `that a relay stayed is known to the next run too`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        _ = comeAndGo(&scene, staying: .seconds(2), for: .seconds(6 * 3600))
        while scene.link(to: Scene.b) == nil { scene.wait(.seconds(60)) }
        scene.answerAll(Scene.b)
        #expect(scene.planner.relays[Scene.b]?.backoff.attempts ?? 0 > 5)
        scene.wait(.seconds(120))
        scene.tell(.stop)
        let again = Scene(restored: Array(scene.rows.values), at: scene.wall, stored: [repo])
        #expect(again.planner.relays[Scene.b]?.backoff.attempts == 0)
    }

    @Test func `names and certificates that stay wrong are a matter of half a day`() {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        let first = fail(&scene, for: .seconds(1800), with: .tls)
        #expect((5...12).contains(first), "a bad moment is no verdict: \(first)")
        #expect(health(scene) == .misbehaving)
        let dials = fail(&scene, for: .seconds(24 * 3600), with: .tls)
        #expect((1...3).contains(dials), "\(dials)")
    }

    @Test func `what a relay has come to survives a restart`() {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        _ = fail(&scene, for: .seconds(1800), with: .tls)
        scene.wait(.seconds(5))
        var again = Scene(restored: Array(scene.rows.values), at: scene.wall, stored: [repo])
        #expect(health(again) == .misbehaving)
        again.wait(.seconds(3600))
        #expect(again.link(to: Scene.b) == nil)
    }

    @Test func `to wait for its turn is held against nobody, and is over soon`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        let dials = fail(&scene, for: .seconds(48 * 3600), with: .busy)
        #expect(dials >= 48 * 60 - 2, "\(dials)")
        #expect(health(scene) == .healthy)
        scene.tell(.dialFailed(try #require(scene.link(to: Scene.b)), .tcp))
        #expect(health(scene) == .degraded)
    }

    @Test func `a bootstrap relay is never left alone for longer than the backoff`() {
        var scene = Scene(bootstrap: [Scene.a, Scene.b])
        scene.answerAll(Scene.a)
        let dials = fail(&scene, for: .seconds(48 * 3600), with: .tls)
        #expect(dials >= 40, "\(dials)")
    }

    @Test func `an address that is never dialled is no matter of minutes`() throws {
        var scene = Scene(stored: [repo])
        scene.tell(.dialFailed(try #require(scene.link(to: Scene.b)), .refused))
        _ = scene.take()
        scene.wait(.seconds(10 * 3600))
        #expect(scene.link(to: Scene.b) == nil)
        #expect(health(scene) == .refused)
    }

    @Test func `NOTICEs without end are no conversation`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.b)
        let link = try #require(scene.link(to: Scene.b))
        for _ in 0..<11 {
            scene.tell(.received(link, [RelayMessage](repeating: .notice("hello"), count: 80)))
            scene.wait(.seconds(61))
            for case .open(link, let id, _) in scene.take() {
                scene.tell(.received(link, [.endOfStoredEvents(id)]))
            }
        }
        #expect(scene.planner.relays[Scene.b]?.health == .healthy, "slowly they may come")
        scene.tell(.received(link, [RelayMessage](repeating: .notice("hello"), count: 1100)))
        #expect(scene.planner.relays[Scene.b]?.health == .misbehaving)
    }

    @Test func `an answer forgets all that`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        let link = try #require(scene.link(to: Scene.b))
        scene.tell(.dialFailed(link, .tls))
        #expect(health(scene) == .degraded)
        scene.wait(.seconds(20))
        scene.answerAll(Scene.b)
        #expect(health(scene) == .healthy)
    }

    @Test(arguments: [true, false])
    func `a flood of what nobody asked for, or of forgeries, ends the link for long`(isForged: Bool) throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.b)
        let link = try #require(scene.link(to: Scene.b))
        let live = try #require(scene.open(Scene.b, "l").first)
        _ = scene.take()
        let event = Event.announcement("other", by: 9, on: [Scene.c], isOurs: false)
        let note = Event.fixture(kind: .textNote)
        for _ in 0..<(isForged ? 60 : 1100) where !scene.effects.contains(.hangUp(link)) {
            scene.tell(.received(link, [.event(live.id, isForged ? event : note)]))
            for case .submit(let id, _, let events) in scene.take() {
                scene.tell(.judged(id, events.map { _ in .forged }))
            }
        }
        #expect(scene.planner.relays[Scene.b]?.health == .misbehaving)
        scene.wait(.seconds(3600))
        #expect(scene.link(to: Scene.b) == nil)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `one owner makes us dial only so many new relays a day`() {
        let relays = (0..<20).map { number in (0..<10).map { try! RelayURL("wss://n\(number)x\($0).test") } }
        let stored = relays.enumerated().map { Event.announcement("r\($0.offset)", on: $0.element) }
        var scene = Scene(bootstrap: [], stored: stored)
        #expect(scene.planner.relays.entries.count == 50)
        scene.wait(.seconds(25 * 3600))
        #expect(scene.planner.relays.entries.count >= 100)
    }

    @Test func `a restart does not give an owner more new relays for the day`() {
        let relays = (0..<20).map { number in (0..<10).map { try! RelayURL("wss://n\(number)x\($0).test") } }
        let stored = relays.enumerated().map { Event.announcement("r\($0.offset)", on: $0.element) }
        var scene = Scene(bootstrap: [], stored: stored)
        let first = Set(scene.planner.relays.entries.keys)
        #expect(first.count == 50)
        scene.wait(.seconds(10))
        scene.tell(.stop)
        let other = Event.announcement("other", by: 5, on: [Scene.a])
        var next = Scene(
            bootstrap: [], restored: Array(scene.rows.values), at: scene.wall, stored: stored + [other])
        #expect(Set(next.planner.relays.entries.keys) == first.union([Scene.a]))
        next.wait(.seconds(25 * 3600))
        #expect(next.planner.relays.entries.count >= 101, "the next day")
        next.tell(.stop)
        let last = Scene(
            bootstrap: [], restored: Array(next.rows.values), at: next.wall.advanced(by: 86_400),
            stored: stored)
        #expect(last.planner.relays.entries.count >= 150, "what another day spent is nothing")
    }

    @Test func `one owner has only so many repositories that are followed`() {
        let stored = (0..<30).map { Event.announcement("r\($0)", on: [Scene.a]) }
        let other = Event.announcement("other", by: 5, on: [Scene.a])
        let scene = Scene(stored: stored + [other]) { $0.limits.repositoriesPerOwnerMax = 10 }
        #expect(scene.planner.repositories.entries.count == 11)
    }

    @Test func `who says nothing while it is dialled keeps nobody waiting for longer than a moment`() {
        var scene = Scene(bootstrap: [Scene.a, Scene.b, Scene.c]) {
            $0.limits.dialsMax = 1
            $0.limits.slowDialsMax = 1
        }
        #expect(scene.link(to: Scene.a) != nil && scene.link(to: Scene.b) == nil)
        scene.wait(.milliseconds(1900))
        #expect(scene.link(to: Scene.b) == nil)
        scene.wait(.milliseconds(200))
        #expect(scene.link(to: Scene.b) != nil && scene.link(to: Scene.c) == nil)
        // And there is an end to that: both silent ones still count.
        scene.wait(.seconds(60))
        #expect(scene.link(to: Scene.c) == nil)
    }

    @Test func `who failed is dialled after who did not`() throws {
        var scene = Scene(bootstrap: [Scene.a, Scene.b, Scene.c]) { $0.limits.dialsMax = 1 }
        var order: [RelayURL] = []
        for _ in 0..<5 {
            // Longer than any pause after few failures, so that all may be dialled again.
            scene.wait(.seconds(1))
            guard
                let link = scene.take().compactMap({ effect -> LinkID? in
                    if case .dial(let link, _) = effect { link } else { nil }
                }).last
            else { continue }
            order.append(link.relay)
            scene.now = scene.now + .seconds(3600)
            scene.tell(.dialFailed(link, .timeout))
        }
        #expect(Set(order.prefix(3)) == [Scene.a, Scene.b, Scene.c], "\(order)")
    }
}
