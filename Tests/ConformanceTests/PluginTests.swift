// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// The operator's script decides, as it would for strfry.
    @Suite struct PluginTests {
        private let directory: TemporaryDirectory
        private let author = Author()

        init() throws { directory = try TemporaryDirectory("plugin") }

        private func serve(_ settings: String = "") async throws -> RookeryProcess {
            let script = try directory.write(
                """
                import sys, json, time
                for line in sys.stdin:
                    event = json.loads(line)["event"]
                    text = event["content"]
                    if text == "slow":
                        time.sleep(30)
                        open("\(directory.file("woke"))", "w")
                    action = {"bad": "reject", "shadow": "shadowReject"}.get(text, "accept")
                    print(json.dumps({"id": event["id"], "action": action, "msg": "blocked: no"}), flush=True)
                """, to: "plugin.py")
            let command = "exec \(try Python.path()) \(script)"
            return try await RookeryProcess.serve(
                dataDirectory: directory.file("data"),
                config: "[relay.plugin]\ncommand = \"\(command)\"\n\(settings)\n")
        }

        @Test func `a plugin accepts, refuses and shadows, stored and live`() async throws {
            let relay = try await serve()
            let (client, reader) = (
                try await NostrClient.connect(to: relay.port), try await NostrClient.connect(to: relay.port)
            )
            try await reader.subscribe("live", #"{"authors":["\#(author.hex)"]}"#)
            let texts = ["good", "bad", "shadow", "fine"].map { author.event(content: $0) }
            var answers: [NostrClient.Answer] = []
            for event in texts { answers.append(try await client.post(event)) }
            #expect(answers.map(\.accepted) == [true, false, true, true])
            #expect(answers[1].message == "blocked: no" && answers[2].message.isEmpty)
            try await reader.expectLive(texts[0], on: "live")
            try await reader.expectLive(texts[3], on: "live")
            #expect(try await client.find(texts).count == 2)
            let passing = author.event(20_001, content: "shadow")
            #expect(try await client.post(passing).accepted)
            try await reader.expectSilence()
        }

        @Test func `one that sleeps holds up only what it was asked, and not the end`() async throws {
            let relay = try await serve("processes = 2")
            let slow = try await NostrClient.connect(to: relay.port)
            try await slow.send("[\"EVENT\",\(author.event(content: "slow").text)]")
            let client = try await NostrClient.connect(to: relay.port)
            for number in 0..<20 { try await client.store(author.event(content: "\(number)")) }
            #expect(try await client.find(#"{"authors":["\#(author.hex)"]}"#).count == 20)
            #expect(try await relay.stop(within: .seconds(60)) == .code(0))
            #expect(throws: (any Error).self, "the end came before its answer") {
                try directory.read("woke")
            }
        }
    }
}
