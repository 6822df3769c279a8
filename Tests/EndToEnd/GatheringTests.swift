// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// The main job, end to end: what is announced to us is gathered, kept up with, and survives.
@Suite(.serialized, .timeLimit(.minutes(5))) struct GatheringTests {
    @Test(arguments: UpstreamKind.allCases)
    func `exactly what is ours is gathered, live and late, and survives a power cut`(
        from kind: UpstreamKind
    ) async throws {
        let world = RepositoryWorld(repositories: 200)
        let upstream = try kind.make()
        try await upstream.start(holding: world.events)
        let wire = try ListeningProxy(to: upstream.port)
        var gathering = try await GatheringRookery.start(bootstrap: ["ws://127.0.0.1:\(wire.port)"])

        // History: exactly our half.
        var expected = world.ourIDs.union(world.listIDs)
        #expect(expected.count == 100 * 32 + 5)
        try await gathering.holds(expected.count)
        #expect(try await gathering.ids().symmetricDifference(expected).isEmpty)

        // Live: fifty of ours and as many of others'.
        let now = Int64(Date().timeIntervalSince1970)
        let live = world.fresh(50, at: now, seed: 1)
        #expect(try await Peer.publish(live.ours + live.theirs, to: upstream.url).isEmpty)
        expected.formUnion(live.ours.map(\.id))
        try await gathering.holds(expected.count)

        // An outage: what upstream holds when it is back.
        try await upstream.kill()
        try await eventually("the loss to be noticed") {
            try await gathering.rookery.metrics()["rookery_sync_relays_connected"] == 0
        }
        let late = world.fresh(30, at: now, seed: 2)
        try await upstream.start(holding: late.ours + late.theirs)
        expected.formUnion(late.ours.map(\.id))
        try await gathering.holds(expected.count)
        #expect(try await gathering.ids().symmetricDifference(expected).isEmpty)

        // A power cut: nothing is lost, even with nobody to gather from.
        try await gathering.rookery.kill()
        try await gathering.restart(syncing: false)
        #expect(try await gathering.ids().symmetricDifference(expected).isEmpty)
        try await gathering.rookery.stop()

        // And nothing is fetched again but what may have come while we were away. Live subscriptions ask for no
        // stored event; this relay understands that.
        wire.forget()
        try await gathering.restart()
        try await gathering.holds(expected.count)
        let overlap = Set((live.ours + live.theirs + late.ours + late.theirs).map(\.id.hex))
        let again = wire.fromServer.compactMap(sentEvent).filter { !overlap.contains($0) }
        let asked = wire.fromClient.flatMap(askedFilters)
        #expect(again.isEmpty, "\(again.count) events were sent again")
        #expect(asked.allSatisfy { $0.limit == 0 || $0.since != nil }, "a whole history was asked for again")
        #expect(try await gathering.rookery.stop() == .code(0))
    }

    /// The filters in a REQ message.
    private func askedFilters(_ message: String) -> [Filter] {
        guard case .request(_, let filters)? = try? ClientMessage.parse(Array(message.utf8)) else {
            return []
        }
        return filters
    }

    /// The id in an EVENT message.
    private func sentEvent(_ message: String) -> String? {
        guard message.hasPrefix("[\"EVENT\""),
            let parts = try? JSONSerialization.jsonObject(with: Data(message.utf8)) as? [Any]
        else { return nil }
        return NostrClient.Message(parts: parts).eventID
    }
}
