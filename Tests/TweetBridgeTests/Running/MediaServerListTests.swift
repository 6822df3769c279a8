// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// Kind 10063: where the media of a mirror are.
@Suite(.timeLimit(.minutes(2))) struct MediaServerListTests {
    /// The servers that mirrors name after a run.
    private func list(
        _ scene: BridgeScene, _ change: @escaping (inout BridgeConfiguration) -> Void
    ) async throws -> [[String]] {
        let next = try await BridgeScene(world: scene.world, x: scene.x) { configuration in
            configuration.handles = [Handle("ada")].compactMap(\.self)
            configuration.ownServer = "https://relay.example.com"
            change(&configuration)
        }
        next.pass(.seconds(60))
        await (try next.bridge()).profiles.renewServers()
        await next.close()
        return try scene.events([.mediaServers]).map {
            $0.tags.map { $0.elements.map(\.string).joined(separator: " ") }
        }
    }

    @Test func `a mirror says where its media are, again only when that is another place`() async throws {
        let scene = try await BridgeScene { $0.handles = [Handle("ada")].compactMap(\.self) }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        _ = try scene.x.withWorld { try $0.post("Hello", by: user) }
        scene.pass(.seconds(60))
        try await scene.once()
        #expect(try await list(scene) { $0.media = .link }.isEmpty)
        #expect(try await list(scene) { $0.media = .store } == [["server https://relay.example.com"]])
        let ids = try scene.events([.mediaServers]).map(\.id)
        _ = try await list(scene) { $0.media = .store }
        #expect(try scene.events([.mediaServers]).map(\.id) == ids)
        let servers = try await list(scene) { configuration in
            configuration.media = .blossom
            configuration.blossomServers = ["https://one.test", "https://two.test"]
        }
        #expect(
            servers == [
                ["server https://one.test", "server https://two.test", "server https://relay.example.com"]
            ])
        // Nothing is served any more.
        #expect(try await list(scene) { $0.media = .link } == [[]])
        try await scene.end()
    }
}
