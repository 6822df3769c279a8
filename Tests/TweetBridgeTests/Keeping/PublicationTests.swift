// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct PublicationTests {
    private let near = try! RelayURL("wss://near.test")
    private let far = try! RelayURL("wss://far.test")

    private func waiting(_ ids: UInt64...) async throws -> BridgeWorld {
        let world = try BridgeWorld()
        _ = try await world.store.store(ids.map { .fixture($0) }, todo: ids.map { TodoRequest(PostID($0)) })
        return world
    }

    @Test
    func
        `a post that is mirrored has its event, both maps, its state and a place for each relay, and waits no more`()
        async throws
    {
        let world = try await waiting(5)
        var publication = Publication.of(5, relays: [near, far])
        publication.epoch = 3
        publication.remember = [.profilePosted(UserID(10)): "hash"]
        let id = Event.mirroring(5).id
        #expect(try await world.store.publish(publication) == .published([id]))
        #expect(try world.events.event(id)?.json == Event.mirroring(5).json)
        let mirror = try #require(try world.store.mirror(PostID(5)))
        #expect(
            mirror.id == id && mirror.epoch == 3 && mirror.isStanding
                && mirror.author == TestKey.publicKey(10))
        #expect(try world.store.mirrored(id)?.post == PostID(5))
        #expect(try world.store.state(of: PostID(5))?.fate == .mirrored)
        #expect(try world.store.todo(limit: 9).isEmpty)
        #expect(try world.store.relays().map(\.url) == [near.text, far.text])
        #expect(try world.store.deliveries(of: id).mapValues(\.state) == [0: .pending, 1: .pending])
        #expect(try world.store.remembered(.profilePosted(UserID(10)))?.value == "hash")
        #expect(try world.store.mirrors(limit: 9).map(\.0) == [PostID(5)])
    }

    @Test func `the same again does nothing, whoever does it`() async throws {
        let world = try await waiting(5)
        let other = Event.mirroring(5, text: "made under another configuration")
        let store = world.store
        async let first = store.publish(.of(5))
        async let second = store.publish(.of(5, event: other))
        let results = [try await first, try await second]
        #expect(results.filter { $0 == .alreadyDone }.count == 1)
        #expect(try world.events.events(matching: [Filter()], now: .epoch).count == 1)
        #expect(try await store.publish(.of(5)) == .alreadyDone)
    }

    @Test func `several are one transaction, and each has its own answer`() async throws {
        let world = try await waiting(5, 6, 7)
        let shadow = Publication.Part(.mirroring(6), .mirror(PostID(6), first: PostID(6)))
        var five = Publication.of(5)
        five.parts.insert(shadow, at: 0)
        let results = try await world.store.publish([five, .of(6), .of(7), .of(8)])
        #expect(
            results == [
                .published([Event.mirroring(6).id, Event.mirroring(5).id]), .alreadyDone,
                .published([Event.mirroring(7).id]), .alreadyDone,
            ])
        #expect(try world.events.events(matching: [Filter()], now: .epoch).count == 3)
        #expect(try world.store.todo(limit: 9).isEmpty)
    }

    @Test func `a post that has an event gets no other as part of somebody's thread`() async throws {
        let world = try await waiting(5, 6)
        _ = try await world.store.publish(.of(6))
        var five = Publication.of(5)
        let other = Event.mirroring(6, text: "made under another configuration")
        five.parts.insert(.init(other, .mirror(PostID(6), first: PostID(6))), at: 0)
        #expect(try await world.store.publish(five) == .published([Event.mirroring(5).id]))
        #expect(try world.events.event(other.id) == nil)
        #expect(try world.store.mirror(PostID(6))?.id == Event.mirroring(6).id)
    }

    @Test func `an event that our own relay refuses goes nowhere, and the post says so`() async throws {
        let world = try BridgeWorld(banned: [TestKey.publicKey(10)])
        _ = try await world.store.store(
            [.fixture(5), .fixture(6)], todo: [5, 6].map { TodoRequest(PostID($0)) })
        let good = Publication.of(6, event: .mirroring(6, by: 11), relays: [near])
        let results = try await world.store.publish([.of(5, relays: [near]), good])
        let id = Event.mirroring(5).id
        #expect(
            results == [
                .refused(id, "blocked: this key is banned here"), .published([Event.mirroring(6, by: 11).id]),
            ])
        #expect(try world.store.state(of: PostID(5))?.fate == .refused)
        #expect(try world.store.mirror(PostID(5)) == nil)
        #expect(try world.store.deliveries(of: id).mapValues(\.state) == [0: .withdrawn])
        #expect(
            try await world.store.claim(for: 0, limit: 9, patience: 1).map(\.event.id) == [
                Event.mirroring(6, by: 11).id
            ])
    }

    @Test func `a deletion goes to those that may have the event, and stops it on its way to the others`()
        async throws
    {
        let world = try await waiting(5)
        let relays = try ["a", "b", "c", "d", "e"].map { try RelayURL("wss://\($0).test") }
        _ = try await world.store.publish(.of(5, relays: relays))
        let id = Event.mirroring(5).id
        for relay in UInt32(0)..<4 { _ = try await world.store.claim(for: relay, limit: 9, patience: 60_000) }
        try await world.store.settle([id: .accepted], at: 0)
        try await world.store.settle([id: .rejected("blocked: no")], at: 1)
        try await world.store.settle([id: .again(world.now, "error: busy")], at: 2)
        // 3: sent, and not answered yet. 4: not sent yet.
        let deletion = Event.fixture(kind: .deletion, tags: [.of("e", id.hex), .of("k", "1")], by: 10)
        let result = try await world.store.publish(
            Publication([.init(deletion, .deletion(of: [id]))], relays: relays))
        #expect(result == .published([deletion.id]))
        #expect(try world.events.event(id) == nil)
        #expect(
            try world.store.deliveries(of: id).mapValues(\.state)
                == [0: .accepted, 1: .rejected, 2: .withdrawn, 3: .withdrawn, 4: .withdrawn])
        #expect(try world.store.deliveries(of: deletion.id).keys.sorted() == [0, 2, 3])
        #expect(try await world.store.claim(for: 4, limit: 9, patience: 1).isEmpty)
        #expect(try world.store.mirror(PostID(5))?.deletion == deletion.id.hex)
        #expect(try world.store.state(of: PostID(5))?.fate == .deleted)
        // What was in flight and is taken after all stays withdrawn.
        try await world.store.settle([id: .accepted], at: 3)
        #expect(try world.store.deliveries(of: id)[3]?.state == .withdrawn)
        #expect(
            try await world.store.publish(Publication([.init(deletion, .deletion(of: [id]))]))
                == .published([]))
    }

    @Test func `a claim that is not settled is due again, one that is not`() async throws {
        let world = try await waiting(5, 6)
        _ = try await world.store.publish([.of(5, relays: [near]), .of(6, relays: [near])])
        #expect(
            try await world.store.claim(for: 0, limit: 1, patience: 1_000).map(\.event.id) == [
                Event.mirroring(5).id
            ])
        #expect(
            try await world.store.claim(for: 0, limit: 9, patience: 1_000).map(\.event.id) == [
                Event.mirroring(6).id
            ])
        #expect(try await world.store.claim(for: 0, limit: 9, patience: 1_000).isEmpty)
        #expect(try world.store.nextDelivery(to: 0) == world.now + 1_000)
        try await world.store.settle([Event.mirroring(6).id: .accepted], at: 0)
        world.pass(1_000)
        let again = try await world.store.claim(for: 0, limit: 9, patience: 1_000)
        #expect(again.map(\.attempts) == [2] && again.map(\.event) == [.mirroring(5)])
        try await world.store.settle([Event.mirroring(5).id: .old("too old")], at: 0)
        #expect(try world.store.nextDelivery(to: 0) == nil)
        #expect(try world.store.deliveries(to: 0, limit: 9).count == 2)
        #expect(try world.store.waiting(for: 0) == 0)
    }

    @Test
    func `what waits for approval is not published, and is executed in the transaction that publishes it`()
        async throws
    {
        let world = try BridgeWorld()
        let ruling = ModerationRuling(effect: .ask, hits: ["default"])
        let screening = Screening(ruling, preview: "hello", event: Event.mirroring(5).id)
        _ = try await world.store.store([.fixture(5)], todo: [TodoRequest(PostID(5), screening: screening)])
        #expect(try await world.store.publish(.of(5)) == .notApproved(.pending))
        #expect(try world.events.event(Event.mirroring(5).id) == nil)
        try await world.store.appoint(try #require(Moderator(name: "ann", role: .moderator, at: 0)))
        try await world.store.decide(
            ModerationDecision(.approve, .event(Event.mirroring(5).id)), by: "ann", through: .web)
        #expect(try await world.store.publish(.of(5)) == .published([Event.mirroring(5).id]))
        let item = try #require(try world.store.item(of: .post(PostID(5))))
        #expect(item.state == .executed)
        #expect(try world.store.mirror(PostID(5))?.moderation == item.number)
        #expect(try world.store.audit(of: item.number).map(\.to) == [.pending, .approved, .executed])
    }

    @Test func `what was taken when the process ended is due at the start, before everything else`()
        async throws
    {
        let world = try await waiting(5, 6, 7)
        _ = try await world.store.publish([5, 6, 7].map { .of($0, relays: [near]) })
        _ = try await world.store.claim(for: 0, limit: 2, patience: 600_000)
        try await world.store.settle([Event.mirroring(5).id: .accepted], at: 0)
        try await world.store.reclaim(for: 0)
        let claimed = try await world.store.claim(for: 0, limit: 9, patience: 600_000)
        #expect(claimed.map(\.event.id) == [Event.mirroring(6).id, Event.mirroring(7).id])
        #expect(claimed.map(\.attempts) == [2, 1])
    }

    @Test func `a relay that is not posted to any more is sent nothing`() async throws {
        let world = try await waiting(5, 6, 7)
        _ = try await world.store.publish([5, 6, 7].map { .of($0, relays: [near, far]) })
        #expect(try await world.store.abandon(0, limit: 2) == 2)
        #expect(try await world.store.abandon(0, limit: 2) == 1)
        #expect(try world.store.waiting(for: 0) == 0 && world.store.waiting(for: 1) == 3)
        #expect(try world.store.nextDelivery(to: 0) == nil)
    }

    @Test func `what our own relay refuses has failed, and is tried again when approved again`() async throws
    {
        let world = try BridgeWorld(banned: [TestKey.publicKey(10)])
        let screening = Screening(ModerationRuling(effect: .approve, hits: ["friend"]), preview: "hello")
        _ = try await world.store.store([.fixture(5)], todo: [TodoRequest(PostID(5), screening: screening)])
        let (bad, good) = (Event.mirroring(5), Event.mirroring(5, by: 11))
        #expect(try await world.store.publish(.of(5)) == .refused(bad.id, "blocked: this key is banned here"))
        #expect(try world.store.audit(of: 1).map(\.to) == [.approved, .executed, .failed])
        try await world.store.appoint(try #require(Moderator(name: "ann", role: .moderator, at: 0)))
        try await world.store.decide(ModerationDecision(.approve, .item(1)), by: "ann", through: .web)
        #expect(try await world.store.publish(.of(5, event: good)) == .published([good.id]))
        #expect(try world.store.item(1)?.state == .executed)
        #expect(try world.store.state(of: PostID(5))?.fate == .mirrored)
    }

    @Test func `a profile is known as ours and goes to the relays`() async throws {
        let world = try BridgeWorld()
        let profile = Event.fixture(kind: .metadata, content: "{}", by: 10)
        _ = try await world.store.publish(Publication([.init(profile, .profile(UserID(10)))], relays: [near]))
        #expect(try world.store.mirrored(profile.id)?.user == UserID(10))
        #expect(try world.store.waiting(for: 0) == 1)
        // Replaced before it was sent: nobody needs it any more.
        let newer = Event.fixture(kind: .metadata, at: 1_700_000_001, content: "{\"name\":\"x\"}", by: 10)
        _ = try await world.store.publish(Publication([.init(newer, .profile(UserID(10)))], relays: [near]))
        #expect(try await world.store.claim(for: 0, limit: 9, patience: 1).map(\.event.id) == [newer.id])
        #expect(try world.store.deliveries(of: profile.id)[0]?.state == .withdrawn)
    }
}
