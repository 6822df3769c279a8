// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Why something is missing, or a relay is not dialled, can be read without a look into the code.
@Suite struct ExplanationTests {
    private func explain(_ relay: RelayURL, _ scene: Scene) throws -> RelayExplanation {
        try #require(scene.planner.explain(relay, at: scene.now))
    }

    @Test func `what is missing is named with the words of the relay, and when it is asked again`() throws {
        let repository = Event.announcement(on: [Scene.a])
        var scene = Scene(stored: [repository])
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let reading = try explain(Scene.a, scene)
        #expect(reading.missing.allSatisfy { $0.state == .pending })
        #expect(reading.missing.count == reading.relay.wanted)
        for (id, _) in scene.open(Scene.a, "l") { scene.tell(.received(link, [.endOfStoredEvents(id)])) }
        for (id, _) in scene.open(Scene.a, "h") {
            scene.tell(.received(link, [.closed(id, message: "error: database is\u{1B} on fire")]))
        }
        let failed = try explain(Scene.a, scene)
        #expect(failed.missing.count == failed.relay.failed)
        #expect(failed.missing.contains { $0.item == .repository(try! #require(repository.address)) })
        for item in failed.missing {
            guard case .failed(let reason, 1, let wait) = item.state else {
                Issue.record("\(item)")
                continue
            }
            #expect(reason == "closed: error: database is on fire")
            #expect(wait > .zero)
        }
    }

    @Test func `who refuses to be followed live, or ends that, says so for each item`() throws {
        for isOpen in [false, true] {
            var scene = Scene()
            let link = try #require(scene.link(to: Scene.a))
            scene.tell(.linkUp(link))
            let live = try #require(scene.open(Scene.a, "l").first)
            if isOpen { scene.answer(link) }
            scene.tell(.received(link, [.closed(live.id, message: "restricted: not you")]))
            for (id, _) in scene.open(Scene.a, "h") { scene.tell(.received(link, [.endOfStoredEvents(id)])) }
            let missing = try explain(Scene.a, scene).missing
            #expect(missing.first?.item == .announcements)
            guard case .failed(let reason, _, _) = missing.first?.state else {
                Issue.record("\(missing)")
                continue
            }
            #expect(
                reason == (isOpen ? "live: closed: restricted: not you" : "not-live: restricted: not you"))
        }
    }

    @Test func `only the first of very many are named`() throws {
        let stored = (0..<100).map { Event.announcement("r\($0)", by: $0 % 5 + 1, on: [Scene.a]) }
        let scene = Scene(stored: stored)
        let explanation = try explain(Scene.a, scene)
        #expect(explanation.relay.wanted > 100)
        #expect(explanation.missing.count == RelayExplanation.missingMax)
        #expect(explanation.missing.allSatisfy { $0.state == .queued })
    }

    @Test func `what keeps a relay undialled is told`() throws {
        let stored = [Event.announcement(on: [Scene.b])]
        var scene = Scene(stored: stored) { $0.limits.dialsMax = 1 }
        #expect(try explain(Scene.a, scene).holdup == nil, "it is being dialled")
        #expect(try explain(Scene.b, scene).holdup == .turn)
        scene.answerAll(Scene.a)
        for (failure, holdup) in [(DialFailure.busy, Holdup.address), (.tcp, .pause), (.refused, .refused)] {
            while scene.link(to: Scene.b) == nil { scene.wait(.seconds(10)) }
            scene.tell(.dialFailed(try #require(scene.link(to: Scene.b)), failure))
            #expect(try explain(Scene.b, scene).holdup == holdup)
            _ = scene.take()
        }
    }

    @Test func `what keeps a relay unasked is told`() throws {
        var scene = Scene()
        scene.answersInformation = false
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        #expect(try explain(Scene.a, scene).holdup == .information)
        scene.tell(.information(link, nil))
        #expect(try explain(Scene.a, scene).holdup == nil)
        for (id, _) in scene.open(Scene.a, "l") { scene.tell(.received(link, [.endOfStoredEvents(id)])) }
        let page = try #require(scene.open(Scene.a, "h").first)
        scene.tell(.received(link, [.closed(page.id, message: "rate-limited: slow down")]))
        #expect(try explain(Scene.a, scene).holdup == .slowDown)
        scene.wait(.seconds(66))
        let again = try #require(scene.open(Scene.a, "h").last)
        scene.tell(.received(link, [.closed(again.id, message: "auth-required: who?")]))
        #expect(try explain(Scene.a, scene).holdup == .authentication)
    }

    @Test func `a relay that waits for its namers' next day is told from one whose plan is not made`() throws
    {
        let relays = try (0..<60).map { try RelayURL("wss://n\($0).test") }
        let stored = stride(from: 0, to: 60, by: 15).map {
            Event.announcement("r\($0)", on: Array(relays[$0..<$0 + 15]))
        }
        var scene = Scene(bootstrap: [], stored: stored)
        let waiting = try #require(relays.first { scene.planner.relays[$0] == nil })
        let absence = scene.planner.absence(of: waiting)
        #expect(absence.reason == .budget)
        #expect(try #require(absence.againIn) <= .seconds(86_460))
        // Somebody else's is not kept by that.
        let other = try RelayURL("wss://other.test")
        scene.commit(.announcement("other", by: 7, on: [other]))
        #expect(scene.planner.absence(of: other).reason == .notYet, "the plan does not speak of it yet")
        scene.wait(.seconds(10))
        #expect(scene.planner.relays[other] != nil)
        #expect(scene.planner.absence(of: waiting).reason == .budget)
    }
}
