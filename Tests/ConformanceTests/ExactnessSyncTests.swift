// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// One door, whoever brings an event.
    @Suite struct ExactnessSyncTests {
        @Test func `X18 what was deleted before it came is refused from clients, files and upstreams`()
            async throws
        {
            let directory = try TemporaryDirectory("doors")
            let upstream = try await ScriptedRelay()
            let relay = try await RookeryProcess.serve(
                dataDirectory: directory.file("data"),
                config: """
                    [relay]
                    domain = "relay.test"
                    [sync]
                    bootstrap = ["\(upstream.url)"]
                    batch_window_ms = 50
                    """)
            func announcement(_ name: String) -> Event {
                .announcement(name, by: 3, service: "relay.test", at: .now - 10)
            }
            let (target, other) = (announcement("deleted"), announcement("kept"))
            let author = TestKey.secret(3)
            func deletion(of event: Event) -> Event {
                .signed(
                    kind: .deletion, at: Timestamp(.now), tags: [.of("e", event.id.hex)], by: author)
            }
            let client = try await NostrClient.connect(to: relay.port)
            let erased = deletion(of: target)
            try await client.store(erased)

            let byEvent = try await client.post(target)
            #expect(!byEvent.accepted && byEvent.word == "blocked", "\(byEvent)")

            let (note, imported) = (Event.fixture(by: 3), Event.fixture(kind: 7, by: 3))
            let file = try directory.write(
                jsonl: [deletion(of: note), note, target, imported], to: "in.jsonl")
            let (exit, _, errors) = try await RookeryProcess.run(
                ["import", file, "--data-dir", relay.dataDirectory])
            #expect(exit == .code(0), "\(errors)")
            #expect(try await client.find([note, target, imported]) == [imported.id.hex])

            // Both come over one conversation, the deleted one first.
            upstream.publish([target])
            upstream.publish([other])
            try await eventually("the announcement after it", within: .seconds(30)) {
                try await client.find([other]) == [other.id.hex]
            }
            #expect(try await client.find([target]).isEmpty)
            #expect(try await client.find([erased]) == [erased.id.hex], "deletions are served")
        }
    }
}
