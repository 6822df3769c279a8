// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import XStandIn

/// A daemon with a bridge to a stand-in for X, and what readers find in it.
struct BridgedRookery {
    let x: XServer
    let data: String
    let port: Int
    let config: String
    private(set) var process: RookeryProcess

    /// - Parameter bridge: further keys of `[bridge]`.
    static func start(
        _ x: XServer, in directory: TemporaryDirectory, accounts: [String] = ["ada"],
        relays: [String] = [], bridge: String = ""
    ) async throws -> BridgedRookery {
        let config = """
            [sync]
            enabled = false
            [relay.limits]
            default_limit = 20000
            max_limit = 20000
            [bridge]
            enabled = true
            api_base_url = "\(x.baseURL)"
            accounts = \(list(accounts))
            daily_spend_cap_usd = 100000
            relays = \(list(relays))
            \(bridge)
            """
        let (data, port) = (directory.file("data"), try RookeryProcess.freePort())
        return BridgedRookery(
            x: x, data: data, port: port, config: config,
            process: try await serve(data, config, port))
    }

    /// What a command needs that reads the configuration.
    static let secrets = [
        "ROOKERY_BRIDGE_BEARER_TOKEN": XWorld.appToken,
        "ROOKERY_BRIDGE_MNEMONIC": Array(repeating: "abandon", count: 11).joined(separator: " ") + " about",
    ]

    private static func serve(_ data: String, _ config: String, _ port: Int) async throws -> RookeryProcess {
        try await RookeryProcess.serve(
            dataDirectory: data, config: config, port: port, environment: secrets)
    }

    private static func list(_ words: [String]) -> String {
        "[" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }

    /// Ends it as a power cut would, and starts it again as it was.
    mutating func restart() async throws {
        try await process.kill()
        process = try await Self.serve(data, config, port)
    }

    /// The texts of the notes that it serves, each as often as it is there.
    func notes() async throws -> [String] { try await Self.notes(of: process) }

    static func notes(of rookery: RookeryProcess) async throws -> [String] {
        let client = try await NostrClient.connect(to: rookery.port)
        try await client.send(#"["REQ","q",{"kinds":[1]}]"#)
        let events = try await client.stored("q")
        await client.socket.close()
        return events.compactMap { $0.object(2)?["content"] as? String }.sorted()
    }

    /// How many events it has made of posts since it was started.
    func made() async throws -> Int {
        Int(
            try await process.metrics().reduce(0) { sum, sample in
                sample.key.hasPrefix("rookery_bridge_events_total") ? sum + sample.value : sum
            })
    }

    /// Ends it as its operator would.
    func stop() async throws -> Bool { try await process.stop() == .code(0) }
}
