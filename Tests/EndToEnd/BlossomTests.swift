// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import XStandIn

/// Our port as a Blossom server, asked by a client that nobody here wrote.
@Suite(.tags(.heavy), .timeLimit(.minutes(5))) struct BlossomTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func serve(_ name: String, _ x: XServer, _ more: String) async throws -> RookeryProcess {
        try await RookeryProcess.serve(
            dataDirectory: directory.file(name),
            config: """
                [bridge]
                enabled = true
                api_base_url = "\(x.baseURL)"
                stream = false
                media = "store"
                blossom_uploaders = ["\(TestKey.publicKey(3).hex)"]
                \(more)
                """,
            environment: BridgedRookery.secrets)
    }

    @Test func `a foreign client uploads, finds, lists, fetches, mirrors and deletes`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let open = try await serve(
            "open", x, "blossom_list = true\n[sync]\nenabled = false\nallow_private_addresses = true")
        let closed = try await serve("closed", x, "[sync]\nenabled = false")
        let lines = try await Peer.run(
            "blossom.py",
            [
                Hex.string(TestKey.secret(3).bytes), "http://127.0.0.1:\(open.port)",
                "http://127.0.0.1:\(closed.port)",
            ])
        #expect(
            lines == [
                "preflight: True", "stranger uploads: HTTP 403", "upload: True", "again: True",
                "head: True", "get: True", "get with token: True", "list: [True]", "upload there: True",
                "mirror: True", "mirrored: True", "mirror from inside: HTTP 403",
                "list there: HTTP 404", "stranger deletes: HTTP 403",
                "delete: True", "gone: HTTP 404",
            ])
        for rookery in [open, closed] { #expect(try await rookery.stop() == .code(0)) }
        try await x.stop()
    }
}
