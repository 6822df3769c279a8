// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TestSupport

/// rust-nostr's relay, run by `peer/upstream.py`.
final class RustNostrRelay: UpstreamRelay {
    let port: Int
    private let directory: TemporaryDirectory
    private let process = NIOLockedValueBox<ChildProcess?>(nil)

    init() throws {
        port = try RookeryProcess.freePort()
        directory = try TemporaryDirectory("upstream")
    }

    func start(holding more: [Event]) async throws {
        let file = try directory.write(jsonl: more, to: "more.jsonl")
        let child = try Peer.start("upstream.py", ["\(port)", directory.file("db"), file])
        let line = try await child.errorOnDeath {
            try await child.output.line("the relay", within: .seconds(60)) { $0.hasPrefix("ready") }
        }
        guard line == "ready \(more.count)" else { throw Peer.Failed(script: "upstream.py", log: line) }
        process.withLockedValue { $0 = child }
    }

    func kill() async throws {
        try await process.withLockedValue { $0 }?.kill()
    }
}
