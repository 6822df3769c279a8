// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore
import TestSupport
import Testing

/// What service managers, probes and whoever keeps the log do to a daemon.
@Suite(.timeLimit(.minutes(2))) struct OperatedTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Starts a relay by a shell, so that its standard streams are what `redirection` says.
    private func serve(_ redirection: String, level: String = "info") async throws -> (ChildProcess, Int) {
        let port = try RookeryProcess.freePort()
        let process = try ChildProcess(
            "/bin/sh",
            [
                "-c", "exec \"$@\" \(redirection)", "sh", RookeryProcess.Product.path, "serve", "--no-sync",
                "--data-dir", directory.file("data"), "--listen", "127.0.0.1:\(port)", "--log-level", level,
            ])
        try await eventually("rookery to be ready", within: .seconds(20)) {
            (try? await HTTPAnswer.get("/healthz", from: port).status) == 200
        }
        return (process, port)
    }

    private func publish(to port: Int, _ count: Int, from first: Int = 0) async throws {
        let client = try await NostrClient.connect(to: port)
        for number in first..<first + count {
            #expect(try await client.publish(Event.fixture(content: "\(number)").text).accepted)
        }
    }

    @Test func `a service manager is told of start, reload and end, and that the daemon lives`() async throws
    {
        let place = directory.file("notify")
        let manager = try NotifyReceiver(place)
        let rookery = try await RookeryProcess.serve(
            dataDirectory: directory.file("data"), ["--no-sync"],
            environment: ["NOTIFY_SOCKET": place, "WATCHDOG_USEC": "200000"])
        var said: [String] = []
        func hear(_ what: String) async throws {
            try await eventually("to hear \(what)", within: .seconds(20)) {
                while let message = manager.next() { said.append(message) }
                return said.contains { $0.hasPrefix(what) }
            }
        }
        try await hear("READY=1\nSTATUS=listening on 127.0.0.1:\(rookery.port)")
        try await hear("WATCHDOG=1")
        said = []
        rookery.process.signal(SIGHUP)
        try await hear("RELOADING=1\nMONOTONIC_USEC=")
        try await hear("READY=1")
        rookery.process.signal(SIGTERM)
        try await hear("STOPPING=1")
        #expect(try await rookery.process.waitForExit() == .code(0))
    }

    @Test func `without any privilege it serves and gathers as well`() async throws {
        let bare = ["--bounding-set=-all", "--inh-caps=-all", RookeryProcess.Product.path]
        let port = try RookeryProcess.freePort()
        let process = try ChildProcess(
            "/usr/bin/setpriv",
            bare + [
                "serve", "--no-sync", "--data-dir", directory.file("data"), "--listen", "127.0.0.1:\(port)",
            ])
        try await eventually("rookery to be ready", within: .seconds(20)) {
            (try? await HTTPAnswer.get("/healthz", from: port).status) == 200
        }
        try await publish(to: port, 3)
        let tool = try ChildProcess(
            "/usr/bin/setpriv",
            bare + ["sync", "ws://127.0.0.1:\(port)", "--data-dir", directory.file("copy")])
        #expect(try await tool.waitForExit(within: .seconds(30)) == .code(0), "\(tool.lastWords)")
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0))
    }

    @Test func `a probe asks the daemon itself`() async throws {
        let ask = ["health", "--data-dir", directory.file("data")]
        #expect(try await RookeryProcess.run(ask).exit == .code(1), "nothing is there")
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"), ["--no-sync"])
        let (exit, output, errors) = try await RookeryProcess.run(ask)
        #expect(exit == .code(0) && output.contains(#""status":"ok""#), "\(output)\(errors)")
        try await rookery.kill()
        let (gone, _, problem) = try await RookeryProcess.run(ask)
        #expect(gone == .code(1) && problem.contains("no daemon runs here"), "\(problem)")
    }

    @Test(arguments: ["2>/dev/full", "2>&-", ">&- 2>&- <&-"])
    func `a log that takes nothing costs nothing but its lines`(redirection: String) async throws {
        let (process, port) = try await serve(redirection, level: "trace")
        try await publish(to: port, 20)
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0))
        let (exit, output, errors) = try await RookeryProcess.run([
            "check", "--data-dir", directory.file("data"),
        ])
        #expect(exit == .code(0), "\(output)\(errors)")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.file("data"))
        for file in files where !["store", "relay.key"].contains(file) {
            #expect(try !directory.read("data/\(file)").contains("listening"), "the log went into \(file)")
        }
    }

    @Test func `a reader of the log that stops reading, or goes, holds nobody up`() async throws {
        let fifo = directory.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        // `F_SETPIPE_SZ`: room for one page, a pipe's least.
        #expect(fcntl(reader, 1031, 4096) > 0)
        let (process, port) = try await serve("2>'\(fifo)'", level: "trace")
        for round in 0..<20 {
            // A connection is a line of the log, and a publication some.
            try await publish(to: port, 5, from: round * 5)
        }
        let lost = try await HTTPAnswer.get("/metrics", from: port).text.split(separator: "\n").first {
            $0.hasPrefix("rookery_log_lines_lost_total ")
        }
        #expect(lost != nil && lost != "rookery_log_lines_lost_total 0")
        close(reader)
        try await publish(to: port, 5, from: 1000)
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0))
    }

    @Test func `a log file that is copied and cut goes on at its beginning`() async throws {
        let log = directory.file("log")
        let (process, port) = try await serve("2>'\(log)'")
        let whole = try directory.read("log")
        #expect(whole.contains("listening"))
        #expect(truncate(log, 0) == 0)
        process.signal(SIGHUP)
        try await eventually("a line after the cut", within: .seconds(10)) {
            try directory.read("log").contains("reloading")
        }
        let text = try directory.read("log")
        #expect(text.hasPrefix("2") && !text.contains("\0") && !text.contains("listening"))
        #expect(try await HTTPAnswer.get("/healthz", from: port).status == 200)
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0))
    }
}
