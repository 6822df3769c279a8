// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import XStandIn

/// The moderation page as a moderator meets it: a daemon, headless Chromium, and what others read from the relay.
@Suite(.tags(.heavy), .timeLimit(.minutes(3))) struct ModerationPageTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private let secrets = BridgedRookery.secrets

    private func config(_ x: XServer) -> String {
        """
        [sync]
        enabled = false
        [bridge]
        enabled = true
        api_base_url = "\(x.baseURL)"
        accounts = ["ada"]
        poll_interval_s = 0.5
        moderation = "queue"
        """
    }

    /// Runs a command of the bridge against the daemon.
    private func command(_ words: [String]) async throws -> [Substring] {
        let (exit, output, errors) = try await RookeryProcess.run(
            ["bridge"] + words + [
                "--config", directory.file("data.toml"), "--data-dir", directory.file("data"),
            ], environment: secrets)
        #expect(exit == .code(0), "\(errors)")
        return output.split(separator: "\n")
    }

    @Test func `who signs in, by token without scripts or by key, approves what others then read`()
        async throws
    {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        let rookery = try await RookeryProcess.serve(
            dataDirectory: directory.file("data"), config: config(x),
            environment: secrets)
        let token = try #require(try await command(["moderator", "add", "ann", "--token"]).last)
        _ = try await command(["moderator", "add", "bob", "--key", TestKey.publicKey(7).npub])
        for text in ["Hello <b>world</b> & all", "Second thoughts"] {
            _ = try x.withWorld { try $0.post(text, by: user) }
        }
        try await eventually("both posts wait") { try await command(["queue"]).count == 2 }

        let proofs = [("by-token", String(token)), ("by-key", Hex.string(TestKey.secret(7).bytes))]
        for ((way, proof), text) in zip(proofs, ["Hello <b>world</b> & all", "Second thoughts"]) {
            let url = "http://127.0.0.1:\(rookery.port)"
            let lines = try await Peer.run("browser.py", [url, way, proof, text])
            #expect(lines.contains("saw \(text)") && lines.contains("previewed \(text)"), "\(lines)")
            #expect(lines.contains("complaints []"), "\(lines)")
            #expect(lines.contains { $0.hasPrefix("cookies") && $0.contains("True, 'Strict'") }, "\(lines)")
        }
        try await eventually("the notes") { try await Peer.read(rookery.url, [#"{"kinds":[1]}"#]).count == 2 }
        let done = try await command(["queue", "--state", "executed"])
        #expect(done.count == 2)

        let call = ["Authorization": "Bearer \(token)"]
        #expect(try await rookery.get("/moderation/api/items", headers: call).status == 200)
        _ = try await command(["moderator", "token", "--revoke", "ann"])
        #expect(try await rookery.get("/moderation/api/items", headers: call).status == 401)
        #expect(try await rookery.stop() == .code(0))
        try await x.stop()
    }
}
