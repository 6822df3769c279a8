// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// A rookery with GRASP admission that gathers from given relays, and can be killed and started again.
struct GatheringRookery {
    private(set) var rookery: RookeryProcess
    private let directory: TemporaryDirectory
    private let config: String

    /// Starts one.
    ///
    /// - Parameter backoff: **seconds** of the first pause after a failure, and of the longest.
    static func start(
        bootstrap: [String], sync more: String = "", backoff: (base: Double, most: Double) = (0.1, 1)
    ) async throws -> GatheringRookery {
        let directory = try TemporaryDirectory("gathering")
        let urls = bootstrap.map { "\"\($0)\"" }.joined(separator: ", ")
        let config = """
            [relay]
            domain = "\(RepositoryWorld.domain)"
            admission = "grasp"
            [sync]
            bootstrap = [\(urls)]
            allow_private_addresses = true
            batch_window_ms = 100
            backoff_base_s = \(backoff.base)
            backoff_max_s = \(backoff.most)
            \(more)
            """
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"), config: config)
        return GatheringRookery(rookery: rookery, directory: directory, config: config)
    }

    /// Starts it again where it was.
    mutating func restart(syncing: Bool = true) async throws {
        rookery = try await RookeryProcess.serve(
            dataDirectory: rookery.dataDirectory, config: config, port: rookery.port,
            environment: syncing ? [:] : ["ROOKERY_SYNC_ENABLED": "false"])
    }

    /// Waits until it holds `count` events, no batch is in flight and `relays` relays are connected.
    ///
    /// - Throws: at once when it holds more than it should.
    func holds(_ count: Int, relays: Int = 1, within limit: Duration = .seconds(60)) async throws {
        let client = try await NostrClient.connect(to: rookery.port)
        var seen = -1
        do {
            try await eventually("\(count) events", within: limit) {
                seen = try await client.count()
                guard seen <= count else { return true }
                return seen == count ? try await isQuiet(relays: relays) : false
            }
        } catch let error as TimedOut {
            throw TimedOut(
                "\(error.what) (it holds \(seen)); it said:\n\(rookery.process.lastWords)", after: limit)
        }
        await client.socket.close()
    }

    /// Whether nothing is in flight and `relays` relays are connected.
    func isQuiet(relays: Int = 1) async throws -> Bool {
        let metrics = try await rookery.metrics()
        return metrics["rookery_sync_pending_batches"] == 0
            && metrics["rookery_sync_relays_connected"] == Double(relays)
    }

    /// Every id it serves, read by nostr-sdk's client.
    func ids() async throws -> Set<EventID> { try await Peer.read(rookery.url) }
}
