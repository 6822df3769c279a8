// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Which relays are followed when not all of them may be.
@Suite struct RelayTableTests {
    private let repo = Event.announcement(on: [Scene.b])

    @Test func `when there is no room, a relay that never answered gives way`() throws {
        let second = Event.announcement("second", by: 5, on: [Scene.c])
        var scene = Scene(stored: [repo]) { $0.limits.relaysMax = 2 }
        scene.commit(second)
        scene.wait(.seconds(6))
        #expect(scene.planner.relays[Scene.c] == nil, "the other may yet answer")
        scene.tell(.dialFailed(try #require(scene.link(to: Scene.b)), .tcp))
        scene.commit(Event.announcement("third", by: 6, on: [Scene.c]))
        scene.wait(.seconds(6))
        #expect(scene.planner.relays[Scene.c] != nil)
        #expect(scene.planner.relays[Scene.b] == nil)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `when there is no room, a relay that only waits for its turn gives way`() throws {
        var scene = Scene(stored: [repo]) { $0.limits.relaysMax = 2 }
        scene.tell(.dialFailed(try #require(scene.link(to: Scene.b)), .busy))
        scene.commit(Event.announcement("second", by: 5, on: [Scene.c]))
        scene.wait(.seconds(6))
        #expect(scene.planner.relays[Scene.c] != nil)
        #expect(scene.planner.relays[Scene.b] == nil)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `of many relays that find no room so many are told once, and the others counted`() throws {
        let relays = (0..<12).map { try! RelayURL("wss://m\($0).test") }
        var scene = Scene(stored: [.announcement(on: relays)]) { $0.limits.relaysMax = 3 }
        for number in 0..<5 {
            scene.commit(.announcement("more\(number)", on: [relays[number]]))
            scene.wait(.seconds(6))
        }
        let told = scene.facts.count { if case .notTracked = $0 { true } else { false } }
        #expect(told <= 3, "\(told)")
        #expect(scene.facts.contains(.overLimit(.relays)))
    }

    @Test func `whoever has spent the day's budget puts no other relay out`() throws {
        let theirs = Event.announcement("theirs", by: 5, on: [Scene.c])
        var scene = Scene(stored: [repo, theirs]) {
            $0.limits.relaysMax = 3
            $0.limits.newRelaysPerOwnerAndDay = 1
        }
        scene.tell(.dialFailed(try #require(scene.link(to: Scene.b)), .tcp))
        let more = try RelayURL("wss://d.test")
        scene.commit(Event.announcement("theirs", by: 5, at: 1_700_000_900, on: [Scene.c, more]))
        scene.wait(.seconds(6))
        #expect(scene.planner.relays[Scene.b] != nil)
        #expect(scene.planner.relays[more] == nil)
    }
}
