// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// What ends the following of a repository, and what does not.
@Suite struct UnfollowingTests {
    private let repo = Event.announcement(on: [Scene.a])

    @Test func `a repository that stops listing us is no longer followed`() {
        var scene = Scene(stored: [repo])
        #expect(scene.planner.repositories.entries.count == 1)
        scene.commit(.announcement(at: 1_700_000_001, on: [Scene.a], isOurs: false))
        scene.wait(.seconds(6))
        #expect(scene.planner.repositories.entries.isEmpty)
    }

    @Test func `a deleted announcement ends the following`() {
        var scene = Scene(stored: [repo])
        let removed = RemovedEvent(id: repo.id, kind: repo.kind, address: repo.address, wasReplaced: false)
        scene.tell(.followed(stored: [], removed: [removed], through: CommitPosition(1)))
        scene.wait(.seconds(6))
        #expect(scene.planner.repositories.entries.isEmpty)
    }

    @Test func `the deletion of an older version does not end the following`() throws {
        var scene = Scene(stored: [repo])
        let second = Event.announcement(at: 1_700_000_001, on: [Scene.a, Scene.b])
        let old = RemovedEvent(id: repo.id, kind: repo.kind, address: repo.address, wasReplaced: false)
        scene.tell(.followed(stored: [second], removed: [old], through: CommitPosition(1)))
        scene.wait(.seconds(6))
        #expect(scene.planner.repositories.entries[try #require(repo.address)]?.announcement == second.id)
    }

    @Test func `a version that was replaced by one that was deleted is not followed any more`() throws {
        let second = Event.announcement(at: 1_700_000_001, on: [Scene.a])
        let replaced = RemovedEvent(id: repo.id, kind: repo.kind, address: repo.address, wasReplaced: true)
        let deleted = RemovedEvent(id: second.id, kind: repo.kind, address: repo.address, wasReplaced: false)
        // Both told at once; and one after the other, where the log has forgotten the second already.
        for steps in [[([second], [replaced, deleted])], [([], [replaced]), ([], [deleted])]] {
            var scene = Scene(stored: [repo])
            for (stored, removed) in steps {
                scene.position += 1
                scene.tell(
                    .followed(stored: stored, removed: removed, through: CommitPosition(scene.position)))
            }
            scene.wait(.seconds(6))
            #expect(scene.planner.repositories.entries.isEmpty)
        }
    }

    @Test func `an older version that took a deleted one's place is followed`() throws {
        let second = Event.announcement(at: 1_700_000_001, on: [Scene.a, Scene.b])
        let address = try #require(repo.address)
        let removed = RemovedEvent(id: second.id, kind: second.kind, address: address, wasReplaced: false)
        var scene = Scene(stored: [second])
        scene.tell(.followed(stored: [repo], removed: [removed], through: CommitPosition(1)))
        scene.wait(.seconds(6))
        #expect(scene.planner.repositories.entries[address]?.announcement == repo.id)
        // The same within one page.
        scene = Scene()
        scene.tell(.followed(stored: [second, repo], removed: [removed], through: CommitPosition(1)))
        scene.wait(.seconds(6))
        #expect(scene.planner.repositories.entries[address]?.announcement == repo.id)
    }
}
