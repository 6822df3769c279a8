// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport
import Testing

/// What our own store is asked, and what its answers lead to.
@Suite struct OwnStoreTests {
    private let repo = Event.announcement(on: [Scene.a])

    @Test func `whoever stated what a repository is stays known over a restart`() {
        let state = Event.fixture(kind: .repositoryState, tags: [.of("d", "repo")], by: 5)
        var scene = Scene(stored: [repo])
        scene.commit(state)
        scene.wait(.seconds(6))
        let second = Scene(stored: [repo, state])
        let address = repo.address!
        #expect(scene.planner.items(of: address).contains(.deletions(state.pubkey)))
        #expect(second.planner.items(of: address) == scene.planner.items(of: address))
    }

    @Test func `a question about references keeps no other from being asked`() {
        var configuration = SyncConfiguration(
            bootstrap: [Scene.a], own: OwnAddresses(), service: ServiceAuthority(Scene.domain))
        configuration.limits.storeQuestionsMax = 1
        configuration.limits.valuesPerStoreQuestion = 1
        var planner = SyncPlanner(configuration: configuration)
        var chance = SplitMix64(seed: 1)
        var (naming, absent, asked) = ([StoreQuestionID](), [StoreQuestionID](), 0)
        func tell(_ input: SyncInput, at seconds: Int) {
            let effects = planner.reduce(
                input, at: .zero + .seconds(seconds), wall: Timestamp(1_750_000_000), using: &chance)
            for effect in effects {
                switch effect {
                case .askStore(let id, .naming): (naming, asked) = (naming + [id], asked + 1)
                case .findAbsent(let id, _): absent.append(id)
                default: break
                }
            }
        }
        tell(.start(restored: []), at: 0)
        tell(.caughtUp, at: 0)
        let repos = [
            Event.announcement("one", by: 1, on: [Scene.a], maintainers: [3]),
            Event.announcement("two", by: 2, on: [Scene.a]),
        ]
        tell(.followed(stored: repos, removed: [], through: CommitPosition(1)), at: 1)
        tell(.tick, at: 10)
        for _ in 0..<4 {
            if let id = naming.popLast() { tell(.found(id, [], isLast: true), at: 11) }
            if let id = absent.popLast() { tell(.absent(id, []), at: 12) }
        }
        #expect(asked == 2)
    }

    @Test func `references are looked up a few questions at a time, and all of them`() {
        var scene = Scene(stored: [repo]) {
            $0.limits.eventsPerSubmissionMax = 3
            $0.limits.storeQuestionsMax = 4
        }
        _ = scene.take()
        let names = (0..<60).map { Tag(["e", TestKey.publicKey(50 + $0).hex]) }
        scene.commit(
            .fixture(kind: .issue, tags: [.of("a", repo.address!.text.string)] + names, by: 2))
        scene.wait(.seconds(6))
        var (asked, rounds) = (Set<Reference>(), 0)
        while rounds < 100 {
            let open = scene.take().compactMap { effect -> (StoreQuestionID, [Reference])? in
                if case .findAbsent(let id, let references) = effect { (id, references) } else { nil }
            }
            if open.isEmpty { break }
            rounds += 1
            #expect(open.count <= 4)
            for (id, references) in open {
                asked.formUnion(references)
                scene.tell(.absent(id, []))
            }
        }
        #expect(asked.count == 60)
    }

    @Test func `states are asked for anew when a rescan finds new maintainers`() {
        let edited = Event.announcement(at: 1_700_000_001, on: [Scene.a], maintainers: [4])
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        #expect(scene.planner.confirmed(at: Scene.a).contains(.repository(repo.address!)))
        scene.tell(.rescanStarted)
        scene.tell(.followed(stored: [edited], removed: [], through: CommitPosition(5)))
        scene.tell(.caughtUp)
        #expect(!scene.planner.confirmed(at: Scene.a).contains(.repository(repo.address!)))
    }

    @Test func `new maintainers are not forgotten by a stop that comes at once`() {
        let edited = Event.announcement(at: 1_700_000_001, on: [Scene.a], maintainers: [4])
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        scene.wait(.seconds(40))
        scene.commit(edited)
        scene.tell(.stop)
        let second = Scene(restored: Array(scene.rows.values), at: scene.wall, stored: [edited])
        #expect(!second.planner.itemsWithCursors(of: Scene.a).contains(.repository(repo.address!)))
    }

    @Test func `one failure of our store is counted once, however much it fails`() throws {
        var scene = Scene { $0.limits.eventsPerSubmissionMax = 1 }
        let (link, page) = try scene.openHistory(at: Scene.a)
        let many = (0..<12).map { Event.announcement("r\($0)", on: []) }
        scene.tell(.received(link, many.map { .event(page.id, $0) } + [.endOfStoredEvents(page.id)]))
        for effect in scene.take() {
            switch effect {
            case .submit(let id, _, _): scene.tell(.judged(id, [.failed]))
            case .open(link, let id, _): scene.tell(.received(link, [.endOfStoredEvents(id)]))
            default: break
            }
        }
        scene.wait(.seconds(11))
        #expect(!scene.open(Scene.a, "h").isEmpty, "it is asked again after the first, short pause")
    }

    @Test func `a page is not late because we did not listen`() throws {
        var scene = Scene { $0.limits.unjudgedPerRelayMax = 10 }
        let (link, page) = try scene.openHistory(at: Scene.a)
        let many = (0..<13).map { Event.announcement("r\($0)", on: []) }
        scene.tell(.received(link, many[..<12].map { .event(page.id, $0) }))
        #expect(scene.effects.contains(.pauseReading(link)))
        scene.wait(.seconds(400))
        scene.judgeAll()
        #expect(scene.effects.contains(.resumeReading(link)))
        scene.tell(.received(link, [.event(page.id, many[12])]))
        scene.judgeAll()
        scene.wait(.seconds(1))
        #expect(!scene.effects.contains(.close(link, page.id)))
    }
}
