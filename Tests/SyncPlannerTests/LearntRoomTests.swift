// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Relays that bound live subscriptions together, which NIP-11 has no word for.
@Suite struct LearntRoomTests {
    private static let repository = Event.announcement("large", on: [Scene.a])

    @Test func `what a relay has no room for is read in rounds, and it is not asked again and again`() throws
    {
        let issues = (0..<3000).map { Event.issue(of: Self.repository, at: 1_700_000_100 + Int64($0)) }
        var world = VirtualUpstream(holding: [Self.repository] + issues)
        world.room = 400_000
        world.live(for: .seconds(600))
        let entry = try #require(world.scene.planner.relays[Scene.a])
        #expect(world.stored.count == 3001)
        #expect(entry.isReadInRounds)
        #expect(entry.status == .connected)
        #expect((200_000...400_000).contains(world.liveBytes), "\(world.liveBytes)")
        #expect(world.scene.planner.brokenInvariants() == [])

        let quiet = world.requests.count
        world.live(for: .seconds(1200))
        #expect(world.requests.count - quiet < 40, "four rounds and a few questions whether it is there")
        let late = Event.issue(of: Self.repository, at: world.clock.seconds)
        world.publish([late])
        #expect(world.stored[late.id] != nil, "whoever is followed live is followed at once")
    }
}
