// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport
import Testing

/// How far each relay was read, and what holds that up.
@Suite struct CursorTests {
    private let repo = Event.announcement(on: [Scene.a])

    /// The filters of histories asked for since the last ``Scene/take()``.
    private func histories(_ scene: Scene) -> [Filter] {
        scene.effects.flatMap { effect -> [Filter] in
            if case .open(_, let id, let filters) = effect, id.text.string.hasPrefix("h") {
                filters
            } else {
                []
            }
        }
    }

    /// A relay that answers everything but what names `root`, for so long.
    private func live(_ scene: inout Scene, _ link: LinkID, refusing root: Event, for span: Duration) {
        let end = scene.now + span
        while scene.now < end {
            scene.wait(.seconds(5))
            while let (id, filters) = scene.open(Scene.a).first(where: { _ in true }) {
                let isRefused = filters.contains {
                    $0.values(of: "e")?.contains(TagValue(root.id.hex)) == true
                }
                scene.drop(id)
                scene.tell(
                    .received(link, [isRefused ? .closed(id, message: "error: no") : .endOfStoredEvents(id)]))
            }
        }
    }

    @Test(arguments: [(Duration.zero, true), (.seconds(900), false)])
    func `with a window of nothing no cursor is resumed from, however short the absence`(
        window: Duration, isWhole: Bool
    ) throws {
        let issue = Event.issue(of: repo)
        var scene = Scene(stored: [repo, issue])
        scene.answerAll(Scene.a)
        scene.wait(.seconds(600))
        scene.answerAll(Scene.a)
        let rows = Array(scene.rows.values)
        // Within the same second.
        var second = Scene(restored: rows, at: scene.wall, stored: [repo, issue]) {
            $0.quickReconnectWindow = window
        }
        second.answerAll(Scene.a)
        let read = histories(second).filter { $0.kinds != [.deletion] }
        #expect(!read.isEmpty)
        #expect(read.allSatisfy { ($0.since == nil) == isWhole }, "\(read)")
    }

    @Test func `what fails holds up the cursor of nothing else, over a restart, too`() throws {
        let issue = Event.issue(of: repo)
        var scene = Scene(stored: [repo, issue])
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        #expect(scene.status(Scene.a) == .connected)
        // The relay ends the live subscription with the root, and refuses it from then on.
        let live = try #require(scene.open(Scene.a, "l").last)
        scene.drop(live.id)
        scene.tell(.received(link, [.closed(live.id, message: "error: no")]))
        self.live(&scene, link, refusing: issue, for: .seconds(3600))
        #expect(!scene.planner.confirmed(at: Scene.a).contains(.root(issue.id)))
        let lost = scene.planner.itemsWithCursors(of: Scene.a)
            .subtracting(scene.planner.itemsCoveredAsOne(at: Scene.a))
        #expect(lost.contains(.root(issue.id)) && !lost.contains(.announcements))

        let rows = Array(scene.rows.values)
        var second = Scene(restored: rows, at: scene.wall.advanced(by: 60), stored: [repo, issue])
        second.answerAll(Scene.a)
        for filter in histories(second) {
            let isOfRoot = filter.values(of: "e") != nil || filter.values(of: "E") != nil
            // The root was complete an hour ago: it is read from the beginning, by all its letters.
            if isOfRoot { continue }
            if filter.values(of: "q")?.contains(TagValue(issue.id.hex)) == true { continue }
            #expect(filter.since != nil, "\(filter.canonicalJSON)")
        }
        #expect(histories(second).contains { $0.values(of: "e") != nil && $0.since == nil })
    }

    @Test func `deletions are asked for since their author was followed, however late the relay answers`()
        throws
    {
        let issue = Event.issue(of: repo)
        var scene = Scene(stored: [repo])
        let met = scene.wall
        scene.commit(issue)
        scene.wait(.seconds(6))
        // Two hours of failing dials.
        while scene.now < .zero + .seconds(7200) {
            if let link = scene.link(to: Scene.a) {
                _ = scene.take()
                scene.tell(.dialFailed(link, .tcp))
            }
            scene.wait(.seconds(30))
        }
        while scene.link(to: Scene.a) == nil { scene.wait(.seconds(30)) }
        scene.answerAll(Scene.a)
        let deletions = histories(scene).filter {
            $0.kinds == [.deletion] && $0.authors?.contains(issue.pubkey) == true
        }
        #expect(!deletions.isEmpty)
        #expect(deletions.allSatisfy { $0.since.map { $0 <= met.advanced(by: -890) } ?? true })
    }

    @Test func `a changed archive is asked about after kill -9, too`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        scene.wait(.seconds(65))
        #expect(scene.planner.itemsWithCursors(of: Scene.a).contains(.announcements))
        scene.tell(.reconfigured(archive: [try #require(ArchivePattern("kept"))]))
        scene.wait(.seconds(2))
        let second = Scene(restored: Array(scene.rows.values), at: scene.wall, stored: [repo])
        #expect(!second.planner.itemsWithCursors(of: Scene.a).contains(.announcements))
    }

    @Test func `a row of an item that stayed behind comes before the one of its relay`() throws {
        let issue = Event.issue(of: repo)
        var scene = Scene(stored: [repo, issue])
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        let live = try #require(scene.open(Scene.a, "l").last)
        scene.drop(live.id)
        scene.tell(.received(link, [.closed(live.id, message: "error: no")]))
        self.live(&scene, link, refusing: issue, for: .seconds(1200))
        var order: [SyncRow.Table] = []
        for case .write(let rows) in scene.effects where rows.contains(where: { $0.table == .cursor }) {
            order = rows.map(\.table)
        }
        #expect(order.first == .cursor)
        if let relay = order.firstIndex(of: .relay) {
            #expect(!order[relay...].contains(.cursor))
        }
    }
}
