// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore
import TestSupport
import Testing

/// Starting, stopping, and the tools beside a running relay.
@Suite(.timeLimit(.minutes(2))) struct LifecycleTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal ends it with 0 within five seconds, clients or not`(signal: Int32) async throws {
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let client = try await NostrClient.connect(to: rookery.port)
        let note = Event.fixture()
        #expect(try await client.publish(note.text).accepted)
        rookery.process.signal(signal)
        #expect(try await rookery.process.waitForExit(within: .seconds(5)) == .code(0))
        let again = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        #expect(try await NostrClient.connect(to: again.port).query(["{}"]) == [note.id.hex])
    }

    @Test func `what was acknowledged survives a kill in the middle of writing`() async throws {
        var acknowledged: [String] = []
        for round in 0..<3 {
            let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
            let client = try await NostrClient.connect(to: rookery.port)
            let stored = Set(try await client.query(["{}"]))
            #expect(stored.isSuperset(of: acknowledged))
            let notes = (0..<200).map { Event.fixture(content: "round \(round) note \($0)", by: $0 % 7) }
            try await client.socket.send(
                bytes: notes.flatMap { WebSocketFrame.text("[\"EVENT\",\($0.text)]").encoded })
            for _ in 0..<50 {
                let answer = try await client.next()
                #expect(answer.flag(2) == true)
                acknowledged.append(answer.text(1) ?? "")
            }
            try await rookery.kill()
        }
        let (exit, output, errors) = try await RookeryProcess.run([
            "check", "--data-dir", directory.file("data"),
        ])
        #expect(exit == .code(0), "\(output)\(errors)")
    }

    @Test func `a second daemon on the same data is refused`() async throws {
        let first = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let second = try ChildProcess(
            RookeryProcess.Product.path,
            [
                "serve", "--data-dir", first.dataDirectory, "--listen",
                "127.0.0.1:\(try RookeryProcess.freePort())",
            ])
        let exit = try await second.waitForExit()
        #expect(exit != .code(0))
        let words = try await second.errors.all().joined() + second.output.all().joined()
        #expect(words.contains(first.dataDirectory))
        #expect(try await first.get("/healthz").status == 200)
    }

    @Test(arguments: [
        ("[relay]\nlisten = \"nowhere\"", "listen"), ("[relay]\nlistne = \"127.0.0.1:1\"", "listne"),
        ("[sync]\nbootstrap = [\"http//broken\"]", "bootstrap"),
        ("[relay]\nadmission = \"maybe\"", "admission"),
        ("[sync]\ngit_data = \"required\"", "git_data"), ("data_dir = ", "toml"),
        ("[store]\nmap_size_gib = -1", "map_size_gib"),
        ("[sync]\nca_file = \"/nowhere/ca.pem\"", "/nowhere/ca.pem"),
    ])
    func `a bad config is one clear line and exit 2`(config: String, key: String) async throws {
        let file = try directory.write(config, to: "bad.toml")
        for command in [["serve"], ["config", "check"]] {
            let (exit, _, errors) = try await RookeryProcess.run(
                command + ["--config", file, "--data-dir", directory.file("never")], within: .seconds(10))
            #expect(exit == .code(2), "\(errors)")
            #expect(errors.contains(key) && errors.contains("bad.toml"), "\(errors)")
            #expect(errors.split(separator: "\n").count == 1, "\(errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: directory.file("never")))
    }

    @Test func `a variable that names no key is one clear line and exit 2`() async throws {
        for command in [["serve"], ["config", "check"]] {
            let (exit, output, errors) = try await RookeryProcess.run(
                command + ["--data-dir", directory.file("never")],
                environment: ["ROOKERY_RELAY_FOO": "1"], within: .seconds(10))
            #expect(exit == .code(2) && output.isEmpty)
            #expect(errors == "rookery: environment: ROOKERY_RELAY_FOO: unknown key")
        }
        #expect(!FileManager.default.fileExists(atPath: directory.file("never")))
    }

    @Test func `with few files to open, clients too many are told so and probes are answered`() async throws {
        let port = try RookeryProcess.freePort()
        let process = try ChildProcess(
            "/bin/sh",
            [
                "-c", "ulimit -n 128; exec \"$@\"", "sh", RookeryProcess.Product.path, "serve", "--no-sync",
                "--data-dir", directory.file("few"), "--listen", "127.0.0.1:\(port)",
            ])
        try await eventually("rookery to be ready", within: .seconds(20)) {
            (try? await HTTPAnswer.get("/healthz", from: port).status) == 200
        }
        #expect(process.lastWords.contains("fewer open files are allowed"), "\(process.lastWords)")
        var silent: [RawConnection] = []
        for _ in 0..<130 { silent.append(try await RawConnection.open(to: port)) }
        for _ in 0..<10 {
            let status = try await HTTPAnswer.get("/healthz", from: port, within: .seconds(10)).status
            #expect(status == 503, "not by silence")
        }
        silent = []
        try await eventually("room", within: .seconds(10)) {
            (try? await HTTPAnswer.get("/healthz", from: port).status) == 200
        }
        process.signal(SIGTERM)
        #expect(try await process.waitForExit(within: .seconds(10)) == .code(0))
    }

    @Test func `without a file left to open nothing spins, and serving goes on when there is one`()
        async throws
    {
        let (port, metrics) = (try RookeryProcess.freePort(), try RookeryProcess.freePort())
        let process = try ChildProcess(
            "/bin/sh",
            [
                "-c", "ulimit -n 128; exec \"$@\"", "sh", RookeryProcess.Product.path, "serve", "--no-sync",
                "--data-dir", directory.file("none"), "--listen", "127.0.0.1:\(port)",
                // It counts its own connections: together the two ports have more than there are files.
                "--metrics-listen", "127.0.0.1:\(metrics)",
            ])
        try await eventually("rookery to be ready", within: .seconds(20)) {
            (try? await HTTPAnswer.get("/healthz", from: port).status) == 200
        }
        var silent: [RawConnection] = []
        for _ in 0..<70 {
            silent.append(try await RawConnection.open(to: metrics))
            silent.append(try await RawConnection.open(to: port))
        }
        let before = try RookeryProcess.processorTime(of: process.pid)
        try await Task.sleep(for: .seconds(1))
        let spent = try RookeryProcess.processorTime(of: process.pid) - before
        #expect(spent < .milliseconds(400), "\(spent) in a second in which nobody asked for anything")
        silent = []
        try await eventually("room", within: .seconds(10)) {
            (try? await HTTPAnswer.get("/healthz", from: port).status) == 200
        }
        process.signal(SIGTERM)
        #expect(try await process.waitForExit(within: .seconds(10)) == .code(0))
    }

    @Test func `the effective config shows where flags and environment beat the file`() async throws {
        let file = try directory.write(
            "[relay]\nname = \"from the file\"\nlisten = \"127.0.0.1:1111\"\ncontact = \"from the file\"",
            to: "c.toml")
        let (exit, output, _) = try await RookeryProcess.run(
            ["config", "check", "--config", file, "--name", "from a flag"],
            environment: ["ROOKERY_RELAY_LISTEN": "127.0.0.1:2222", "ROOKERY_RELAY_NAME": "from outside"])
        #expect(exit == .code(0))
        let lines = output.split(separator: "\n")
        #expect(lines.contains("name = \"from a flag\""))
        #expect(lines.contains("listen = \"127.0.0.1:2222\""))
        #expect(lines.contains("contact = \"from the file\""))
    }

    @Test func `a running relay reads its configuration again when told to`() async throws {
        let rookery = try await RookeryProcess.serve(
            dataDirectory: directory.file("data"), config: "log_level = \"info\"")
        let reload = ["reload", "--data-dir", rookery.dataDirectory]
        func write(_ text: String) throws {
            try text.write(toFile: rookery.dataDirectory + ".toml", atomically: true, encoding: .utf8)
        }
        try write("log_level = \"debug\"\n[relay]\nname = \"new\"\ndomain = \"relay.example.com\"")
        let (exit, output, _) = try await RookeryProcess.run(reload)
        #expect(exit == .code(0))
        #expect(
            Set(output.split(separator: "\n")) == [
                "log_level is now \"debug\"", "relay.name is now \"new\"", "relay.domain needs a restart",
            ])
        try write("log_level = \"loud\"")
        let (failed, _, errors) = try await RookeryProcess.run(reload)
        #expect(failed == .code(2))
        #expect(errors.contains("not reloaded: ") && errors.contains("log_level"), "\(errors)")
        #expect(try await rookery.stop() == .code(0))
        #expect(try await RookeryProcess.run(reload).exit == .code(1), "nobody runs any more")
    }

    @Test func `events are imported into a running relay and exported from it`() async throws {
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let notes = (0..<300).map {
            Event.fixture(at: 1_740_000_000 + Int64($0), content: "\($0)", by: $0 % 9)
        }
        let file = try directory.write(jsonl: notes, to: "notes.jsonl")
        let (imported, _, errors) = try await RookeryProcess.run([
            "import", file, "--data-dir", rookery.dataDirectory,
        ])
        #expect(imported == .code(0), "\(errors)")
        let client = try await NostrClient.connect(to: rookery.port)
        #expect(try await client.query(["{}"]) == notes.reversed().map(\.id.hex))

        let author = TestKey.publicKey(4)
        let (exported, lines, _) = try await RookeryProcess.run(
            ["export", "--filter", #"{"authors":["\#(author)"]}"#, "--data-dir", rookery.dataDirectory])
        #expect(exported == .code(0))
        #expect(
            Set(lines.split(separator: "\n").map(String.init))
                == Set(notes.filter { $0.pubkey == author }.map(\.text)))
    }

    @Test func `an import from a pipe tells good from bad`() async throws {
        let good = Event.fixture(content: "good")
        let bad = Event.fixture(content: "bad").text.replacing("bad", with: "evil")
        let (exit, _, errors) = try await RookeryProcess.run(
            ["import", "-", "--data-dir", directory.file("data")], input: [good.text, bad, "not json", ""])
        #expect(exit == .code(0), "\(errors)")
        let (_, lines, _) = try await RookeryProcess.run(["export", "--data-dir", directory.file("data")])
        #expect(lines == good.text)
    }

    @Test func `the metrics are valid for promtool and tell of health`() async throws {
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let client = try await NostrClient.connect(to: rookery.port)
        _ = try await client.publish(Event.fixture().text)
        _ = try await client.query(["{}"])
        let text = try await rookery.get("/metrics").text
        let file = try directory.write(text, to: "metrics.txt")
        let promtool = try ChildProcess("/bin/sh", ["-c", "promtool check metrics < '\(file)'"])
        let exit = try await promtool.waitForExit()
        #expect(exit == .code(0), "promtool (Debian package prometheus): \(promtool.lastWords)")
        for line in [
            "rookery_relay_healthy 1", "rookery_sync_healthy 1", "rookery_ingest_max_queued_events 32768",
        ] {
            #expect(text.contains("\n\(line)\n"))
        }
        #expect(text.contains("\nrookery_disk_free_bytes "))
        #expect(try await rookery.get("/healthz").text.contains(#""status":"ok""#))
    }
}
