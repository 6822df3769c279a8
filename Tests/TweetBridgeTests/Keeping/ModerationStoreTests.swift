// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct ModerationStoreTests {
    private let event = Event.mirroring(5)

    /// A post and a job that wait for approval, and three moderators.
    private func world() async throws -> BridgeWorld {
        let world = try BridgeWorld()
        let ruling = ModerationRuling(effect: .ask, hits: ["default"])
        let screening = Screening(ruling, preview: "hello", event: event.id)
        _ = try await world.store.store([.fixture(5)], todo: [TodoRequest(PostID(5), screening: screening)])
        _ = try await world.store.enqueue([
            JobRequest(
                "outbound", "tweet", payload: "{}", key: "x:1", screening: Screening(ruling, preview: "job"))
        ])
        for (name, role, key) in [
            ("vic", ModeratorRole.viewer, 1), ("ann", .moderator, 2), ("bob", .admin, 3),
        ] {
            try await world.store.appoint(
                try #require(
                    Moderator(name: name, role: role, key: TestKey.publicKey(key), token: name, at: 0)))
        }
        return world
    }

    @Test func `what was approved goes on, what was rejected does not, and both are written down`()
        async throws
    {
        let world = try await world()
        #expect(try world.store.items(.pending, limit: 9).map(\.number) == [1, 2])
        #expect(try world.store.items(.pending, after: 1, limit: 9).map(\.preview) == ["job"])
        world.pass(1)
        try await world.store.decide(ModerationDecision(.approve, .post(PostID(5))), by: "ann", through: .web)
        #expect(try world.store.todo(limit: 9).map(\.why) == [.new])
        world.pass(1)
        try await world.store.decide(
            ModerationDecision(.reject, .item(2), reason: "spam"), by: "bob", through: .commandLine)
        #expect(try world.store.job(1)?.state == .refused)
        #expect(try world.store.items(.pending, limit: 9).isEmpty)
        let trail = try world.store.audit(limit: 9)
        #expect(
            trail.map(\.actor) == [
                .rules, .rules, .moderator("ann", through: .web), .moderator("bob", through: .commandLine),
            ])
        #expect(trail.last?.reason == "spam")
        #expect(try world.store.audit(after: trail[2], limit: 9) == [trail[3]])
        #expect(try world.store.approvals(of: UserID(10)) == 1)
    }

    @Test func `a rejected post waits no more; a held one waits, approved or not`() async throws {
        let world = try await world()
        try await world.store.decide(ModerationDecision(.approve, .post(PostID(5))), by: "ann", through: .web)
        try await world.store.decide(ModerationDecision(.hold, .post(PostID(5))), by: "bob", through: .web)
        #expect(try world.store.todo(limit: 9).map(\.why) == [.moderation])
        #expect(try await world.store.publish(.of(5)) == .notApproved(.held))
        try await world.store.decide(
            ModerationDecision(.reject, .post(PostID(5)), reason: "no"), by: "bob", through: .web)
        #expect(try world.store.todo(limit: 9).isEmpty)
        #expect(try world.store.state(of: PostID(5))?.fate == .rejected)
        #expect(try await world.store.publish(.of(5)) == .alreadyDone)
        await #expect(throws: BridgeStoreError.self) {
            try await world.store.decide(
                ModerationDecision(.approve, .post(PostID(5))), by: "bob", through: .web)
        }
    }

    @Test func `what rules reject is never queued, what they approve need not wait`() async throws {
        let world = try BridgeWorld()
        func request(_ id: UInt64, _ effect: ModerationRule.Effect) -> TodoRequest {
            TodoRequest(
                PostID(id), screening: Screening(ModerationRuling(effect: effect, hits: ["r"]), preview: "p"))
        }
        let stored = try await world.store.store(
            [.fixture(5), .fixture(6), .fixture(7)],
            todo: [request(5, .reject), request(6, .approve), request(7, .hold)])
        #expect(stored.queued == [PostID(6), PostID(7)])
        #expect(try world.store.state(of: PostID(5))?.reason == "r")
        #expect(try world.store.todo(limit: 9).map(\.why) == [.new, .moderation])
        #expect(try await world.store.publish([.of(6), .of(7)]).last == .notApproved(.held))
        // Read again, they are judged no more.
        _ = try await world.store.store([.fixture(5)], todo: [request(5, .approve)])
        #expect(try world.store.items(limit: 9).map(\.state) == [.rejected, .executed, .held])
    }

    @Test func `who only looks, or is nobody, decides nothing`() async throws {
        let world = try await world()
        await #expect(throws: BridgeStoreError.refused("vic may look and not decide")) {
            try await world.store.decide(ModerationDecision(.approve, .item(1)), by: "vic", through: .web)
        }
        await #expect(throws: BridgeStoreError.missing("moderator eve")) {
            try await world.store.decide(ModerationDecision(.approve, .item(1)), by: "eve", through: .web)
        }
        await #expect(throws: BridgeStoreError.missing("item")) {
            try await world.store.decide(ModerationDecision(.approve, .item(9)), by: "ann", through: .web)
        }
        #expect(try world.store.items(.pending, limit: 9).count == 2)
    }

    private let relay = TestKey.publicKey(77)

    @Test func `listed moderators decide by labels and reports, others do not`() async throws {
        let world = try await world()
        func label(by key: Int) -> Event {
            let space = ModerationDecision.namespace
            return .fixture(
                kind: 1985, tags: [.of("L", space), .of("l", "approve", space), .of("e", event.id.hex)],
                by: key)
        }
        #expect(try await world.store.decide(by: label(by: 1), at: relay).isEmpty)
        #expect(try await world.store.decide(by: label(by: 9), at: relay).isEmpty)
        #expect(try await world.store.decide(by: label(by: 2), at: relay).map(\.state) == [.approved])
        #expect(try await world.store.publish(.of(5, event: event)) == .published([event.id]))
        // Too late.
        let report = Event.fixture(
            kind: 1984, tags: [.of("e", event.id.hex, "spam"), .of("i", "item:\(relay.hex):2")], by: 3)
        #expect(try await world.store.decide(by: report, at: relay).map(\.number) == [2])
        #expect(try world.store.item(1)?.state == .executed)
        #expect(try world.store.audit(of: 2).last?.actor == .moderator("bob", through: .nostr))
    }

    @Test func `an event decides once, whatever was decided after it`() async throws {
        let world = try await world()
        let space = ModerationDecision.namespace
        let label = Event.fixture(
            kind: 1985, tags: [.of("L", space), .of("l", "approve", space), .of("i", "item:\(relay.hex):2")],
            by: 2)
        #expect(try await world.store.decide(by: label, at: relay).map(\.state) == [.approved])
        try await world.store.decide(ModerationDecision(.hold, .item(2)), by: "bob", through: .web)
        #expect(try await world.store.decide(by: label, at: relay).isEmpty)
        #expect(try world.store.item(2)?.state == .held)
    }

    @Test func `moderators are found by name, key and token, and go when they are dismissed`() async throws {
        let world = try await world()
        #expect(try world.store.moderators().map(\.name) == ["ann", "bob", "vic"])
        #expect(try world.store.moderator(key: TestKey.publicKey(2))?.name == "ann")
        #expect(try world.store.moderator(token: "bob")?.role == .admin)
        #expect(try world.store.moderator(token: "") == nil)
        await #expect(throws: BridgeStoreError.refused("ann has that key")) {
            try await world.store.appoint(
                try #require(Moderator(name: "eve", role: .admin, key: TestKey.publicKey(2), at: 0)))
        }
        #expect(try await world.store.dismiss("ann"))
        #expect(try await !world.store.dismiss("ann"))
        await #expect(throws: BridgeStoreError.missing("moderator ann")) {
            try await world.store.decide(ModerationDecision(.approve, .item(1)), by: "ann", through: .web)
        }
    }

    @Test func `of two who decide at once one is too late`() async throws {
        let world = try await world()
        try await world.store.decide(ModerationDecision(.hold, .item(1)), by: "ann", through: .web)
        let done = await withTaskGroup { tasks in
            for verdict in [ModerationDecision.Verdict.approve, .reject] {
                tasks.addTask {
                    (try? await world.store.decide(
                        ModerationDecision(verdict, .item(1)), by: "bob", through: .web)) != nil
                }
            }
            return await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        let trail = try world.store.audit(of: 1).map(\.to)
        // Rejected for good, or approved and then rejected.
        #expect(done == trail.count - 2)
        #expect(trail.last == .rejected)
    }

    @Test func `an item whose post is gone is withdrawn`() async throws {
        let world = try await world()
        try await world.store.markGone(PostID(5), .deleted)
        #expect(try world.store.item(1)?.state == .rejected)
        #expect(try world.store.audit(of: 1).last?.actor == .worker("bridge"))
    }
}
