// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import SyncPlanner

/// Relays that let us ask hardly anything (NIP-11): nothing is lost, and no limit is passed.
@Suite struct LittleRoomTests {
    private func scene(
        _ subscriptions: Int, _ filters: Int, length: Int? = nil, limit: Int? = nil, repositories: Int = 20
    ) -> Scene {
        var scene = Scene(stored: (0..<repositories).map { .announcement("r\($0)", on: [Scene.a]) })
        scene.information = UpstreamInformation()
        scene.information?.maxSubscriptions = subscriptions
        scene.information?.maxFilters = filters
        scene.information?.maxMessageLength = length
        scene.information?.maxLimit = limit
        return scene
    }

    /// The most subscriptions at a time, filters of one, and bytes of one request.
    private func most(_ effects: [SyncEffect]) -> (subscriptions: Int, filters: Int, length: Int) {
        var open: Set<SubscriptionID> = []
        var most = (subscriptions: 0, filters: 0, length: 0)
        for effect in effects {
            switch effect {
            case .open(_, let id, let filters):
                open.insert(id)
                let text = filters.map(\.canonicalJSON).joined(separator: ",")
                most.filters = max(most.filters, filters.count)
                most.length = max(most.length, text.utf8.count + id.text.bytes.count + 11)
            case .close(_, let id): open.remove(id)
            default: break
            }
            most.subscriptions = max(most.subscriptions, open.count)
        }
        return most
    }

