// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// Histories by negentropy (NIP-77), between real relays.
@Suite(.serialized, .timeLimit(.minutes(3))) struct GatheringReconciledTests {
    /// With relays whose sets are compared anew after every start.
    private static let always = "quick_reconnect_window_s = 0"

    @Test(arguments: UpstreamKind.allCases)
    func `what is here is not sent again, and what came meanwhile is fetched by its ids`(
        from kind: UpstreamKind
    ) async throws {
        let world = RepositoryWorld(repositories: 40)
        let upstream = try kind.make()
        try await upstream.start(holding: world.events)
        let wire = try ListeningProxy(to: upstream.port)
        var gathering = try await GatheringRookery.start(
            bootstrap: ["ws://127.0.0.1:\(wire.port)"], sync: Self.always)
        var expected = world.ourIDs.union(world.listIDs)
        try await gathering.holds(expected.count)
        #expect(try await gathering.rookery.stop() == .code(0))

        let late = world.fresh(30, at: Int64(Date().timeIntervalSince1970), seed: 3)
        #expect(try await Peer.publish(late.ours + late.theirs, to: upstream.url).isEmpty)
        wire.forget()
        try await gathering.restart()
        expected.formUnion(late.ours.map(\.id))
        try await gathering.holds(expected.count)
        #expect(try await gathering.ids().symmetricDifference(expected).isEmpty)

        // What is live may be here before the sets are compared.
        try await eventually("the sets are compared") {
            try await gathering.rookery.metrics()["rookery_sync_negentropy_sessions_total"] ?? 0 >= 4
        }
        let sent = Set(wire.fromServer.compactMap(Self.sentEvent))
        let ours = Set(expected.map(\.hex))
        #expect(sent.intersection(ours) == Set(late.ours.map(\.id.hex)))
        let metrics = try await gathering.rookery.metrics()
        #expect(metrics["rookery_sync_negentropy_needed_total"] ?? 0 >= 30)
        #expect(metrics["rookery_sync_negentropy_bytes_total{direction=\"received\"}"] ?? 0 > 0)
        #expect(try await gathering.rookery.stop() == .code(0))
    }

    /// The id in an EVENT message.
    private static func sentEvent(_ message: String) -> String? {
        guard message.hasPrefix("[\"EVENT\""),
            let parts = try? JSONSerialization.jsonObject(with: Data(message.utf8)) as? [Any]
        else { return nil }
        return NostrClient.Message(parts: parts).eventID
    }
}
