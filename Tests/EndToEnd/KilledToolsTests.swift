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

    /// Starts a command and kills it once it is at work, after a while that differs from round to round.
    ///
    /// - Parameter isAtWork: by default, once it has written into the store.
    private func kill(_ arguments: String..., round: Int, once isAtWork: (() -> Bool)? = nil) async throws {
        let before = written()
        let isAtWork = isAtWork ?? { written() != before }
        let process = try ChildProcess(RookeryProcess.Product.path, arguments + ["--data-dir", data])
        while process.exit == nil, !isAtWork() { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds((round * 37) % 100))
        try await process.kill()
    }

    /// When the store's file was last written.
    private func written() -> Date? {
        let path = data + "/store/data.mdb"
        return try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

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
            // Tells of the first step as soon as it was done.
            let tail = try ChildProcess(RookeryProcess.Product.path, ["tail", "--data-dir", data])
            try await kill(
                "delete", "--filter", #"{"kinds":[1]}"#, round: round, once: { !tail.output.lines.isEmpty })
            try await tail.kill()
            try await isSound()
            #expect(try await run("scan", #"{"kinds":[7]}"#, "--count") == "1")
            let left = Int(try await run("scan", #"{"kinds":[1]}"#, "--count")) ?? -1
            let gone = Self.notes.count - left
            #expect(gone > 0 && (gone.isMultiple(of: 200) || left == 0), "\(gone) are gone")
        }
        _ = try await run("delete", "--filter", #"{"kinds":[1]}"#)
        #expect(try await run("scan", "{}", "--count") == "1")
    }

    @Test func `a copy or a backup that was killed has no name, and the store is as it was`() async throws {
        _ = try await run("import", try directory.write(jsonl: Self.notes, to: "events.jsonl"))
        var midway = 0
        for round in 0..<Self.kills {
            for command in ["compact", "backup"] {
                let out = directory.file("\(command)-\(round)")
                try await kill(command, out, round: round, once: { exists(out + ".partial") })
                guard exists(out) else {
                    midway += 1
                    #expect(exists(out + ".partial"))
                    continue
                }
                // What has its name is whole.
                if command == "backup" {
                    #expect(try await run("restore", out, "--dry-run").contains("sound"))
                } else {
                    let place = directory.file("place-\(round)")
                    try FileManager.default.createDirectory(
                        atPath: place + "/store", withIntermediateDirectories: true)
                    try FileManager.default.moveItem(atPath: out, toPath: place + "/store/data.mdb")
                    let (exit, output, _) = try await RookeryProcess.run(["check", "--data-dir", place])
                    #expect(exit == .code(0) && output.contains("sound"), "\(output)")
                }
            }
        }
        #expect(midway > 0, "none was killed before it was done")
        try await isSound()
        let backup = directory.file("whole")
        _ = try await run("backup", backup)
        for round in 0..<Self.kills {
            try await kill(
                "restore", backup, "--replace", round: round, once: { exists(data + "/store.restoring") })
            try await isSound()
            #expect(try await run("scan", "{}", "--count") == "\(Self.notes.count)")
        }
    }

    @Test func `what is interrupted takes away what is not whole, and says so`() async throws {
        _ = try await run("import", try directory.write(jsonl: Self.notes, to: "events.jsonl"))
        for command in ["compact", "backup"] {
            let out = directory.file(command)
            let process = try ChildProcess(
                RookeryProcess.Product.path, [command, out, "--data-dir", data])
            while process.exit == nil, !exists(out + ".partial") {
                try await Task.sleep(for: .milliseconds(1))
            }
            process.signal(SIGINT)
            let exit = try await process.waitForExit()
            let errors = try await process.errors.all().joined()
            // On a fast machine it may be done by then.
            #expect(exists(out) ? exit == .code(0) : exit == .code(1) && errors.contains("interrupted"))
            #expect(!exists(out + ".partial"))
        }
        try await isSound()
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
        #expect(try await run("negentropy", "list").contains("1,500 events"))
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
