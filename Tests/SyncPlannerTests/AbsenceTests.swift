// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// A relay is away while people go on publishing there: whatever the author's clock says, everything arrives.
@Suite struct AbsenceTests {
    private let repository = Event.announcement(on: [Scene.a])

    /// Everything that may be said about a repository at one moment, dated `ago` before it.
    private func saying(_ number: Int, at clock: Timestamp, ago: Int64) -> [Event] {
        let time = clock.seconds - ago
        let issue = Event.issue(of: repository, at: time, by: 10 + number)
        let comment = Event.fixture(
            kind: .comment, at: time, tags: [.of("e", issue.id.hex)], content: "\(number)", by: 3)
        let reply = Event.fixture(
            kind: .comment, at: time, tags: [.of("e", comment.id.hex)], content: "\(number) too", by: 4)
        let other = Event.announcement("repo-\(number)", by: 30 + number, at: time, on: [Scene.a])
        let state = Event.fixture(
            kind: .repositoryState, at: time, tags: [.of("d", "repo-\(number)")], content: "\(number)",
            by: 30 + number)
        return [issue, comment, reply, other, state]
    }

    /// Lives through an absence in which something is published ten times.
    ///
    /// - Returns: the world afterwards, and what was published while the relay was away.
    private func absence(
        of span: Duration, _ presence: VirtualUpstream.Presence, dated ago: [Int64]
    ) -> (VirtualUpstream, [Event]) {
        var world = VirtualUpstream(holding: [repository] + saying(0, at: Timestamp(1_740_000_000), ago: 0))
        world.live(for: .seconds(3600))
        #expect(world.scene.status(Scene.a) == .connected)
        world.become(presence)
        var published: [Event] = []
        for number in 1...10 {
            world.live(for: span / 10)
            let events = saying(number, at: world.clock, ago: ago[number % ago.count])
            world.publish(events)
            published += events
        }
        #expect(published.allSatisfy { world.stored[$0.id] == nil })
        world.become(.here)
        // As long as the backoff may last, and as silence takes to be noticed.
        world.live(for: .seconds(3600 + 600))
        return (world, published)
    }

    private func missing(_ events: [Event], in world: VirtualUpstream) -> Int {
        events.count { world.stored[$0.id] == nil }
    }

    @Test(arguments: [VirtualUpstream.Presence.gone, .silent])
    func `away for a minute, everything arrives with the next connection`(presence: VirtualUpstream.Presence)
    {
        // Within the overlap, whatever was lost on the way.
        let (world, published) = absence(of: .seconds(60), presence, dated: [0, 60, 600])
        #expect(missing(published, in: world) == 0)
        let resumed = world.requests.last {
            $0.filters.contains { $0.kinds?.contains(.repositoryAnnouncement) == true && $0.since != nil }
        }
        #expect(resumed != nil, "a cursor was not resumed from")
    }

    @Test(arguments: [VirtualUpstream.Presence.gone, .silent])
    func `away for a minute, what is dated back for years arrives with the audit`(
        presence: VirtualUpstream.Presence
    ) {
        var (world, published) = absence(of: .seconds(60), presence, dated: [0, 86_400 * 3, 86_400 * 900])
        world.live(for: .seconds(25 * 3600))
        #expect(missing(published, in: world) == 0)
    }

    @Test(arguments: [VirtualUpstream.Presence.gone, .silent])
    func `away for twenty minutes, everything arrives with the next connection`(
        presence: VirtualUpstream.Presence
    ) {
        let (world, published) = absence(
            of: .seconds(1200), presence, dated: [0, 600, 86_400 * 3, 86_400 * 900])
        #expect(missing(published, in: world) == 0)
    }

    @Test(arguments: [VirtualUpstream.Presence.gone, .silent])
    func `away for two hours, everything arrives with the next connection`(presence: VirtualUpstream.Presence)
    {
        let (world, published) = absence(
            of: .seconds(7200), presence, dated: [0, 600, 86_400 * 3, 86_400 * 900])
        #expect(missing(published, in: world) == 0)
    }

    @Test func `away for a minute again and again, everything arrives`() {
        var world = VirtualUpstream(holding: [repository])
        world.live(for: .seconds(600))
        var published: [Event] = []
        for number in 1...20 {
            world.become(number.isMultiple(of: 2) ? .gone : .silent)
            world.live(for: .seconds(30))
            let events = saying(number, at: world.clock, ago: 0)
            world.publish(events)
            published += events
            world.live(for: .seconds(30))
            world.become(.here)
            world.live(for: .seconds(240))
        }
        world.live(for: .seconds(4200))
        #expect(missing(published, in: world) == 0)
    }
}
