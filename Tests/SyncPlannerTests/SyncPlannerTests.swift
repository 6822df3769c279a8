// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// One sync from the announcement to the cursor.
@Suite struct SyncPlannerTests {
    private let repo = Event.announcement(on: [Scene.b])

    @Test func `nobody is dialled before our own store was read`() {
        var planner = SyncPlanner(configuration: SyncConfiguration(bootstrap: [Scene.a]))
        var chance = SplitMix64(seed: 1)
        let effects = planner.reduce(.start(restored: []), at: .zero, wall: Timestamp(1), using: &chance)
        #expect(effects.isEmpty)
        let later = planner.reduce(.caughtUp, at: .zero, wall: Timestamp(1), using: &chance)
        #expect(later.contains(.claim(Scene.a)))
    }

    @Test func `live is opened, and answered, before history is asked`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        #expect(scene.open(Scene.a, "h").isEmpty)
        let live = try #require(scene.open(Scene.a, "l").first)
        #expect(live.filters == [Filter(kinds: [.repositoryAnnouncement, .graspList], limit: 0)])
        scene.tell(.received(link, [.endOfStoredEvents(live.id)]))
        let history = try #require(scene.open(Scene.a, "h").first)
        #expect(history.filters == [Filter(kinds: [.repositoryAnnouncement, .graspList], limit: 500)])
    }

    @Test func `a batch is recorded before anything is sent`() throws {
        var scene = Scene()
        scene.tell(.linkUp(try #require(scene.link(to: Scene.a))))
        #expect(scene.planner.pendingItems(of: Scene.a) == [.announcements])
        #expect(scene.planner.confirmed(at: Scene.a).isEmpty)
    }

    @Test func `an item confirms when its events are judged and the follower has seen what they led to`()
        throws
    {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        scene.tell(.received(link, [.endOfStoredEvents(try #require(scene.open(Scene.a, "l").first).id)]))
        let history = try #require(scene.open(Scene.a, "h").first)
        scene.tell(.received(link, [.event(history.id, repo), .endOfStoredEvents(history.id)]))
        let again = try #require(scene.open(Scene.a, "h").last)
        #expect(again.filters.first?.until == repo.createdAt)
        scene.tell(.received(link, [.endOfStoredEvents(again.id)]))
        var submission: SubmissionID?
        for case .submit(let id, _, _) in scene.take() { submission = id }
        #expect(scene.planner.pending.count == 1, "its verdict is not in")
        scene.tell(.judged(try #require(submission), [.stored(CommitPosition(1))]))
        #expect(scene.planner.pending.count == 1, "the follower is behind")
        scene.tell(.followed(stored: [repo], removed: [], through: CommitPosition(1)))
        #expect(scene.planner.pending.count == 0)
        #expect(scene.planner.confirmed(at: Scene.a) == [.announcements])
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test func `an announcement leads to its relays after the batch window`() {
        var scene = Scene()
        scene.answerAll(Scene.a, with: [repo])
        #expect(scene.planner.relays[Scene.b] == nil)
        scene.wait(.milliseconds(4999))
        #expect(scene.planner.relays[Scene.b] == nil)
        scene.wait(.milliseconds(2))
        #expect(scene.planner.relays[Scene.b]?.isBootstrap == false)
        #expect(
            scene.effects.contains {
                if case .dial(let link, .stranger) = $0 { link.relay == Scene.b } else { false }
            })
    }

    @Test func `news does not put the window off`() {
        var scene = Scene()
        scene.answerAll(Scene.a, with: [repo])
        for number in 0..<9 {
            scene.wait(.milliseconds(600))
            scene.commit(.announcement("r\(number)", on: [Scene.b]))
        }
        #expect(scene.planner.relays[Scene.b] != nil)
    }

    @Test func `relays lead to relays`() {
        let second = Event.announcement("second", by: 3, on: [Scene.c])
        var scene = Scene()
        scene.answerAll(Scene.a, with: [repo])
        scene.wait(.seconds(6))
        scene.answerAll(Scene.b, with: [repo, second])
        scene.wait(.seconds(6))
        #expect(scene.planner.relays[Scene.c] != nil)
        #expect(scene.planner.repositories.entries.count == 2)
    }

    @Test func `a maintainer's announcement on another relay is found and followed`() {
        let owners = Event.announcement(on: [Scene.b], maintainers: [7])
        let theirs = Event.announcement(by: 7, on: [Scene.c], isOurs: false)
        var scene = Scene()
        scene.answerAll(Scene.a, with: [owners])
        scene.wait(.seconds(6))
        scene.answerAll(Scene.b, with: [owners, theirs])
        scene.wait(.seconds(6))
        #expect(scene.planner.relays[Scene.c] != nil)
        #expect(scene.planner.repositories.entries[theirs.address!] != nil)
    }

    @Test func `each layer is asked when the one above is known`() throws {
        let issue = Event.issue(of: repo)
        let comment = Event.fixture(
            kind: .comment, tags: [.of("E", issue.id.hex), .of("q", String(repeating: "5", count: 64))])
        var scene = Scene(bootstrap: [Scene.b])
        scene.answerAll(Scene.b, with: [repo, issue, comment])
        let link = try #require(scene.link(to: Scene.b))
        scene.wait(.seconds(6))
        scene.answer(link, with: [repo, issue, comment])
        #expect(scene.planner.confirmed(at: Scene.b).contains(.repository(repo.address!)))
        scene.wait(.seconds(6))
        scene.answer(link, with: [repo, issue, comment])
        #expect(scene.planner.confirmed(at: Scene.b).contains(.root(issue.id)))
        scene.wait(.seconds(6))
        let lookUp = scene.effects.compactMap { effect -> (StoreQuestionID, [Reference])? in
            if case .findAbsent(let id, let references) = effect { (id, references) } else { nil }
        }
        let absent = Reference.event(try #require(EventID(hex: String(repeating: "5", count: 64))))
        let question = try #require(lookUp.first { $0.1.contains(absent) })
        scene.tell(.absent(question.0, [absent]))
        scene.wait(.seconds(6))
        scene.answer(link)
        let asksForIDs = scene.effects.contains { effect in
            if case .open(_, _, let filters) = effect { filters.contains { $0.ids != nil } } else { false }
        }
        #expect(asksForIDs)
        #expect(scene.planner.confirmed(at: Scene.b).contains(.deletions(issue.pubkey)))
    }

    @Test func `a root that names two repositories counts for both`() {
        let other = Event.announcement("other", by: 4, on: [Scene.c])
        let issue = Event.fixture(
            kind: .issue,
            tags: [.of("a", repo.address!.text.string), .of("a", other.address!.text.string)])
        var scene = Scene(stored: [repo, other])
        scene.commit(issue)
        scene.wait(.seconds(6))
        #expect(scene.planner.items(of: repo.address!).contains(.root(issue.id)))
        #expect(scene.planner.items(of: other.address!).contains(.root(issue.id)))
    }

    @Test func `what was stored before its repository was followed is found in our own store`() {
        let issue = Event.issue(of: repo)
        var scene = Scene()
        scene.commit(issue)
        #expect(scene.planner.repositories.rootCount == 0)
        var planner = scene.planner
        var chance = SplitMix64(seed: 9)
        _ = planner.reduce(
            .followed(stored: [repo], removed: [], through: CommitPosition(2)), at: scene.now,
            wall: scene.wall,
            using: &chance)
        let effects = planner.reduce(.tick, at: scene.now + .seconds(6), wall: scene.wall, using: &chance)
        var asked: StoreQuestionID?
        for case .askStore(let id, .naming(let addresses)) in effects where addresses == [repo.address!] {
            asked = id
        }
        guard let asked else { Issue.record("the store is not asked"); return }
        _ = planner.reduce(
            .found(asked, [issue], isLast: true), at: scene.now, wall: scene.wall, using: &chance)
        #expect(planner.repositories.rootCount == 1)
    }

    @Test func `events that nobody asked for are dropped and counted`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let live = try #require(scene.open(Scene.a, "l").first)
        _ = scene.take()
        let note = Event.fixture()
        scene.tell(.received(link, [.event(live.id, note), .event("nobody", repo), .event(live.id, repo)]))
        let submitted = scene.take().compactMap { effect -> [ParsedEvent]? in
            if case .submit(_, _, let events) = effect { events } else { nil }
        }
        #expect(submitted.map { $0.map(\.event) } == [[repo]])
        #expect(scene.facts.contains(.unasked(Scene.a, count: 2)))
    }

    @Test func `ourselves we never dial, however we are spelt`() {
        let listed = try! [
            RelayURL("ws://GRASP.test:80/x"), RelayURL("wss://grasp.test./"),
            RelayURL("wss://grasp.test:443"),
        ]
        let scene = Scene(bootstrap: listed + [Scene.a], stored: [.announcement(on: listed + [Scene.b])])
        #expect(Set(scene.planner.relays.entries.keys) == [Scene.a, Scene.b])
    }

    @Test func `no more relays are taken than the limit`() {
        let many = (0..<30).map { try! RelayURL("wss://r\($0).test") }
        let scene = Scene(stored: [.announcement(on: many)]) { $0.limits.relaysMax = 12 }
        #expect(scene.planner.relays.entries.count == 12)
        let wide = Scene(stored: [.announcement(on: many)])
        #expect(wide.planner.relays.entries.count <= 21)
    }
}