    @Test(arguments: [(7, 1), (8, 1), (4, 2), (3, 3), (2, 6), (2, 7), (3, 4), (20, 1)])
    func `whatever has room is followed live`(subscriptions: Int, filters: Int) {
        var scene = scene(subscriptions, filters)
        scene.answerAll(Scene.a)
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.relays[Scene.a]?.isReadInRounds == false)
        #expect(most(scene.effects).subscriptions <= subscriptions)
        #expect(most(scene.effects).filters <= filters)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test(arguments: [(1, 10), (2, 1), (5, 1), (2, 4)])
    func `what has no room is read in rounds, and the operator sees it`(subscriptions: Int, filters: Int)
        throws
    {
        var scene = scene(subscriptions, filters)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        let entry = try #require(scene.planner.relays[Scene.a])
        #expect(entry.status == .connected)
        #expect(entry.isReadInRounds)
        #expect(entry.health == .degraded)
        #expect(entry.lastFailure?.contains("rounds") == true)
        #expect(most(scene.effects).subscriptions <= subscriptions)
        #expect(most(scene.effects).filters <= filters)
        #expect(!scene.open(Scene.a, "l").flatMap(\.filters).contains { $0.values(of: "a") != nil })
        // Somebody writes something meanwhile; the next round brings it, from the cursor on.
        scene.effects(keeping: link)
        let news = Event.issue(of: .announcement("r0", on: [Scene.a]), at: scene.wall.seconds)
        for _ in 0..<40 {
            scene.wait(.seconds(10))
            scene.answer(link, with: [news])
        }
        #expect(scene.planner.repositories.rootCount == 1)
        let asked = scene.effects.compactMap { effect -> [Filter]? in
            if case .open(_, _, let filters) = effect { filters } else { nil }
        }
        #expect(asked.joined().contains { $0.since != nil })
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `each round goes on from when the one before began, however long that took`() throws {
        var scene = scene(1, 10, repositories: 1)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.effects(keeping: link)
        var rounds: [(began: Timestamp, since: Timestamp?)] = []
        var unanswered: [(id: SubscriptionID, due: Uptime, isFirst: Bool)] = []
        for _ in 0..<300 {
            scene.wait(.seconds(10))
            let effects = scene.take()
            for case .open(_, let id, let filters) in effects {
                let isFirst =
                    filters[0].kinds?.contains(.repositoryAnnouncement) == true && filters[0].until == nil
                unanswered.append((id, scene.now + .seconds(10), isFirst))
                if isFirst { rounds.append((scene.wall, filters[0].since)) }
            }
            for (id, due, isFirst) in unanswered where due <= scene.now {
                // So that there is a second page.
                let news = Event.announcement("n", by: 5, at: scene.wall.seconds, on: [])
                scene.tell(.received(link, (isFirst ? [.event(id, news)] : []) + [.endOfStoredEvents(id)]))
            }
            unanswered.removeAll { $0.due <= scene.now }
            scene.judgeAll()
        }
        try #require(rounds.count > 5)
        for (last, next) in zip(rounds, rounds.dropFirst()) {
            let since = try #require(next.since)
            #expect(since <= last.began.advanced(by: -900))
        }
    }

    @Test func `what must be asked for again is not left for the next round`() throws {
        var scene = scene(1, 10, repositories: 1)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.effects(keeping: link)
        scene.tell(.reconfigured(archive: [.everything]))
        #expect(scene.planner.brokenInvariants() == [])
        let asked = scene.open(Scene.a, "h").flatMap(\.filters)
        #expect(asked.contains { $0.kinds?.contains(.repositoryAnnouncement) == true && $0.since == nil })
    }

    @Test func `one who comes late finds room in a packed subscription, and none is missed meanwhile`() throws
    {
        var scene = scene(8, 1)
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        scene.effects(keeping: link)
        scene.commit(.announcement("late", on: [Scene.a]))
        scene.wait(.seconds(6))
        scene.answer(link)
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.relays[Scene.a]?.isReadInRounds == false)
        // Each is replaced, and never was there one less.
        var open = 0
        for effect in scene.effects {
            if case .open(_, let id, _) = effect, id.text.string.hasPrefix("l") { open += 1 }
            if case .close(_, let id) = effect, id.text.string.hasPrefix("l") { open -= 1 }
            #expect(open >= 0)
        }
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test(arguments: [600, 1000, 4000])
    func `no message is longer than the relay takes`(length: Int) {
        var scene = scene(20, 16, length: length)
        scene.answerAll(Scene.a)
        #expect(scene.status(Scene.a) == .connected)
        #expect(most(scene.effects).length <= length)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `no more events are asked for than the relay gives`() {
        var scene = scene(3, 2, limit: 3)
        scene.answerAll(
            Scene.a, with: (0..<9).map { .announcement("x\($0)", at: 1_600_000_000 + $0, on: []) })
        let limits = scene.effects.flatMap { effect -> [Int] in
            if case .open(_, _, let filters) = effect { filters.compactMap(\.limit) } else { [] }
        }
        #expect(limits.max() == 3)
        #expect(scene.planner.brokenInvariants() == [])
    }

    // MARK: Packed subscriptions that the relay ends or refuses

    /// Lives on with a relay that answers as it is told here.
    ///
    /// - Returns: how many `REQ`s it was sent; a hot loop ends at 5000.
    private func live(
        _ scene: inout Scene, _ link: LinkID, for span: Duration,
        answering: (SubscriptionID, [Filter]) -> [RelayMessage]
    ) -> Int {
        var (count, end) = (0, scene.now + span)
        while scene.now < end {
            while case let effects = scene.take(), !effects.isEmpty {
                for case .open(_, let id, let filters) in effects {
                    count += 1
                    if count == 5000 { return count }
                    scene.tell(.received(link, answering(id, filters)))
                    scene.judgeAll()
                }
            }
            scene.wait(.seconds(1))
            if scene.planner.relays[Scene.a]?.currentLink != link { end = scene.now }
        }
        #expect(scene.planner.brokenInvariants() == [])
        return count
    }

    @Test func `one who ends each packed subscription at once is asked ever less, and its history is read`()
        throws
    {
        var scene = scene(9, 1)
        let link = try #require(scene.link(to: Scene.a))
        let issue = Event.issue(of: .announcement("r7", on: [Scene.a]))
        func stored(_ id: SubscriptionID, _ filters: [Filter]) -> [RelayMessage] {
            filters.contains { $0.matches(issue) } && filters[0].limit != 0 ? [.event(id, issue)] : []
        }
        scene.tell(.linkUp(link))
        let first = live(&scene, link, for: .seconds(60)) { id, filters in
            let end: [RelayMessage] =
                id.text.string.hasPrefix("l") ? [.closed(id, message: "error: done")] : []
            return stored(id, filters) + [.endOfStoredEvents(id)] + end
        }
        #expect(first < 150)
        #expect(scene.planner.repositories.rootCount == 1)
        #expect(scene.planner.confirmed(at: Scene.a) == [])
        #expect(scene.status(Scene.a) == .connectedWithHistoryGaps || scene.status(Scene.a) == .syncing)
        let hour = live(&scene, link, for: .seconds(3600)) { id, filters in
            let end: [RelayMessage] =
                id.text.string.hasPrefix("l") ? [.closed(id, message: "error: done")] : []
            return stored(id, filters) + [.endOfStoredEvents(id)] + end
        }
        #expect(hour < 400)
        // It has changed its mind.
        _ = live(&scene, link, for: .seconds(4200)) { id, filters in
            stored(id, filters) + [.endOfStoredEvents(id)]
        }
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test(arguments: LivePacking.Condition.allCases)
    func `one who refuses a packed subscription is asked for all others`(condition: LivePacking.Condition)
        throws
    {
        var scene = scene(9, 1)
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let count = live(&scene, link, for: .seconds(600)) { id, filters in
            id.text.string.hasPrefix("l") && filters.contains(where: condition.isAsked)
                ? [.closed(id, message: "error: not this")] : [.endOfStoredEvents(id)]
        }
        #expect(count < 150)
        let confirmed = scene.planner.confirmed(at: Scene.a)
        for (family, most) in [(SyncItem.Family.announcements, 1), (.repository, 20), (.deletions, 1)] {
            let expected = condition.families.contains(family) ? 0 : most
            #expect(confirmed.count { $0.family == family } == expected, "\(family)")
        }
        _ = live(&scene, link, for: .seconds(4200)) { id, _ in [.endOfStoredEvents(id)] }
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test func `a packed subscription that may not grow goes on, and keeps no other from growing`() throws {
        var scene = scene(9, 1)
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        _ = live(&scene, link, for: .seconds(60)) { id, _ in [.endOfStoredEvents(id)] }
        let before = scene.planner.confirmed(at: Scene.a)
        #expect(before.count == 22)
        scene.commit(.announcement("late", by: 3, on: [Scene.a]))
        _ = live(&scene, link, for: .seconds(600)) { id, filters in
            id.text.string.hasPrefix("l") && filters.contains(where: LivePacking.Condition.quotes.isAsked)
                ? [.closed(id, message: "error: too long")] : [.endOfStoredEvents(id)]
        }
        #expect(
            scene.planner.confirmed(at: Scene.a) == before.union([.deletions(TestKey.publicKey(3))]))
        _ = live(&scene, link, for: .seconds(4200)) { id, _ in [.endOfStoredEvents(id)] }
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.confirmed(at: Scene.a).count == 24)
    }
}

extension LivePacking.Condition {
    /// Whether a filter is of this kind.
    fileprivate func isAsked(_ filter: Filter) -> Bool {
        switch self {
        case .announcements: filter.kinds?.contains(.repositoryAnnouncement) == true
        case .identifiers: filter.values(of: "d") != nil
        case .addresses: filter.values(of: "a") != nil
        case .upperAddresses: filter.values(of: "A") != nil
        case .quotes: filter.values(of: "q") != nil
        case .events: filter.values(of: "e") != nil
        case .upperEvents: filter.values(of: "E") != nil
        case .authors: filter.kinds == [.deletion]
        }
    }
}
