// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// What the operator lists is let in or kept out, from the start and after SIGHUP.
    @Suite struct ModerationTests {
        private let directory: TemporaryDirectory
        private let good = Author()
        private let bad = Author()

        init() throws { directory = try TemporaryDirectory("moderation") }

        private func serve(_ policy: String) async throws -> RookeryProcess {
            try await RookeryProcess.serve(
                dataDirectory: directory.file("data"), config: "[relay.policy]\n" + policy)
        }

        @Test func `lists of keys, kinds and events are kept to, and answered by blocked`() async throws {
            let banned = good.event(content: "banned")
            let relay = try await serve(
                """
                banned_pubkeys = ["\(bad.hex)"]
                banned_kinds = [7, "30000-30009"]
                banned_events = ["\(banned.id.hex)"]
                """)
            let client = try await NostrClient.connect(to: relay.port)
            for event in [bad.event(), good.event(7), good.event(30_005, tags: .of("d", "x")), banned] {
                let answer = try await client.post(event)
                #expect(!answer.accepted && answer.word == "blocked", "\(answer)")
            }
            try await client.store(good.event(), good.event(30_010, tags: .of("d", "x")))
            try await relay.stop()

            let closed = try await serve("allowed_pubkeys = [\"\(good.hex)\"]\nallowed_kinds = [1]")
            let again = try await NostrClient.connect(to: closed.port)
            try await again.store(good.event(content: "welcome"))
            for event in [bad.event(content: "unlisted"), good.event(7)] {
                #expect(try await again.post(event).word == "blocked")
            }
        }

        @Test func `a reload bans, and what was stored is gone and cannot be read`() async throws {
            let relay = try await serve("")
            let client = try await NostrClient.connect(to: relay.port)
            let note = bad.event()
            try await client.store(note, good.event())
            let config = "[relay.policy]\nbanned_pubkeys = [\"\(bad.hex)\"]"
            try config.write(toFile: directory.file("data.toml"), atomically: true, encoding: .utf8)
            relay.process.signal(SIGHUP)
            try await eventually("the ban is in force") { try await client.find([note]).isEmpty }
            #expect(try await client.post(note).word == "blocked")
        }

        @Test func `a blocked address is cut off and not let in`() async throws {
            let relay = try await serve("")
            let client = try await NostrClient.connect(to: relay.port)
            #expect(try await client.ask(#"["REQ","a",{"limit":0}]"#).verb == "EOSE")
            let config = "[relay.policy]\nblocked_addresses = [\"127.0.0.0/8\"]"
            try config.write(toFile: directory.file("data.toml"), atomically: true, encoding: .utf8)
            relay.process.signal(SIGHUP)
            #expect(try await client.socket.closeCode() == 1008)
            let refused = await #expect(throws: RawWebSocket.Refused.self) { _ = try await relay.connect() }
            #expect(refused?.answer.status == 403)
        }
    }
}
