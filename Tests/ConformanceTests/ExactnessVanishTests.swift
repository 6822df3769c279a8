// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Requests to vanish (NIP-62).
    @Suite struct ExactnessVanishTests {
        private let author = Author()

        private func request(_ relays: String..., at time: Int64 = .now) -> Event {
            author.event(.requestToVanish, at: time, tags: relays.map { Tag.of("relay", $0) })
        }

        @Test(arguments: ["ours", "everybody", "several"])
        func `X20 whoever asks to vanish is gone at once, deletions and gift wraps too`(naming: String)
            async throws
        {
            let (client, other, time) = (try await connect(), Author(), Int64.now)
            let (note, victim, new) = (
                author.event(at: time - 10), author.event(at: time - 20), author.event(at: time + 5)
            )
            let deletion = author.deletion(at: time - 5, of: .of("e", victim.id.hex))
            let wrap = other.event(1059, at: time - 5, tags: .of("p", author.hex))
            let bystander = other.event(at: time - 5, tags: .of("p", author.hex))
            try await client.store(note, victim, deletion, wrap, bystander, new)
            let relays =
                switch naming {
                case "ours": [try relay.url.replacing("ws:", with: "wss:") + "/path"]
                case "everybody": ["ALL_RELAYS"]
                default: ["wss://elsewhere.example.com", try relay.url]
                }
            let request = author.event(.requestToVanish, at: time, tags: relays.map { Tag.of("relay", $0) })
            try await client.store(request)
            let left = [new, request].map(\.id.hex)
            #expect(try await client.find(#"{"authors":["\#(author.hex)"]}"#) == left)
            #expect(try await client.count([#"{"authors":["\#(author.hex)"]}"#]) == 2)
            #expect(try await client.find([note, victim, deletion, bystander]) == [bystander.id.hex])
            for event in [note, victim, deletion, wrap] {
                let again = try await client.post(event)
                #expect(!again.accepted && again.word == "blocked", "\(again)")
            }
            let reader = try await NostrClient.connect(to: relay, as: author)
            #expect(try await reader.find([wrap]).isEmpty)
            try await client.store(author.event(at: time + 6))
        }

        @Test func `X20 a request that names another relay changes nothing`() async throws {
            let (client, note) = (try await connect(), author.event(at: .now - 10))
            try await client.store(note, request("wss://elsewhere.example.com"))
            #expect(try await client.find([note]) == [note.id.hex])
            #expect(try await client.post(note).word == "duplicate")
        }

        @Test func `X20 nobody deletes a request to vanish`() async throws {
            let (client, time) = (try await connect(), Int64.now)
            let request = request("ALL_RELAYS", at: time - 5)
            try await client.store(request, author.deletion(of: .of("e", request.id.hex)))
            #expect(try await client.find([request]) == [request.id.hex])
            #expect(try await client.post(author.event(at: time - 6)).word == "blocked")
        }

        @Test func `X20 who vanished stays gone after a restart, also after one without warning`()
            async throws
        {
            let directory = try TemporaryDirectory()
            let (data, time) = (directory.file("data"), Int64.now)
            var own = try await RookeryProcess.serve(dataDirectory: data)
            var client = try await NostrClient.connect(to: own.port)
            let notes = (0..<20).map { author.event(at: time - 50 + $0) }
            for note in notes { try await client.store(note) }
            try await client.store(request("ALL_RELAYS", at: time))
            try await own.kill()
            own = try await RookeryProcess.serve(dataDirectory: data)
            client = try await .connect(to: own.port)
            #expect(try await client.count([#"{"authors":["\#(author.hex)"]}"#]) == 1)
            #expect(try await client.post(notes[3]).word == "blocked")
            try await own.stop()
            let (exit, output, errors) = try await RookeryProcess.run(["check", "--data-dir", data])
            #expect(exit == .code(0), "\(output) \(errors)")
        }

        @Test func `X20 a request in a file is obeyed, and what follows it there is refused`() async throws {
            let directory = try TemporaryDirectory()
            let (early, late) = (author.event(at: .now - 20), author.event(at: .now - 30))
            let request = request("ALL_RELAYS")
            let file = try directory.write(jsonl: [early, request, late], to: "events.jsonl")
            let data = directory.file("data")
            let (exit, _, errors) = try await RookeryProcess.run(["import", file, "--data-dir", data])
            #expect(exit == .code(0), "\(errors)")
            let (_, output, _) = try await RookeryProcess.run(["export", "--data-dir", data])
            #expect(output == request.text)
        }
    }
}
