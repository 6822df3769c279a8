// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// Who does not want to be mirrored is not, and what was mirrored goes from where it went.
@Suite(.timeLimit(.minutes(3))) struct OptOutTests {
    private let ada = Handle("ada")
    private let relays = try! [RelayURL("wss://a.test"), RelayURL("wss://b.test")]

    private func scene(
        world: BridgeWorld? = nil, _ change: (inout BridgeConfiguration) -> Void = { _ in }
    ) async throws -> BridgeScene {
        let handle = try #require(ada)
        return try await BridgeScene(world: world) {
            $0.handles = [handle]
            $0.relays = relays
            change(&$0)
        }
    }

    /// One note and its author's profile are there, and were sent: everything to the first relay, to the second no notes.
    private func mirrored(_ scene: BridgeScene) async throws -> (user: XUserID, note: Event) {
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("Hello #nostr", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        let note = try #require(try scene.events().first)
        for relay in try scene.world.store.relays() {
            let sent = try await scene.world.store.claim(for: relay.number, limit: 100, patience: 1_000)
            var outcomes: [EventID: DeliveryOutcome] = [:]
            for event in sent {
                let isNote = event.event.kind == .textNote
                outcomes[event.event.id] = isNote && relay.number == 1 ? .rejected("no notes") : .accepted
            }
            try await scene.world.store.settle(outcomes, at: relay.number)
        }
        return (user, note)
    }

    private func deletions(of id: EventID, in scene: BridgeScene) throws -> [Event] {
        try scene.events([.deletion]).filter { event in
            event.tags.contains { $0.name == "e" && $0.elements[1].string == id.hex }
        }
    }

    private func targets(of event: Event, in scene: BridgeScene) throws -> Set<UInt32> {
        Set(try scene.world.store.deliveries(of: event.id).keys)
    }

    @Test func `an account whose description declines is stopped, and its events go from where they went`()
        async throws
    {
        let scene = try await scene()
        let (user, note) = try await mirrored(scene)
        let profile = try #require(try scene.events([.metadata]).first)
        try scene.x.withWorld { try $0.change(user) { $0.bio = "I write. #NoBridge please" } }
        _ = try scene.x.withWorld { try $0.post("said after", by: user) }
        scene.pass(.seconds(25 * 3_600))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        #expect(try scene.events([.textNote, .metadata, .relayList]).isEmpty)
        #expect(try targets(of: try #require(try deletions(of: note.id, in: scene).first), in: scene) == [0])
        #expect(
            try targets(of: try #require(try deletions(of: profile.id, in: scene).first), in: scene) == [
                0, 1,
            ])
        let account = try #require(try scene.world.store.accounts().first)
        #expect(!account.isActive && account.stop == .declined)
        #expect(try scene.world.store.erasures().isEmpty)
        // It says so no more: that is no wish to be mirrored again.
        try scene.x.withWorld { try $0.change(user) { $0.bio = "I write." } }
        scene.pass(.seconds(25 * 3_600))
        try await scene.once()
        #expect(try scene.texts() == [])
        // The operator adds it again: from now on.
        let added = try await (try scene.bridge()).addAccounts([try #require(ada)])
        #expect(added.map(\.isActive) == [true])
        scene.pass(.seconds(60))
        _ = try scene.x.withWorld { try $0.post("said now", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(try scene.texts() == ["said now"])
        #expect(try scene.events([.metadata]).count == 1)
        try await scene.end()
    }

    @Test func `an operator cannot add an account that declines`() async throws {
        let scene = try await scene { $0.handles = [] }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        try scene.x.withWorld { try $0.change(user) { $0.bio = "#nobot" } }
        let added = try await (try scene.bridge()).addAccounts([try #require(ada)])
        #expect(added.map(\.isActive) == [false] && added.map(\.stop) == [.declined])
        try await scene.end()
    }

    @Test func `somebody who is only reposted and declines is shown no more`() async throws {
        let scene = try await scene()
        let (user, bob) = try scene.x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
        let first = try scene.x.withWorld { try $0.post("words of bob", by: bob) }
        scene.pass(.seconds(60))
        _ = try scene.x.withWorld { try $0.repost(first, by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(try scene.texts() == ["words of bob"])
        try scene.x.withWorld { try $0.change(bob) { $0.bio = "#nomirror" } }
        let (second, third) = try scene.x.withWorld {
            (try $0.post("more words", by: bob), try $0.post("quotable words", by: bob))
        }
        scene.pass(.seconds(60))
        _ = try scene.x.withWorld { try $0.repost(second, by: user) }
        scene.pass(.seconds(1))
        _ = try scene.x.withWorld { try $0.post(XDraft("look", quoting: third), by: user) }
        scene.pass(.seconds(3_600))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        let texts = try scene.texts()
        #expect(texts.count == 1 && texts.allSatisfy { !$0.contains("words") && $0.hasPrefix("look") })
        #expect(try scene.events([.repost]).count == 1, "what ada did stays; what bob said is gone")
        #expect(scene.observer.now.leftOut.values.contains { $0.hasPrefix("it reposts somebody") })
        try await scene.end()
    }

    @Test func `whom the configuration denies is taken back, and not even quoted`() async throws {
        let first = try await scene()
        let (user, _) = try await mirrored(first)
        let handle = try #require(ada)
        await first.leave()
        let second = try await BridgeScene(world: first.world, x: first.x) {
            $0.handles = [handle]
            $0.refusals = Refusals(denied: [.handle(handle)])
        }
        _ = try first.x.withWorld { try $0.post("later", by: user) }
        second.pass(.seconds(3_600))
        try await second.once()
        #expect(try second.events([.textNote, .metadata]).isEmpty)
        #expect(try second.world.store.accounts().map(\.stop) == [.denied])
        #expect(second.observer.now.erased.count == 1)
        await #expect(throws: BridgeFault.self) {
            try await (try second.bridge()).addAccounts([handle])
        }
        try await second.end()
    }

    @Test func `what an operator removed stays removed, whatever the configuration names`() async throws {
        let scene = try await scene()
        let (user, _) = try await mirrored(scene)
        let id = try #require(try scene.world.store.accounts().first?.id)
        #expect(try await (try scene.bridge()).remove(id, erases: false) == 0)
        _ = try scene.x.withWorld { try $0.post("while removed", by: user) }
        scene.pass(.seconds(3_600))
        try await scene.once()
        #expect(try scene.texts() == ["Hello #nostr"], "what was mirrored stays, nothing comes")
        #expect(scene.observer.now.leftAlone.map(\.reason) == ["removed"])
        _ = try await (try scene.bridge()).addAccounts([try #require(ada)])
        scene.pass(.seconds(3_600))
        try await scene.once()
        #expect(try scene.texts() == ["Hello #nostr", "while removed"])
        try await scene.end()
    }

    @Test(arguments: 0..<7) func `a removal that is killed in its midst is finished at the next start`(
        step: Int
    ) async throws {
        let left = NIOLockedValueBox(Int.max)
        let world = try BridgeWorld(at: XWorld.virtualStart.milliseconds) {
            left.withLockedValue { left in
                left -= left == .max ? 0 : 1
                return left < 0 ? (step % 2 == 0 ? .before : .after) : .none
            }
        }
        let scene = try await scene(world: world)
        let (user, note) = try await mirrored(scene)
        for number in 0..<3 { _ = try scene.x.withWorld { try $0.post("post \(number)", by: user) } }
        scene.pass(.seconds(3_600))
        try await scene.once()
        let id = try #require(try scene.world.store.accounts().first?.id)
        left.withLockedValue { $0 = step }
        let bridge = try scene.bridge()
        _ = try? await bridge.remove(id, erases: true, vanishing: [])
        left.withLockedValue { $0 = .max }
        let wasBegun = try scene.world.store.account(id)?.isActive == false
        #expect(wasBegun || step == 0)
        if !wasBegun { _ = try await bridge.remove(id, erases: true, vanishing: []) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(try scene.events([.textNote, .metadata, .relayList]).isEmpty)
        #expect(try scene.world.store.erasures().isEmpty)
        #expect(try scene.events([.requestToVanish]).count == 1)
        #expect(try deletions(of: note.id, in: scene).count == 1)
        try await scene.end()
    }

    @Test func `relays that have any of it are asked to forget an account, and told what to delete`()
        async throws
    {
        let scene = try await scene()
        let (_, note) = try await mirrored(scene)
        let id = try #require(try scene.world.store.accounts().first?.id)
        let count = try await (try scene.bridge()).remove(id, erases: true, vanishing: [])
        #expect(count == 3, "the note, the profile, the relay list")
        let request = try #require(try scene.events([.requestToVanish]).first)
        #expect(request.tags == [["relay", "ALL_RELAYS"]])
        #expect(try targets(of: request, in: scene) == [0, 1])
        let deletion = try #require(try deletions(of: note.id, in: scene).first)
        #expect(deletion.createdAt > request.createdAt, "the request does not undo it")
        #expect(try targets(of: deletion, in: scene) == [0])
        #expect(try scene.events([.textNote, .metadata, .relayList]).isEmpty)
        try await scene.end()
    }

    @Test func `who orders it and who is at it already take it back together, once`() async throws {
        let scene = try await scene()
        let (_, note) = try await mirrored(scene)
        let id = try #require(try scene.world.store.accounts().first?.id)
        let bridge = try scene.bridge()
        try await scene.world.store.stop(
            id, because: .removed,
            erasing: ErasureRow(user: id, reason: .optedOut, startedAt: scene.world.now))
        async let ordered = bridge.remove(id, erases: true)
        await bridge.eraseOnce()
        _ = try await ordered
        #expect(scene.observer.now.tookBack.count == 1)
        #expect(scene.observer.now.erased.count <= 2, "an order that comes too late finds nothing to do")
        #expect(try deletions(of: note.id, in: scene).count == 1)
        try await scene.end()
    }

    @Test func `only relays that are named are asked to forget`() async throws {
        let scene = try await scene()
        _ = try await mirrored(scene)
        let id = try #require(try scene.world.store.accounts().first?.id)
        _ = try await (try scene.bridge()).remove(id, erases: true, vanishing: [relays[1]])
        let request = try #require(try scene.events([.requestToVanish]).first)
        #expect(request.tags == [["relay", TagValue(relays[1].text)]])
        #expect(try targets(of: request, in: scene) == [1])
        try await scene.end()
    }
}
