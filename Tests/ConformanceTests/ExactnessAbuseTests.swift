// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// What is too much costs whoever sends it, or does not read it.
    @Suite(.serialized) struct ExactnessAbuseTests {
        private let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory("abuse") }

        /// A relay that holds 20 MB: 200 events of 100 kB each.
        private func serveMuch() async throws -> RookeryProcess {
            let author = Author()
            let long = (0..<200).map { number in
                author.event(at: 1_700_000_000 + number, content: String(repeating: "x", count: 100_000))
            }
            let file = try directory.write(jsonl: long, to: "long.jsonl")
            let (exit, _, errors) = try await RookeryProcess.run(
                ["import", file, "--data-dir", directory.file("data")])
            #expect(exit == .code(0), "\(errors)")
            return try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        }

        @Test func `X8 CLOSE in the middle of a long answer stops it soon`() async throws {
            let relay = try await serveMuch()
            let client = try await NostrClient.connect(to: relay.port, receiveBuffer: 4_096)
            try await client.send(#"["REQ","long",{}]"#)
            for _ in 0..<5 { #expect(try await client.next().verb == "EVENT") }
            try await client.send(together: [#"["CLOSE","long"]"#, #"["REQ","b",{"kinds":[]}]"#])
            var more = 0
            while try await client.next().verb == "EVENT" { more += 1 }
            #expect(more < 100, "\(more) events came after CLOSE")
        }

        @Test func `X9 requests opened beside a writer get every event once, before or after EOSE`()
            async throws
        {
            let relay = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
            let author = Author()
            let (writer, reader) = (
                try await NostrClient.connect(to: relay.port), try await NostrClient.connect(to: relay.port)
            )
            let (rounds, burst) = (100, 3)
            var heard: [String: [String: Int]] = [:]
            var ended: [String: Int] = [:]
            func hear() async throws {
                let message = try await reader.next()
                let subscription = message.text(1) ?? ""
                switch message.verb {
                case "EVENT": heard[subscription, default: [:]][message.eventID ?? "", default: 0] += 1
                case "EOSE": ended[subscription, default: 0] += 1
                default: throw NostrClient.Unexpected(message)
                }
            }
            var written: Set<String> = []
            for round in 0..<rounds {
                let events = (0..<burst).map { author.event(content: "\(round) \($0)") }
                written.formUnion(events.map(\.id.hex))
                // The request races with the events of its round.
                try await writer.send(together: events.map { "[\"EVENT\",\($0.text)]" })
                try await reader.send(#"["REQ","\#(round)",{"kinds":[1]}]"#)
                while ended["\(round)"] == nil { try await hear() }
                for _ in events { #expect(try await writer.nextOK().accepted) }
            }
            while ended.count < rounds || heard.values.reduce(0, { $0 + $1.count }) < rounds * written.count {
                try await hear()
            }
            try await reader.expectSilence()
            for round in 0..<rounds {
                #expect(heard["\(round)"].map { Set($0.keys) } == written, "gaps in \(round)")
                #expect(heard["\(round)"]?.values.allSatisfy { $0 == 1 } == true, "duplicates in \(round)")
                #expect(ended["\(round)"] == 1)
            }
        }

        @Test func `X26 a stream of garbage ends with 1008, and others feel nothing`() async throws {
            let relay = try Conformance.relay
            let socket = try await relay.connect()
            let garbage = Array(repeating: WebSocketFrame.text("garbage ]]]]").encoded, count: 10_000)
            try? await socket.send(bytes: Array(garbage.joined()))
            #expect(try await socket.closeCode() == 1008)
            try await connect().store(Author().event())
        }

        @Test func `X26 a thousand idle subscribers take less than 32 MiB`() async throws {
            var files = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
            files.rlim_cur = min(files.rlim_max, 8_192)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)

            let relay = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
            let before = try relay.anonymousMemory()
            var idle: [NostrClient] = []
            for number in 0..<1_000 {
                let client = try await NostrClient.connect(to: relay.port)
                try await client.subscribe("a", #"{"kinds":[\#(2_000 + number)],"limit":0}"#)
                idle.append(client)
            }
            let grown = try relay.anonymousMemory() - before
            #expect(grown < 32 << 20, "\(grown >> 10) KiB")
            let note = Author().event(2_777)
            try await NostrClient.connect(to: relay.port).store(note)
            try await idle[777].expectLive(note, on: "a")
        }

        @Test func `X28 who never reads costs no memory and nobody's time`() async throws {
            let relay = try await serveMuch()
            let honest = try await NostrClient.connect(to: relay.port)
            try await honest.store(Author().event())
            let before = try relay.anonymousMemory()
            let stubborn = try await relay.connect(receiveBuffer: 4_096)
            for round in 0..<5 { try await stubborn.send(#"["REQ","r\#(round)",{}]"#) }
            // An answer that does not come ends the test, and the other never reads.
            for number in 0..<50 {
                let note = Author().event(content: "\(number)")
                try await honest.store(note)
                #expect(try await honest.find([note]) == [note.id.hex])
            }
            let grown = try relay.anonymousMemory() - before
            #expect(grown < 32 << 20, "100 MB match, and \(grown >> 20) MiB are held")
            stubborn.abandon()
        }
    }
}
