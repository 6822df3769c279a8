// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// A relay that gives nothing is asked seldom, however much is wanted of it.
@Suite struct RefusalTests {
    /// One that refuses until it relents.
    private struct Relay {
        var scene: Scene
        var relents = false
        private(set) var requests = 0
        let words: String

        init(_ repositories: Int, words: String) throws {
            self.words = words
            let stored = (0..<repositories).map { Event.announcement("r\($0)", on: [Scene.a]) }
            scene = Scene(stored: stored) { $0.limits.valuesPerFilter = 10 }
            scene.tell(.linkUp(try #require(scene.link(to: Scene.a))))
        }

        mutating func live(for span: Duration, news: Bool = false) {
            let end = scene.now + span
            var number = 0
            while scene.now < end {
                for case .open(let link, let id, _) in scene.take() {
                    let isProbe = id.text.string.hasPrefix("p")
                    if !isProbe { requests += 1 }
                    let answer: RelayMessage =
                        relents || isProbe ? .endOfStoredEvents(id) : .closed(id, message: words)
                    scene.tell(.received(link, [answer]))
                }
                scene.wait(.seconds(5))
                number += 1
                if news, number % 12 == 0 {
                    scene.commit(.announcement("new\(number)", on: [Scene.a]))
                }
            }
        }
    }

    @Test(arguments: ["restricted: members only", "auth-required: who are you", "error: no"])
    func `who refuses everything is asked a few times an hour, whatever is new`(words: String) throws {
        var relay = try Relay(400, words: words)
        relay.live(for: .seconds(3600), news: true)
        #expect(relay.requests <= 40, "\(relay.requests) requests")
        let before = relay.requests
        relay.live(for: .seconds(3600), news: true)
        #expect(relay.requests - before <= 12, "\(relay.requests - before) requests in the second hour")
        #expect(relay.scene.status(Scene.a) == .connectedWithHistoryGaps)
        #expect(relay.scene.planner.brokenInvariants() == [])
    }

    @Test func `once it gives something, all is asked for`() throws {
        var relay = try Relay(400, words: "restricted: members only")
        relay.live(for: .seconds(600))
        relay.relents = true
        relay.live(for: .seconds(2000))
        #expect(relay.scene.status(Scene.a) == .connected)
        #expect(relay.scene.planner.relays[Scene.a]?.health == .healthy)
    }

    @Test func `who refuses one thing alone is asked for the others`() throws {
        var scene = Scene(stored: (0..<40).map { Event.announcement("r\($0)", on: [Scene.a]) })
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        for _ in 0..<720 {
            for case .open(let link, let id, let filters) in scene.take() {
                let isBad = filters.contains { $0.values(of: "d")?.contains("r7") == true }
                scene.tell(
                    .received(
                        link, [isBad ? .closed(id, message: "error: no") : .endOfStoredEvents(id)]))
            }
            scene.wait(.seconds(10))
        }
        let complete = scene.planner.confirmed(at: Scene.a).filter { $0.family == .repository }
        #expect(complete.count == 39)
    }
}
