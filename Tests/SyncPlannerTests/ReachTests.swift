// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport
import Testing

/// How far from a repository an event may be and still be reached.
@Suite struct ReachTests {
    private let repo = Event.announcement(on: [Scene.a])

    private func reply(to event: Event, kind: Kind = .comment) -> Event {
        .fixture(kind: kind, tags: [.of("e", event.id.hex)])
    }

    @Test func `a reply that names nothing but the comment it answers is asked for`() {
        let issue = Event.issue(of: repo)
        let comment = Event.fixture(kind: .comment, tags: [.of("E", issue.id.hex)])
        let answer = reply(to: comment)
        let second = reply(to: answer, kind: .textNote)
        var scene = Scene(stored: [repo])
        for event in [issue, comment, answer, second] { scene.commit(event) }
        scene.wait(.seconds(6))
        scene.answerAll(Scene.a)
        let confirmed = scene.planner.confirmed(at: Scene.a)
        for event in [comment, answer, second] {
            #expect(confirmed.contains(.comment(event.id)))
        }
        #expect(!confirmed.contains(.comment(issue.id)), "it is a root")
    }

    @Test func `a root counts for ours however many others it names first`() {
        let others = (0..<20).map { Tag.of("a", "30617:\(String(repeating: "ab", count: 32)):x\($0)") }
        let ours = repo.address.map { Tag.of("a", $0.text.string) }
        let issue = Event.fixture(kind: .issue, tags: others + (ours.map { [$0] } ?? []))
        var scene = Scene(stored: [repo])
        scene.commit(issue)
        #expect(scene.planner.repositories.rootCount == 1)
    }

    @Test func `the chain is followed within a bound`() {
        var scene = Scene(stored: [repo])
        var last = Event.issue(of: repo)
        scene.commit(last)
        for _ in 0..<20 {
            last = reply(to: last)
            scene.commit(last)
        }
        #expect(scene.planner.repositories.commentCount == 8)
    }

    @Test func `what is deleted is asked about no longer`() {
        let issue = Event.issue(of: repo)
        let comment = Event.fixture(kind: .comment, tags: [.of("E", issue.id.hex)])
        var scene = Scene(stored: [repo])
        scene.commit(issue)
        scene.commit(comment)
        #expect(scene.planner.items(of: repo.address!).contains(.comment(comment.id)))
        scene.position += 1
        let gone = RemovedEvent(id: comment.id, kind: .comment, address: nil, wasReplaced: false)
        scene.tell(.followed(stored: [], removed: [gone], through: CommitPosition(scene.position)))
        #expect(scene.planner.repositories.commentCount == 0)
    }

    @Test func `archived repositories come and go as the operator says`() throws {
        let foreign = Event.announcement("kept", by: 7, on: [Scene.b], isOurs: false)
        var scene = Scene(stored: [repo, foreign])
        #expect(scene.planner.relays[Scene.b] == nil)
        scene.tell(.reconfigured(archive: [try #require(ArchivePattern("kept"))]))
        #expect(scene.effects.contains(.rescan))
        func rescan() {
            scene.tell(.rescanStarted)
            scene.tell(
                .followed(stored: [repo, foreign], removed: [], through: CommitPosition(scene.position)))
            scene.tell(.caughtUp)
        }
        rescan()
        #expect(scene.planner.repositories.entries[foreign.address!] != nil)
        #expect(scene.planner.relays[Scene.b] != nil)
        scene.tell(.reconfigured(archive: []))
        rescan()
        #expect(scene.planner.repositories.entries[foreign.address!] == nil)
        scene.wait(.seconds(200))
        #expect(scene.planner.relays[Scene.b] == nil)
    }

    @Test func `an explanation names the announcements and counts what stands where`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        let explanation = try #require(scene.planner.explain(Scene.a, at: scene.now))
        #expect(explanation.announcements == [repo.address!])
        let announcements = try #require(explanation.progress.first { $0.family == .announcements })
        #expect((announcements.wanted, announcements.confirmed, announcements.failed) == (1, 1, 0))
        #expect(explanation.relay.next == .audit)
        #expect(scene.planner.explain(Scene.c, at: scene.now) == nil)
    }
}
