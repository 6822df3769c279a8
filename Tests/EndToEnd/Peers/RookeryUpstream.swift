// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TestSupport

/// A second rookery that takes anything valid and dials nobody.
final class RookeryUpstream: UpstreamRelay {
    let port: Int
    private let directory: TemporaryDirectory
    private let process = NIOLockedValueBox<RookeryProcess?>(nil)

    init() throws {
        port = try RookeryProcess.freePort()
        directory = try TemporaryDirectory("upstream")
    }

    func start(holding more: [Event]) async throws {
        let data = directory.file("data")
        if !more.isEmpty {
            let file = try directory.write(jsonl: more, to: "more.jsonl")
            let (exit, _, errors) = try await RookeryProcess.run(["import", file, "--data-dir", data])
            guard exit == .code(0) else { throw Peer.Failed(script: "rookery import", log: errors) }
        }
        let config = """
            [relay]
            admission = "open"
            [sync]
            enabled = false
            """
        let rookery = try await RookeryProcess.serve(dataDirectory: data, config: config, port: port)
        process.withLockedValue { $0 = rookery }
    }

    func kill() async throws {
        try await process.withLockedValue { $0 }?.kill()
    }
}
