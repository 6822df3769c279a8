// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore

/// Prints the table of `Benchmarks/README.md`.
///
///     rookery-bench ROOKERY_BINARY DIRECTORY [EVENTS [serve | gather | restart | negentropy | stall | idle | live | rival | abuse [SORT]...]]
@main
struct RookeryBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        // The floor, which is started by the others.
        if arguments.count >= 3, arguments[1] == "bare", let port = Int(arguments[2]) {
            try BareServer(port: port, answers: arguments.count > 3 ? arguments[3] : nil).serve()
        }
        guard arguments.count >= 3 else {
            print("usage: rookery-bench ROOKERY_BINARY DIRECTORY [EVENTS]")
            exit(2)
        }
        let count = arguments.count > 3 ? Int(arguments[3]) ?? 100_000 : 100_000
        let bench = RookeryBench(binary: arguments[1], directory: arguments[2], count: count)
        switch arguments.count > 4 ? arguments[4] : "" {
        case "serve": try bench.serving()
        case "gather": try bench.gathering()
        case "restart": try bench.restarting()
        case "negentropy": try bench.reconciling()
        case "idle": try bench.idling()
        case "live": try bench.living()
        case "rival": try bench.rivalling()
        case "abuse": try bench.abusing()
        case "stall": try await bench.stalling()
        default: try await bench.run()
        }
    }

    let binary: String
    let directory: String
    let count: Int

    private func run() async throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = directory + "/mixed.jsonl"
        let mixed = MixedEvents()
        let samples = try generate(mixed, into: file)
        print("| what | figure | more |\n| --- | --- | --- |")
        try importing(file, floor: VerifyFloor(samples))
        try serving(samples, live: live(mixed))
        try gathering()
        try reconciling()
        try await stalling()
    }

    /// Queries, publishing and fan-out alone.
    private func serving() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let (file, mixed) = (directory + "/mixed.jsonl", MixedEvents())
        let samples = try generate(mixed, into: file)
        let cost = try MeasuredProcess(
            binary, ["import", file, "--data-dir", directory + "/data"], log: directory + "/import.log"
        ).wait()
        guard cost.code == 0 else { throw MeasuredProcess.Failed(description: "see \(directory)/import.log") }
        try serving(samples, live: live(mixed))
    }

    /// The same to rust-nostr's relay.
    private func rivalling() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let mixed = MixedEvents()
        var events: [Event] = []
        mixed.make(count) { events += $0 }
        try RivalBench(binary: binary, directory: directory, events: events, live: live(mixed)).run()
    }

    /// For so many **seconds** as events were asked for.
    private func abusing() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        guard
            try AbuseBench(
                binary: binary, directory: directory, seconds: Double(count),
                only: Array(CommandLine.arguments.dropFirst(5))
            ).run()
        else {
            exit(1)
        }
    }

    /// A hundredth of the events are repositories: 1,000 of them by default.
    private func gathering() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try GatherBench(binary: binary, directory: directory, repositories: max(10, count / 100)).run()
    }

    /// A thirty-third of the events are repositories, and three upstreams have everything.
    private func restarting() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let repositories = max(10, count / 33)
        try GatherBench(
            binary: binary, directory: directory, repositories: repositories, upstreams: 3, copies: 3
        ).run()
    }

    /// Nine tenths and a little more: 94,000 of 100,000.
    private func reconciling() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try NegentropyBench(binary: binary, directory: directory, count: count * 94 / 100).run()
    }

    private func stalling() async throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await StallBench(binary: binary, directory: directory).run()
    }

    /// A tenth as many connections as events: 10,000 of them by default.
    private func idling() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try IdleBench(
            binary: binary, directory: directory, connections: min(10_000, max(100, count / 10))
        ).run()
    }

    private func living() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try LiveBench(binary: binary, directory: directory).run()
    }

    /// Writes the events to `file`, and returns every tenth.
    private func generate(_ mixed: MixedEvents, into file: String) throws -> [Event] {
        guard let output = fopen(file, "w") else {
            throw MeasuredProcess.Failed(description: "cannot write \(file)")
        }
        defer { fclose(output) }
        var (samples, number) = ([Event](), 0)
        mixed.make(count) { block in
            for event in block {
                _ = event.json.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, output) }
                fputc(10, output)
                if number % 10 == 0 { samples.append(event) }
                number += 1
            }
        }
        return samples
    }

    private func importing(_ file: String, floor: VerifyFloor) throws {
        let bench = ImportBench(binary: binary, file: file, count: count, directory: directory + "/data")
        let outcomes = try (0..<3).map { _ in try bench.run(floor) }
        let median = outcomes.sorted { $0.ratio < $1.ratio }[1]
        let all = outcomes.map { String(format: "%.2f", $0.ratio) }.joined(separator: ", ")
        Row("verify floor, both cores", String(format: "%.0f /s", median.floor), "the C library alone").show()
        Row(
            "import of \(count) mixed events, durable", String(format: "%.0f /s", median.rate),
            String(format: "%.2f s, %.2f s of processor", median.cost.seconds, median.cost.processorSeconds)
        ).show()
        Row("import ÷ floor", String(format: "**%.2f**", median.ratio), "runs: \(all); at least 0.6").show()
        Row(
            "peak anonymous memory of the import", megabytes(outcomes.map(\.cost.peakAnonymous).max() ?? 0),
            "below 150 MB; file-backed \(megabytes(median.cost.peakFile))"
        ).show()
        Row("store on disk", megabytes(size(directory + "/data")), "the JSON is \(megabytes(size(file)))")
            .show()
    }

    private func serving(_ samples: [Event], live: [Event]) throws {
        let port = 17_700 + Int(getpid() % 1000)
        let relay = try MeasuredProcess(
            binary, ["serve", "--data-dir", directory + "/data", "--listen", "127.0.0.1:\(port)"],
            log: directory + "/serve.log")
        defer { _ = relay.stop() }
        let patience = Clock.now + 30
        while (try? LoadConnection(port: port)) == nil {
            guard Clock.now < patience else {
                throw MeasuredProcess.Failed(description: "see \(directory)/serve.log")
            }
            usleep(50_000)
        }
        Row(
            "anonymous memory, serving \(count) events", megabytes(relay.memory().anonymous),
            "nothing asked yet"
        ).show()
        for query in QueryBench.table(about: samples) { try query.run(port: port, relay: relay).show() }
        let (first, second) = (live.count / 3, live.count * 2 / 3)
        try PublishBench(connections: 1, window: 256).run(live[..<first], port: port, relay: relay)
            .show()
        try PublishBench(connections: 8, window: 64).run(live[first..<second], port: port, relay: relay)
            .show()
        try PublishBench(connections: 64, window: 64).run(
            live[second...(live.count - 1201)], port: port, relay: relay
        ).show()
        try FanOutBench(subscribers: 1000, window: 1).run(
            live[(live.count - 1200)..<(live.count - 1000)], port: port, relay: relay
        ).show()
        try FanOutBench(subscribers: 1000, window: 64).run(
            live[(live.count - 1000)...], port: port, relay: relay
        ).show()
        Row("anonymous memory after all of this", megabytes(relay.memory().anonymous)).show()
    }

    /// Notes that the store does not hold yet.
    private func live(_ mixed: MixedEvents) -> [Event] {
        var rng = SeededGenerator(seed: 77)
        return (0..<31_200).map { number in
            let key = mixed.keys[rng.busy(MixedEvents.authors)]
            return UnsignedEvent(
                pubkey: key.publicKey,
                createdAt: Timestamp(MixedEvents.start + MixedEvents.year + Int64(number)),
                kind: .textNote, tags: [Tag(["t", number >= 30_000 ? "fanout" : "publish"])],
                content: mixed.vocabulary.text(rng.size(200, spread: 0.8, in: 20...4000), using: &rng)
            ).signed(by: key)
        }
    }

    private func megabytes(_ bytes: Int) -> String { String(format: "%.0f MB", Double(bytes) / 1e6) }

    /// **Bytes** on disk of a file or everything in a directory.
    private func size(_ path: String) -> Int {
        let inside = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return ([path] + inside.map { "\(path)/\($0)" }).map { path in
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
            return Int(status.st_blocks) * 512
        }.reduce(0, +)
    }
}
