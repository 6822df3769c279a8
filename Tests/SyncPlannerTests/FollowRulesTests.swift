// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport
import Testing

/// What shall be followed may change while we are off.
@Suite struct FollowRulesTests {
    /// From when announcements are asked for after a restart; `nil`: from the beginning.
    private func announcementsSince(
        before: [ArchivePattern], after: [ArchivePattern], reloaded: [ArchivePattern]? = nil
    ) throws -> Timestamp? {
        var scene = Scene {
            $0 = SyncConfiguration(bootstrap: $0.bootstrap, own: $0.own, service: $0.service, archive: before)
        }
        scene.answerAll(Scene.a)
        if let reloaded { scene.tell(.reconfigured(archive: reloaded)) }
        scene.wait(.seconds(60))
        scene.tell(.stop)
        var next = Scene(restored: Array(scene.rows.values), at: scene.wall) {
            $0 = SyncConfiguration(bootstrap: $0.bootstrap, own: $0.own, service: $0.service, archive: after)
        }
        let link = try #require(next.link(to: Scene.a))
        next.tell(.linkUp(link))
        let live = try #require(next.open(Scene.a, "l").first)
        next.tell(.received(link, [.endOfStoredEvents(live.id)]))
        let history = try #require(next.open(Scene.a, "h").first)
        return try #require(history.filters.first { $0.kinds?.contains(.repositoryAnnouncement) == true })
            .since
    }

    @Test func `a pattern that a restart brings asks for announcements from the beginning`() throws {
        let kept = try #require(ArchivePattern("kept"))
        #expect(try announcementsSince(before: [], after: [kept]) == nil)
        #expect(try announcementsSince(before: [kept], after: [.everything]) == nil)
    }

    @Test func `as long as nothing changes, they are asked for from the cursor`() throws {
        let kept = try #require(ArchivePattern("kept"))
        #expect(try announcementsSince(before: [], after: []) != nil)
        #expect(try announcementsSince(before: [kept], after: [kept]) != nil)
    }

    @Test func `what a reload began is not forgotten over a restart`() throws {
        let kept = try #require(ArchivePattern("kept"))
        #expect(try announcementsSince(before: [], after: [kept], reloaded: [kept]) == nil)
    }
}
