// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// Relays are found through announcements, and through the announcements found there.
@Suite(.timeLimit(.minutes(3))) struct DiscoveryTests {
    @Test func `an announcement leads to a relay whose announcement leads to another`() async throws {
        let (a, b, c) = (try RustNostrRelay(), try RustNostrRelay(), try RustNostrRelay())
        var (onA, onB, onC) = ([Event](), [Event](), [Event]())
        for number in 0..<2 {
            // The owner lists us and relay B; the maintainer, only known there, lists relay C alone.
            let (owner, maintainer) = (10 + number, 20 + number)
            let ours = Repository(
                number: number, owner: owner,
                announced: .init(
                    services: [RepositoryWorld.domain], relays: [b.url], maintainers: [maintainer]),
                roots: 3, start: 1_740_000_000)
            let theirs = Repository(
                number: number, owner: maintainer, announced: .init(relays: [c.url]), roots: 4,
                start: 1_741_000_000)
            onA.append(ours.announcement)
            onB += [ours.state] + ours.roots + [theirs.announcement]
            onC += [theirs.state] + theirs.roots + theirs.replies
        }
        let foreign = Repository(
            number: 9, announced: .init(services: ["elsewhere.example"]), start: 1_740_000_000)
        async let startedA: Void = a.start(holding: onA + foreign.events)
        async let startedB: Void = b.start(holding: onB + foreign.events)
        async let startedC: Void = c.start(holding: onC + foreign.events)
        _ = try await (startedA, startedB, startedC)

        let gathering = try await GatheringRookery.start(bootstrap: [a.url])
        let expected = Set((onA + onB + onC).map(\.id))
        try await gathering.holds(expected.count, relays: 3)
        #expect(try await gathering.ids().symmetricDifference(expected).isEmpty)
        let metrics = try await gathering.rookery.metrics()
        for relay in [a, b, c] {
            #expect(metrics["rookery_sync_relay_connected{relay=\"\(relay.url)\"}"] == 1)
        }
        try await gathering.rookery.stop()
        for relay in [a, b, c] { try await relay.kill() }
    }
}
