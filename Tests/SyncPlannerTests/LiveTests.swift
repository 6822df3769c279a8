// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Live subscriptions: few, and without a gap.
@Suite struct LiveTests {
    private func repositories(_ count: Int) -> [Event] {
        (0..<count).map { .announcement("r\($0)", on: [Scene.a]) }
    }

    /// How many subscriptions are open at the end, and were at most.
    private func counts(_ effects: [SyncEffect]) -> (now: Int, most: Int) {
        var open: Set<SubscriptionID> = []
        var most = 0
        for effect in effects {
            switch effect {
            case .open(_, let id, _): open.insert(id)
            case .close(_, let id): open.remove(id)
            default: break
            }
            most = max(most, open.count)
        }
        return (open.count, most)
    }

    @Test func `a live subscription that stood for a while and is lost is had again soon`() throws {
        var scene = Scene()
        scene.answerAll(Scene.a)
        let link = try #require(scene.link(to: Scene.a))
        for hour in 0..<14 {
            let live = try #require(scene.open(Scene.a, "l").last, "hour \(hour)")
            scene.effects(keeping: link)
            for _ in 0..<60 {
                scene.wait(.seconds(60))
                scene.answer(link)
            }
            scene.tell(.received(link, [.closed(live.id, message: "error: an hour is enough")]))
            scene.wait(.seconds(6))
            scene.answer(link)
        }
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test func `a small relay needs two live subscriptions`() {
        var scene = Scene(stored: repositories(20))
        scene.answerAll(Scene.a)
        #expect(scene.status(Scene.a) == .connected)
        #expect(counts(scene.effects).now == 1)
        #expect(counts(scene.effects).most <= 4)
    }

    @Test func `a new item joins the subscription that has room; the old one closes only then`() throws {
        var scene = Scene(stored: repositories(3))
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        _ = scene.take()
        scene.commit(.announcement("new", on: [Scene.a]))
        scene.wait(.seconds(6))
        let live = try #require(scene.open(Scene.a, "l").first)
        #expect(live.filters.first { $0.values(of: "a") != nil }?.values(of: "a")?.count == 4)
        #expect(!scene.effects.contains { if case .close = $0 { true } else { false } })
        scene.tell(.received(link, [.endOfStoredEvents(live.id)]))
        #expect(scene.effects.contains { if case .close(_, let id) = $0 { id != live.id } else { false } })
    }

    @Test(arguments: [6, 8, 20])
    func `the relay's limit is never passed, and everything is live`(limit: Int) throws {
        var scene = Scene(stored: repositories(700))
        scene.information = UpstreamInformation()
        scene.information?.maxSubscriptions = limit
        scene.answerAll(Scene.a)
        #expect(scene.status(Scene.a) == .connected)
        #expect(counts(scene.effects).most <= limit)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `a thousand repositories with ten thousand roots need few subscriptions and requests`() throws
    {
        let repositories = repositories(1000)
        var scene = Scene(stored: repositories)
        scene.information = UpstreamInformation()
        scene.information?.maxMessageLength = 512 * 1024
        var roots: [Event] = []
        for (number, repository) in repositories.enumerated() {
            for root in 0..<10 { roots.append(.unsigned(number * 10 + root, of: repository)) }
        }
        scene.position += 1
        scene.tell(.followed(stored: roots, removed: [], through: CommitPosition(scene.position)))
        scene.wait(.seconds(6))
        scene.answerAll(Scene.a)
        #expect(scene.status(Scene.a) == .connected)
        let requests = scene.effects.count { if case .open = $0 { true } else { false } }
        #expect(requests <= 80, "\(requests) requests")
        #expect(counts(scene.effects).most <= 20)
    }

    @Test func `what is no longer wanted leaves the live subscriptions without a gap`() throws {
        var scene = Scene(stored: repositories(2))
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        _ = scene.take()
        scene.commit(.announcement("r0", at: 1_700_000_009, on: [Scene.a], isOurs: false))
        scene.wait(.seconds(6))
        let live = try #require(scene.open(Scene.a, "l").first)
        #expect(live.filters.first { $0.values(of: "a") != nil }?.values(of: "a")?.count == 1)
        scene.tell(.received(link, [.endOfStoredEvents(live.id)]))
        #expect(scene.planner.brokenInvariants() == [])
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test func `a live subscription that the relay ends is opened again, and resumes`() throws {
        var scene = Scene(stored: repositories(2))
        let link = try #require(scene.link(to: Scene.a))
        scene.answerAll(Scene.a)
        let live = try #require(scene.open(Scene.a, "l").first)
        _ = scene.take()
        scene.tell(.received(link, [.closed(live.id, message: "error: enough")]))
        #expect(scene.status(Scene.a) == .connectedWithHistoryGaps)
        scene.wait(.seconds(6))
        let again = try #require(scene.open(Scene.a, "l").first)
        scene.tell(.received(link, [.endOfStoredEvents(again.id)]))
        #expect(scene.open(Scene.a, "h").allSatisfy { $0.filters.allSatisfy { $0.since != nil } })
        scene.answer(link)
        #expect(scene.status(Scene.a) == .connected)
    }
}

extension Event {
    /// An issue without a signature, for when there are many.
    static func unsigned(_ number: Int, of repository: Event) -> Event {
        let id = EventID(Bytes32(words: (UInt64(number) &* 0x9E37_79B9_7F4A_7C15, 3, 4, UInt64(number))))
        let json =
            "{\"id\":\"\(id.hex)\",\"pubkey\":\"\(repository.pubkey.hex)\",\"created_at\":1700000000,\"kind\":1621,"
            + "\"tags\":[[\"a\",\"\(repository.address!.text)\"]],\"content\":\"\",\"sig\":\""
            + String(repeating: "0", count: 128) + "\"}"
        return Event(canonical: Array(json.utf8))!
    }
}
