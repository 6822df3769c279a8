// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Defects known of earlier engines that gather proactively, where no other suite guards against them.
///
/// `docs/explanation/earlier-defects.md` lists all of them.
@Suite struct EarlierDefectTests {
    private let repo = Event.announcement(on: [Scene.a])

    /// The filters of every history that was asked for.
    private func histories(_ world: VirtualUpstream) -> [Filter] {
        world.requests.flatMap(\.filters).filter { ($0.limit ?? .max) > 1 }
    }

    @Test func `who is being dialled is not connected, whatever is hoped`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.wait(.seconds(15))
        #expect(scene.status(Scene.a) == .connecting)
        #expect(scene.planner.relays[Scene.a]?.lastConnected == nil)
        scene.tell(.dialFailed(link, .timeout))
        #expect(scene.status(Scene.a) == .disconnected)
        #expect(scene.planner.relays[Scene.a]?.health == .degraded)
        _ = scene.take()
        scene.wait(.seconds(6))
        #expect(scene.link(to: Scene.a) != nil, "a first dial that fails is the end of it")
    }

    @Test func `a failure shows until the relay answers`() throws {
        var scene = Scene()
        scene.tell(.dialFailed(try #require(scene.link(to: Scene.a)), .tcp))
        _ = scene.take()
        scene.wait(.seconds(6))
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        #expect(scene.planner.relays[Scene.a]?.health == .degraded, "an open socket proves nothing")
        scene.answer(link)
        #expect(scene.planner.relays[Scene.a]?.health == .healthy)
        #expect(scene.planner.relays[Scene.a]?.lastFailure == nil)
    }

    @Test func `news asks for nothing that is complete or in flight`() {
        let events = (0..<20).map { Event.announcement("repo-\($0)", by: $0, on: [Scene.a]) }
        var world = VirtualUpstream(holding: events)
        world.live(for: .seconds(60))
        let asked = histories(world).count
        let news = Event.announcement("news", by: 70, on: [Scene.a])
        world.publish([news])
        world.live(for: .seconds(60))
        let further = histories(world).dropFirst(asked)
        #expect(!further.isEmpty)
        for filter in further {
            let addresses = filter.tags.flatMap(\.values)
            #expect(
                addresses.allSatisfy { [news.address?.text, "news"].contains($0) }, "\(filter.canonicalJSON)")
            #expect((filter.authors ?? []).allSatisfy { $0 == news.pubkey })
        }
    }

    @Test func `an announcement is no root`() {
        var world = VirtualUpstream(holding: [repo])
        world.live(for: .seconds(60))
        #expect(world.scene.planner.repositories.rootCount == 0)
        let id = TagValue(repo.id.hex)
        #expect(!histories(world).contains { $0.tags.contains { $0.values.contains(id) } })
    }

    @Test func `a root that comes live is asked about though nothing else is missing`() {
        var world = VirtualUpstream(holding: [repo])
        world.live(for: .seconds(60))
        let issue = Event.issue(of: repo)
        // Only what names the root leads to it.
        let comment = Event.fixture(kind: .comment, tags: [.of("E", issue.id.hex)], by: 5)
        world.publish([comment])
        #expect(world.stored[comment.id] == nil)
        world.publish([issue])
        world.live(for: .seconds(60))
        #expect(world.stored[comment.id] != nil)
    }

    @Test func `what no live subscription covers does not confirm, though its history was read`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        for _ in 0..<3 {
            let open = scene.open(Scene.a)
            _ = scene.take()
            for (id, filters) in open {
                let isLive = filters.allSatisfy { ($0.limit ?? .max) <= 1 }
                scene.tell(
                    .received(link, [isLive ? .closed(id, message: "error: no") : .endOfStoredEvents(id)]))
            }
            scene.judgeAll()
        }
        #expect(scene.planner.pending.count == 0)
        #expect(scene.planner.confirmed(at: Scene.a).isEmpty)
        #expect(scene.status(Scene.a) == .connectedWithHistoryGaps)
    }

    @Test func `a follower that lost the feed starts again, and gathering goes on`() {
        var world = VirtualUpstream(holding: [repo])
        world.live(for: .seconds(60))
        let late = Event.announcement("late", by: 8, on: [Scene.a])
        world.scene.tell(.rescanStarted)
        world.scene.tell(.followed(stored: [repo, late], removed: [], through: CommitPosition(99)))
        world.scene.tell(.caughtUp)
        let issue = Event.issue(of: late)
        world.live(for: .seconds(10))
        world.publish([issue])
        world.live(for: .seconds(60))
        #expect(world.stored[issue.id] != nil)
        #expect(world.scene.status(Scene.a) == .connected)
    }

    @Test(arguments: [Judgement.refused, .held, .known])
    func `a history whose events are not stored is read to its end, and confirms`(fate: Judgement) {
        let unwanted = (0..<1200).map {
            Event.announcement("other-\($0)", at: 1_700_000_000 + Int64($0), on: [Scene.b])
        }
        var world = VirtualUpstream(holding: unwanted)
        world.fate = { _ in fate }
        world.live(for: .seconds(60))
        #expect(world.requests.filter { $0.filters.contains { $0.until != nil } }.count >= 2)
        #expect(world.scene.planner.confirmed(at: Scene.a) == [.announcements])
    }

    @Test(arguments: ["one:two:three", "30617:x:y", "a/b%2F..", "ü 🦜"])
    func `an identifier is asked for whole, whatever is in it`(identifier: String) throws {
        let strange = Event.announcement(identifier, on: [Scene.a])
        let issue = Event.issue(of: strange)
        let state = Event.fixture(kind: .repositoryState, tags: [.of("d", identifier)], by: 1)
        var world = VirtualUpstream(holding: [strange, issue, state])
        world.live(for: .seconds(60))
        #expect(world.stored[issue.id] != nil)
        #expect(world.stored[state.id] != nil)
        let address = try #require(strange.address)
        #expect(address.identifier == TagValue(identifier))
        #expect(histories(world).contains { $0.values(of: "a")?.contains(address.text) == true })
        #expect(histories(world).contains { $0.values(of: "d")?.contains(TagValue(identifier)) == true })
    }
}
