// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

/// What relays ask of their clients, and that it is heeded.
@Suite struct MannersTests {
    private let repo = Event.announcement(on: [Scene.a])

    private func opened(_ effects: [SyncEffect]) -> Int {
        effects.count { if case .open = $0 { true } else { false } }
    }

    // MARK: NIP-11

    @Test func `nothing is asked before a relay said what it is, or was silent for long`() throws {
        var scene = Scene(stored: [repo])
        scene.answersInformation = false
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        #expect(scene.effects.contains(.fetchInformation(link)))
        #expect(scene.open(Scene.a).isEmpty)
        scene.wait(.seconds(31))
        #expect(!scene.open(Scene.a).isEmpty)
        let filters = scene.open(Scene.a).count
        var late = UpstreamInformation()
        late.maxSubscriptions = 1
        scene.tell(.information(link, late))
        #expect(scene.open(Scene.a).count == filters, "limits never change under what is open")
    }

    @Test func `what a relay says of itself is believed for an hour`() throws {
        var scene = Scene(stored: [repo])
        scene.information = UpstreamInformation()
        scene.information?.maxLimit = 20
        scene.answerAll(Scene.a)
        let limits = scene.effects.compactMap { effect in
            if case .open(_, let id, let filters) = effect, id.text.string.hasPrefix("h") {
                filters[0].limit
            } else {
                nil
            }
        }
        #expect(limits.allSatisfy { $0 == 20 } && !limits.isEmpty)
        for (wait, asks) in [(Duration.seconds(600), false), (.seconds(3600), true)] {
            let old = try #require(scene.link(to: Scene.a))
            scene.tell(.linkDown(old, .lost))
            scene.wait(wait)
            let link = try #require(scene.link(to: Scene.a))
            _ = scene.take()
            scene.tell(.linkUp(link))
            #expect(scene.effects.contains(.fetchInformation(link)) == asks)
            scene.answer(link)
            scene.effects(keeping: link)
        }
    }

    // MARK: rate-limited

