// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// That what a moderator is shown is what is published.
@Suite struct PreviewTests {
    @Test(.timeLimit(.minutes(2)))
    func `the event that is shown before is the event that is in the relay after`() async throws {
        let handle = try #require(Handle("ada"))
        let scene = try await BridgeScene {
            $0.handles = [handle]
            $0.moderation = ModerationRules()
        }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("Hello & <good> morning", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(try scene.texts() == [])
        let server = ModerationServer(scene.world.store, now: { [world = scene.world] in world.now })
        server.adopt(try scene.bridge())
        let before = try await server.detail(1)
        #expect(before.text == "Hello & <good> morning" && before.line.who == "@ada")
        guard case .events(let shown, isPublished: false) = before.preview, let first = shown.first else {
            Issue.record("no event is shown")
            return
        }
        let moderator = try #require(Moderator(name: "ann", role: .moderator, at: 0))
        try await scene.world.store.appoint(moderator)
        _ = try await server.decide(.approve, [(1, 0)], reason: "", by: moderator)
        try await scene.once()
        #expect(try scene.events().map(\.id) == [first.id])
        guard case .events(let after, isPublished: true) = try await server.detail(1).preview else {
            Issue.record("the event is not shown")
            return
        }
        #expect(after == [first])
        try await scene.end()
    }
}
