// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import SyncPlanner

/// Very many keys, whoever they are, neither burden the plan nor push anybody out.
@Suite struct CrowdTests {
    /// One repository each of so many owners.
    private func crowd(_ count: Int, named identifier: (Int) -> String = { "r\($0)" }) -> [Event] {
        (0..<count).map { .announcement(identifier($0), by: 100 + $0, on: [Scene.a]) }
    }

    /// How many repositories' histories were asked for.
    private func repositoriesAsked(_ scene: Scene) -> Int {
        scene.effects.reduce(into: Set<TagValue>()) { asked, effect in
            guard case .open(_, let id, let filters) = effect, id.text.string.hasPrefix("h") else { return }
            for filter in filters { asked.formUnion(filter.values(of: "a") ?? []) }
        }.count
    }

    @Test func `a crowd that shares a name costs each of it no more than itself`() throws {
        var scene = Scene(stored: crowd(300) { _ in "same" })
        #expect(scene.planner.repositories.entries.count == 300)
        // Nobody names anybody: nothing is chased.
        #expect(scene.planner.references.entries.isEmpty)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.effects(keeping: link)
        scene.commit(.announcement("same", by: 99, on: [Scene.a]))
        scene.wait(.seconds(6))
        scene.answer(link)
        // The newcomer is asked for; of all others nothing.
        #expect(repositoriesAsked(scene) == 1)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `few who share a name are all asked for again when somebody new may act for one of them`()
        throws
    {
        var scene = Scene(stored: crowd(3) { _ in "same" })
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.effects(keeping: link)
        scene.commit(.announcement("same", by: 99, on: [Scene.a], maintainers: [98]))
        scene.wait(.seconds(6))
        scene.answer(link)
        #expect(repositoriesAsked(scene) == 4)
    }

    @Test func `who names a maintainer anew is asked for again, however many share the name`() throws {
        var scene = Scene(stored: crowd(100) { _ in "same" })
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.effects(keeping: link)
        scene.commit(.announcement("same", by: 100, at: 1_700_000_900, on: [Scene.a], maintainers: [98]))
        scene.wait(.seconds(6))
        scene.answer(link)
        #expect(repositoriesAsked(scene) == 1)
        #expect(scene.planner.references.entries.count == 1, "the maintainer's own announcement")
    }

    @Test func `where too many are announced, each owner has as many places as any other`() {
        let greedy = (0..<20).map { Event.announcement("g\($0)", by: 1, on: [Scene.a]) }
        let modest = crowd(5)
        let scene = Scene(stored: greedy + modest) { $0.limits.repositoriesMax = 10 }
        let owners = scene.planner.repositories.entries.keys.map(\.pubkey)
        #expect(owners.count == 10)
        #expect(owners.count { $0 == TestKey.publicKey(1) } == 5)
        #expect(modest.allSatisfy { owners.contains($0.pubkey) })
    }

    @Test func `who was followed before a restart is followed after it, whoever announced since`() {
        let old = Event.announcement("old", by: 3, on: [Scene.a])
        var scene = Scene(stored: [old]) { $0.limits.repositoriesMax = 4 }
        scene.answerAll(Scene.a)
        scene.tell(.stop)
        let again = Scene(restored: Array(scene.rows.values), stored: crowd(12) + [old]) {
            $0.limits.repositoriesMax = 4
        }
        #expect(again.planner.repositories.entries.count == 4)
        #expect(again.planner.repositories.entries.keys.contains { $0.pubkey == old.pubkey })
    }

    @Test func `whoever was there first keeps their room, whatever keys come later`() throws {
        let first = Event.announcement("first", by: 3, on: [Scene.a])
        var scene = Scene(stored: [first])
        scene.information = UpstreamInformation()
        scene.information?.maxSubscriptions = 2
        scene.information?.maxMessageLength = 2000
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        for event in crowd(40) { scene.commit(event) }
        for _ in 0..<100 {
            scene.wait(.seconds(10))
            scene.answer(link)
            let live = scene.open(Scene.a, "l").flatMap(\.filters).flatMap { $0.values(of: "a") ?? [] }
            #expect(live.contains { $0.string.hasSuffix(":first") })
        }
        #expect(scene.planner.relays[Scene.a]?.isReadInRounds == true)
        #expect(scene.planner.brokenInvariants() == [])
    }
}