    @Test func `a relay that wants us to slow down is left alone, and the page is asked again`() throws {
        var scene = Scene()
        let (link, page) = try scene.openHistory(at: Scene.a)
        _ = scene.take()
        scene.tell(.received(link, [.closed(page.id, message: "rate-limited: slow down")]))
        #expect(scene.planner.relays[Scene.a]?.health == .rateLimited)
        scene.wait(.seconds(64))
        #expect(opened(scene.take()) == 0)
        scene.wait(.seconds(2))
        let again = try #require(scene.open(Scene.a, "h").first)
        #expect(again.filters == page.filters)
        scene.answer(link)
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.relays[Scene.a]?.health == .healthy)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `a relay that wanted to be left alone is left alone by the next run too`() throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let live = try #require(scene.open(Scene.a, "l").first)
        scene.tell(.received(link, [.closed(live.id, message: "rate-limited: slow down")]))
        scene.wait(.seconds(2))
        var again = Scene(restored: Array(scene.rows.values), at: scene.wall)
        #expect(again.planner.relays[Scene.a]?.health == .rateLimited)
        again.wait(.seconds(60))
        #expect(again.link(to: Scene.a) == nil)
        again.wait(.seconds(4))
        let next = try #require(again.link(to: Scene.a))
        #expect(again.planner.relays[Scene.a]?.health == .healthy)
        again.tell(.linkUp(next))
        again.answer(next)
        again.wait(.seconds(2))
        let last = Scene(restored: Array(again.rows.values), at: again.wall)
        #expect(last.planner.relays[Scene.a]?.health == .healthy)
    }

    @Test func `a relay is left alone also when it says so of what we took back meanwhile`() throws {
        var scene = Scene()
        let (link, page) = try scene.openHistory(at: Scene.a)
        scene.wait(.seconds(20))
        scene.tell(.received(link, [.notice("busy")]))
        scene.wait(.seconds(11))
        #expect(scene.effects.contains(.close(link, page.id)))
        scene.tell(.received(link, [.closed(page.id, message: "rate-limited: slow down")]))
        #expect(scene.planner.relays[Scene.a]?.health == .rateLimited)
        _ = scene.take()
        scene.wait(.seconds(64))
        #expect(opened(scene.take()) == 0)
    }

    @Test func `the end of what we took back meanwhile is no offence`() throws {
        var scene = Scene()
        let (link, page) = try scene.openHistory(at: Scene.a)
        scene.wait(.seconds(20))
        scene.tell(.received(link, [.notice("busy")]))
        let before = try #require(scene.planner.conversations[Scene.a]).offences.count
        scene.wait(.seconds(11))
        #expect(scene.effects.contains(.close(link, page.id)))
        scene.tell(.received(link, [.endOfStoredEvents(page.id)]))
        #expect(scene.planner.conversations[Scene.a]?.offences.count == before)
        scene.tell(.received(link, [.endOfStoredEvents("l99")]))
        #expect(scene.planner.conversations[Scene.a]?.offences.count == before + 1)
    }

    @Test func `a NOTICE may say the same, and everything else is none of our business`() throws {
        var scene = Scene(stored: [repo])
        scene.answerAll(Scene.a)
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.received(link, [.notice("welcome: you are not rate-limited: yet")]))
        #expect(scene.planner.relays[Scene.a]?.health == .healthy)
        scene.tell(.received(link, [.notice("rate-limited: too many REQs")]))
        #expect(scene.planner.relays[Scene.a]?.health == .rateLimited)
        scene.wait(.seconds(66))
        #expect(scene.planner.relays[Scene.a]?.health == .healthy)
    }

    @Test(arguments: [6, 3, 1])
    func `a REQ that is not liked comes back with fewer filters, down to one`(taken: Int) throws {
        var scene = Scene(stored: (1...300).map { Event.announcement("repo\($0)", on: [Scene.a]) })
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        var most: [Int] = []
        for _ in 0..<200 {
            guard let next = scene.open(Scene.a).first else { break }
            if next.filters.count > taken {
                most.append(next.filters.count)
                scene.tell(.received(link, [.closed(next.id, message: "invalid: too many filters")]))
            } else {
                scene.tell(.received(link, [.endOfStoredEvents(next.id)]))
            }
            scene.drop(next.id)
            if scene.open(Scene.a).isEmpty { scene.wait(.seconds(10)) }
        }
        #expect(!most.isEmpty && most.count <= 6, "\(most)")
        #expect(scene.status(Scene.a) == .connected)
    }

    @Test(arguments: [20_000, 4000, 1024])
    func `a relay that a message was too long for is sent shorter ones from then on`(taken: Int) throws {
        var scene = Scene(stored: (1...300).map { Event.announcement("repo\($0)", on: [Scene.a]) })
        var tooLong: [Int] = []
        func isTooLong(_ request: (id: SubscriptionID, filters: [Filter])) -> Bool {
            let text = request.filters.map(\.canonicalJSON).joined(separator: ",")
            let length = text.utf8.count + request.id.text.bytes.count + 11
            if length > taken { tooLong.append(length) }
            return length > taken
        }
        var link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        for _ in 0..<400 {
            guard let next = scene.open(Scene.a).first else { break }
            if isTooLong(next) {
                _ = scene.take()
                scene.tell(.linkDown(link, .messageTooBig))
                scene.wait(.seconds(3700))
                link = try #require(scene.link(to: Scene.a))
                scene.tell(.linkUp(link))
            } else {
                scene.tell(.received(link, [.endOfStoredEvents(next.id)]))
                scene.drop(next.id)
            }
        }
        #expect(!tooLong.isEmpty && tooLong.count <= 7, "\(tooLong)")
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `what a relay says of itself may be less than what was learnt, and not more`() throws {
        var scene = Scene(stored: [repo])
        for (said, most) in [(100_000, 1024), (nil, 1024), (700, 700)] as [(Int?, Int)] {
            let link = try #require(scene.link(to: Scene.a))
            scene.information = UpstreamInformation()
            scene.information?.maxMessageLength = said
            scene.tell(.linkUp(link))
            _ = scene.take()
            scene.tell(.linkDown(link, .messageTooBig))
            #expect(scene.planner.explain(Scene.a, at: scene.now)?.limits.maxMessageLength == most)
            scene.wait(.seconds(3700))
        }
    }

    @Test(arguments: [true, false])
    func `whoever does not know limit 0 is asked for one event`(isRefused: Bool) throws {
        var scene = Scene()
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        let live = try #require(scene.open(Scene.a, "l").first)
        #expect(live.filters.allSatisfy { $0.limit == 0 })
        if isRefused {
            scene.tell(.received(link, [.closed(live.id, message: "invalid: limit must be positive")]))
            scene.drop(live.id)
        } else {
            scene.tell(.received(link, [.event(live.id, repo), .endOfStoredEvents(live.id)]))
            scene.answer(link)
            scene.tell(.linkDown(link, .lost))
            scene.wait(.seconds(10))
            let link = try #require(scene.link(to: Scene.a))
            _ = scene.take()
            scene.tell(.linkUp(link))
        }
        let again = try #require(scene.open(Scene.a, "l").first)
        #expect(again.filters.allSatisfy { $0.limit == 1 })
        #expect(scene.planner.brokenInvariants() == [])
    }

    // MARK: NIP-42

    @Test func `whoever wants to know who we are is told, and then asked again`() throws {
        var scene = Scene(stored: [repo])
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        scene.tell(.received(link, [.authChallenge("c1")]))
        #expect(!scene.effects.contains(.authenticate(link, challenge: "c1")), "nobody wanted to know yet")
        let live = try #require(scene.open(Scene.a, "l").first)
        _ = scene.take()
        scene.tell(.received(link, [.closed(live.id, message: "auth-required: who are you")]))
        #expect(scene.effects.contains(.authenticate(link, challenge: "c1")))
        #expect(opened(scene.effects) == 0)
        let id = try #require(EventID(hex: String(repeating: "7", count: 64)))
        scene.tell(.authenticating(link, id))
        #expect(opened(scene.effects) == 0)
        scene.tell(.received(link, [.ok(TagValue(id.hex), accepted: true, message: "")]))
        scene.answer(link)
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.facts.contains(.authenticated(Scene.a)))
    }

    @Test func `who says that it wants to know and challenges only whoever asks is asked, and then told`()
        throws
    {
        var scene = Scene(stored: [repo])
        scene.information = UpstreamInformation()
        scene.information?.authRequired = true
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        #expect(opened(scene.effects) == 0, "a challenge may be under way")
        scene.wait(.seconds(5))
        let live = try #require(scene.open(Scene.a, "l").first)
        _ = scene.take()
        scene.tell(
            .received(
                link, [.authChallenge("c3"), .closed(live.id, message: "auth-required: who are you")]))
        #expect(scene.effects.contains(.authenticate(link, challenge: "c3")))
        let id = try #require(EventID(hex: String(repeating: "7", count: 64)))
        scene.tell(.authenticating(link, id))
        scene.tell(.received(link, [.ok(TagValue(id.hex), accepted: true, message: "")]))
        scene.answer(link)
        #expect(scene.status(Scene.a) == .connected)
        #expect(scene.planner.brokenInvariants() == [])
    }

    @Test func `who is not let in says so, and goes on trying politely`() throws {
        var scene = Scene(stored: [repo])
        scene.information = UpstreamInformation()
        scene.information?.authRequired = true
        let link = try #require(scene.link(to: Scene.a))
        scene.tell(.linkUp(link))
        #expect(opened(scene.effects) == 0, "it said that it wants to know first")
        scene.tell(.received(link, [.authChallenge("c2")]))
        scene.tell(.authenticating(link, nil))
        #expect(scene.facts.contains { if case .authRefused = $0 { true } else { false } })
        for _ in 0..<20 {
            guard let next = scene.open(Scene.a).first else { break }
            scene.tell(.received(link, [.closed(next.id, message: "auth-required: who are you")]))
            scene.drop(next.id)
        }
        #expect(scene.status(Scene.a) == .connectedWithHistoryGaps)
        #expect(scene.planner.brokenInvariants() == [])
    }
}
