// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// The operator's tools, beside a running relay and without one.
@Suite(.timeLimit(.minutes(2))) struct StoreToolsTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var data: String { directory.file("data") }

    /// A command on the data directory that ends well.
    @discardableResult
    private func run(_ arguments: String..., on data: String? = nil) async throws -> String {
        let (exit, output, errors) = try await RookeryProcess.run(
            arguments + ["--data-dir", data ?? self.data])
        #expect(exit == .code(0), "\(arguments): \(errors)")
        return output
    }

    /// How one that must not succeed ends.
    private func refused(_ arguments: String..., on data: String? = nil) async throws -> (
        ChildProcess.Exit, String
    ) {
        let (exit, _, errors) = try await RookeryProcess.run(arguments + ["--data-dir", data ?? self.data])
        return (exit, errors)
    }

    private static let old = Int64(Date().timeIntervalSince1970) - 100 * 86_400
    private static let notes = (0..<300).map {
        Event.fixture(at: old + Int64($0), content: "note \($0)", by: $0 % 3)
    }
    private static let reactions = (0..<100).map {
        Event.fixture(kind: 7, at: old + 500, content: "\($0)", by: 4)
    }

    @Test func `beside a running relay everything can be looked at, copied, deleted and brought back`()
        async throws
    {
        let file = try directory.write(jsonl: Self.notes + Self.reactions, to: "events.jsonl")
        let rookery = try await RookeryProcess.serve(dataDirectory: data)
        let imported = try await run("import", file, "--json")
        #expect(imported.contains(#""stored":400"#))

        #expect(try await run("scan", #"{"kinds":[7]}"#, "--count") == "100")
        #expect(try await run("scan", #"{"kinds":[1],"limit":2}"#, "--count") == "2")
        #expect(try await run("scan", #"{"kinds":[1],"limit":2}"#).split(separator: "\n").count == 2)
        #expect(try await run("scan", #"{"kinds":[7]}"#, "--explain").contains("read from  kind: 1 value"))
        let stats = try await run("stats")
        #expect(stats.contains("events     400") && stats.contains("author_kind"))
        #expect(try await run("stats", "--json").contains(#""kind":7"#))
        #expect(try await run("top", "--once", "--json", "--interval", "0.1").contains(#""stored""#))
        #expect(try await run("tail", "--from", "0", "--once").split(separator: "\n").count == 400)

        let backup = directory.file("backup")
        #expect(try await run("backup", backup).contains("400 events"))
        #expect(try await run("restore", backup, "--dry-run").contains("sound"))
        #expect(try await refused("restore", backup).0 == .code(1), "a daemon runs")

        let client = try await NostrClient.connect(to: rookery.port)
        #expect(
            try await run("delete", "--filter", #"{"kinds":[7]}"#, "--dry-run").contains("would delete 100"))
        #expect(try await client.count() == 400)
        #expect(
            try await run("delete", "--filter", #"{"kinds":[7]}"#, "--age", "1d", "--tombstones").contains(
                "deleted 100"))
        #expect(try await client.count() == 300)
        #expect(try await client.publish(Self.reactions[0].text).accepted == false)
        let tail = try await run("tail", "--from", "0", "--once", "--filter", #"{"kinds":[7]}"#)
        #expect(tail.contains(#""reason":"operator""#))

        let compact = directory.file("copy.mdb")
        #expect(try await run("compact", compact).contains("300 events"))
        #expect(try await refused("compact", compact).1.contains("is there already"))
        #expect(try await refused("restore", compact).1.contains("a backup is a directory"))
        try await rookery.stop()

        #expect(try await refused("restore", backup).1.contains("--replace"))
        try await run("restore", backup, "--replace")
        #expect(try await run("scan", "{}", "--count") == "400")
        try await run("restore", backup, on: directory.file("elsewhere"))
        #expect(try await run("check", on: directory.file("elsewhere")).contains("sound"))
    }

    @Test func `without a daemon events are deleted under the directory's lock`() async throws {
        let file = try directory.write(jsonl: Self.notes + Self.reactions, to: "events.jsonl")
        try await run("import", file)
        #expect(
            try await run("delete", "--age", "90d", "--filter", #"{"kinds":[7]}"#).contains("deleted 100"))
        #expect(try await run("delete", "--size", "1B", "--json").contains(#""events":300"#))
        #expect(try await run("scan", "{}", "--count") == "0")
        #expect(try await run("check").contains("sound"))
        #expect(try await refused("delete").0 == .code(2))
        let none = directory.file("none")
        #expect(try await refused("delete", "--age", "1d", on: none).0 == .code(1))
        #expect(try await refused("negentropy", "build", on: none).0 == .code(1))
        #expect(!FileManager.default.fileExists(atPath: none), "nothing was made")
        #expect(try await run("check", "--json").contains(#""is_sound":true"#))
        #expect(try await run("negentropy", "build", "--json").contains(#""made":1"#))
        #expect(try await refused("export", "--level", "5").0 == .code(2))
        let list = try await refused("scan", #"[{"kinds":[1]}]"#)
        #expect(list.0 == .code(2) && list.1.contains("as an argument of its own"))
        #expect(try await refused("delete", "--age", "soon").0 == .code(2))
        #expect(try await refused("scan", "nonsense").0 == .code(2))
    }

    @Test func `what is exported compressed, or by strfry, is imported again`() async throws {
        let file = try directory.write(jsonl: Self.notes, to: "events.jsonl")
        try await run("import", file)
        let packed = directory.file("events.jsonl.zst")
        let shell = try ChildProcess(
            "/bin/sh",
            ["-c", "'\(RookeryProcess.Product.path)' export --compress --data-dir '\(data)' > '\(packed)'"])
        #expect(try await shell.waitForExit() == .code(0))
        let other = directory.file("other")
        try await run("import", packed, "--strict", on: other)
        #expect(try await run("export", on: other) == run("export"))

        // As `strfry export --fried` writes it.
        let fried = Self.notes[0].text.dropLast() + #","fried":"0123abcd"}"#
        let friedFile = try directory.write(String(fried) + "\n", to: "fried.jsonl")
        #expect(
            try await run("import", friedFile, "--json", on: directory.file("third")).contains(#""stored":1"#)
        )

        // Cut off: what came before is kept, and the end is told.
        let bytes = try Data(contentsOf: URL(filePath: packed))
        try bytes.dropLast(10).write(to: URL(filePath: packed))
        #expect(try await refused("import", packed, on: directory.file("fourth")).0 == .code(1))
        let (_, told, _) = try await RookeryProcess.run(
            ["import", packed, "--json", "--data-dir", directory.file("fifth")])
        #expect(told.contains(#""failure""#) && told.contains("ends in the middle"), "\(told)")
    }

    @Test func `a damaged backup is not restored`() async throws {
        try await run("import", try directory.write(jsonl: Self.notes, to: "events.jsonl"))
        let broken = directory.file("broken")
        #expect(
            try await refused("backup", broken, "--set", "relay.key_file=\(directory.path)").0 == .code(1),
            "a directory is no key")
        #expect(!FileManager.default.fileExists(atPath: broken + ".partial"))
        let backup = directory.file("backup")
        try await run("backup", backup, "--without-key")
        let store = URL(filePath: backup + "/data.mdb")
        var bytes = try Data(contentsOf: store)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: store)
        let (exit, problem) = try await refused("restore", backup, on: directory.file("new"))
        #expect(exit == .code(1) && problem.contains("differs from what the manifest says"))
        #expect(!FileManager.default.fileExists(atPath: directory.file("new/store")))
    }

    @Test func `retention drops what is old while the relay runs, and takes other rules at once`()
        async throws
    {
        let root = Event.fixture(kind: 30617, at: Self.old, tags: [.of("d", "repo")], by: 1)
        let issue = Event.fixture(
            kind: 1621, at: Self.old, tags: [.of("a", "30617:\(TestKey.publicKey(1).hex):repo")], by: 2)
        try await run(
            "import",
            try directory.write(jsonl: Self.notes + Self.reactions + [root, issue], to: "events.jsonl"))
        func config(_ rules: String) -> String { "[retention]\nrules = [\(rules)]\ninterval_s = 1\n" }
        let rookery = try await RookeryProcess.serve(
            dataDirectory: data, config: config(#""30d kinds=7""#))
        let client = try await NostrClient.connect(to: rookery.port)
        try await eventually("reactions gone", holds: { try await client.count() == 302 })
        let changed = config(#""30d""#)
        try changed.write(toFile: data + ".toml", atomically: true, encoding: .utf8)
        #expect(
            try await run("delete", "--retention", "--dry-run", "--config", data + ".toml").contains(
                "would delete 300"))
        #expect(try await run("reload").contains("retention.rules"))
        try await eventually("notes gone", holds: { try await client.count() == 2 })
        #expect(try await rookery.metrics()[#"rookery_retention_removed_total{reason="age"}"#] == 400)
        try "[retention]\nrules = [\"soon\"]\n".write(
            toFile: data + ".toml", atomically: true, encoding: .utf8)
        #expect(try await refused("reload").0 == .code(2), "the daemon's configuration is wrong")
        try await rookery.stop()
        #expect(try await run("check").contains("sound"))
    }
}
