// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// `kill -9` in the middle of what works on the store: it opens again, is sound, and nothing that was acknowledged is lost.
///
/// `ROOKERY_KILLS` says how often each is killed: see `scripts/kill.sh`.
@Suite(.tags(.heavy), .timeLimit(.minutes(30))) struct KilledToolsTests {
    private static let kills = ProcessInfo.processInfo.environment["ROOKERY_KILLS"].flatMap { Int($0) } ?? 2
    private static let old = Int64(Date().timeIntervalSince1970) - 100 * 86_400

    let directory: TemporaryDirectory
    private var data: String { directory.file("data") }

    init() throws { directory = try TemporaryDirectory() }

    private static let notes = (0..<1_500).map {
        Event.fixture(
            at: old + Int64($0), content: String(repeating: "note ", count: 40) + "\($0)", by: $0 % 5)
    }

    private func run(_ arguments: String...) async throws -> String {
        let (exit, output, errors) = try await RookeryProcess.run(arguments + ["--data-dir", data])
        #expect(exit == .code(0), "\(arguments): \(output) \(errors)")
        return output
    }

    /// Starts a command and kills it after a while that differs from round to round.
    private func kill(_ arguments: String..., round: Int) async throws {
        let process = try ChildProcess(RookeryProcess.Product.path, arguments + ["--data-dir", data])
        try await Task.sleep(for: .milliseconds(15 + (round * 37) % 160))
        try await process.kill()
    }

    private func isSound() async throws {
        #expect(try await run("check").contains("sound"))
    }

    @Test func `an import goes on where it was killed`() async throws {
        let file = try directory.write(jsonl: Self.notes, to: "events.jsonl")
        // Before its first commit there is no store.
        _ = try await run(
            "import", try directory.write(jsonl: Array(Self.notes.prefix(10)), to: "first.jsonl"))
        var stored = 10
        for round in 0..<Self.kills {
            try await kill("import", file, round: round)
            try await isSound()
            let now = Int(try await run("scan", "{}", "--count")) ?? -1
            #expect(now >= stored, "what was stored stays")
            stored = now
        }
        _ = try await run("import", file)
        #expect(try await run("scan", "{}", "--count") == "\(Self.notes.count)")
    }

    @Test func `a deletion that was killed removed whole steps of what it was to remove`() async throws {
        let kept = Event.fixture(kind: 7, at: Self.old, content: "kept")
        let file = try directory.write(jsonl: Self.notes + [kept], to: "events.jsonl")
        for round in 0..<Self.kills {
            _ = try await run("import", file)
            try await kill("delete", "--filter", #"{"kinds":[1]}"#, round: round)
            try await isSound()
            #expect(try await run("scan", #"{"kinds":[7]}"#, "--count") == "1")
        }
        _ = try await run("delete", "--filter", #"{"kinds":[1]}"#)
        #expect(try await run("scan", "{}", "--count") == "1")
    }

    @Test func `a copy or a backup that was killed has no name, and the store is as it was`() async throws {
        _ = try await run("import", try directory.write(jsonl: Self.notes, to: "events.jsonl"))
        for round in 0..<Self.kills {
            for command in ["compact", "backup"] {
                let out = directory.file("\(command)-\(round)")
                try await kill(command, out, round: round)
                if FileManager.default.fileExists(atPath: out), command == "backup" {
                    #expect(try await run("restore", out, "--dry-run").contains("sound"))
                }
            }
        }
        try await isSound()
        let backup = directory.file("whole")
        _ = try await run("backup", backup)
        for round in 0..<Self.kills {
            try await kill("restore", backup, "--replace", round: round)
            try await isSound()
            #expect(try await run("scan", "{}", "--count") == "\(Self.notes.count)")
        }
    }

    @Test func `a daemon that was killed while it drops and takes events lost none that it acknowledged`()
        async throws
    {
        let file = try directory.write(jsonl: Self.notes, to: "events.jsonl")
        var acknowledged: Set<String> = []
        for round in 0..<Self.kills {
            _ = try await run("import", file)
            let rookery = try await RookeryProcess.serve(
                dataDirectory: data, config: "[retention]\nrules = [\"30d\"]\n")
            let client = try await NostrClient.connect(to: rookery.port)
            let now = Int64(Date().timeIntervalSince1970)
            for number in 0..<(10 + round * 13 % 40) {
                let event = Event.fixture(at: now - Int64(number), content: "new \(round) \(number)")
                if try await client.publish(event.text).accepted { acknowledged.insert(event.id.hex) }
            }
            try await rookery.kill()
            try await isSound()
        }
        let ids = acknowledged.map { "\"\($0)\"" }.joined(separator: ",")
        #expect(try await run("scan", #"{"ids":[\#(ids)]}"#, "--count") == "\(acknowledged.count)")
    }

    @Test func `sums that were being made when it was killed are made to their end`() async throws {
        _ = try await run("import", try directory.write(jsonl: Self.notes, to: "events.jsonl"))
        for round in 0..<Self.kills {
            // Another list than the last one: all are made anew.
            let trees = "store.negentropy_trees=[\"{}\", '{\"kinds\":[\(round + 1)]}']"
            try await kill("negentropy", "build", "--set", trees, round: round)
            try await isSound()
            let rookery = try await RookeryProcess.serve(
                dataDirectory: data, ["--set", "store.negentropy_trees=[]"])
            try await rookery.kill()
        }
        _ = try await run("negentropy", "build")
        #expect(try await run("negentropy", "list").contains("1,500"))
        try await isSound()
    }

    @Test func `a sync that was killed keeps what had come, and the next one goes on`() async throws {
        let there = directory.file("there")
        let file = try directory.write(jsonl: Self.notes, to: "events.jsonl")
        let (exit, _, errors) = try await RookeryProcess.run(["import", file, "--data-dir", there])
        #expect(exit == .code(0), "\(errors)")
        let relay = try await RookeryProcess.serve(dataDirectory: there)
        _ = try await run(
            "import", try directory.write(jsonl: Array(Self.notes.prefix(10)), to: "first.jsonl"))
        var stored = 10
        for round in 0..<Self.kills {
            try await kill("sync", relay.url, round: round)
            try await isSound()
            let now = Int(try await run("scan", "{}", "--count")) ?? -1
            #expect(now >= stored, "what was stored stays")
            stored = now
        }
        _ = try await run("sync", relay.url)
        #expect(try await run("scan", "{}", "--count") == "\(Self.notes.count)")
        #expect(try await relay.stop() == .code(0))
    }
}
