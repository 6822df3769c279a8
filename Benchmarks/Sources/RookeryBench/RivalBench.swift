// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore

/// The same asked of this relay and of rust-nostr's, one after the other, on the same data.
///
/// rookery says `OK` once an event is on disk; the other keeps it in memory, or in LMDB. A ratio above 1 says that rookery
/// does more, or takes less time or memory.
struct RivalBench {
    let binary: String
    let directory: String
    /// What is there before anything is measured.
    let events: [Event]
    /// Notes that are not; the last 1,200 are for subscribers.
    let live: [Event]

    func run() throws {
        try beside("full") { contenders in
            say(
                "| what | \(contenders.map(\.name).joined(separator: " | ")) | ratio to memory | ratio to LMDB |"
            )
            say("| --- | --- | --- | --- | --- | --- |")
            for contender in contenders {
                _ = try PublishBench(connections: 8, window: 16, mayRefuse: true)
                    .measure(events, port: contender.port)
            }
            try publishing(contenders)
            try asking(contenders)
            try following(contenders)
        }
        // What was used before would be used again, and count for nothing.
        try beside("fresh", resting)
    }

    /// All of them, new, as long as `body` takes.
    private func beside(_ name: String, _ body: ([Contender]) throws -> Void) throws {
        let directory = "\(directory)/\(name)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let contenders = [
            try Contender.rookery(binary, directory), try .rustNostr(directory, database: nil),
            try .rustNostr(directory, database: "lmdb"),
        ]
        defer { for contender in contenders { _ = contender.process.stop() } }
        try body(contenders)
    }

    private func publishing(_ contenders: [Contender]) throws {
        let share = 4_000
        for (index, load) in [(1, 256), (8, 64), (64, 64)].enumerated() {
            let events = Array(live[index * share..<(index + 1) * share])
            try row("EVENT to OK, \(load.0) × \(load.1) outstanding, /s", contenders, isMoreBetter: true) {
                try PublishBench(connections: load.0, window: load.1).measure(events, port: $0.port).rate
            }
        }
    }

    private func asking(_ contenders: [Contender]) throws {
        let samples = events.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        let names: Set = ["by id", "author + kind 1, limit 20", "by #e", "kind 1 since, limit 500"]
        var table = QueryBench.table(about: samples).filter { names.contains($0.name) }
        table.append(QueryBench(name: "everything", filters: [#"{"limit":1000000}"#], connections: 1))
        for query in table {
            try row("REQ \(query.name), events/s", contenders, isMoreBetter: true) {
                Double(try query.measure(port: $0.port).events) / query.seconds
            }
        }
    }

    private func following(_ contenders: [Contender]) throws {
        let (paced, each) = (live.suffix(1_200).prefix(500), live.suffix(1_200).dropFirst(500).prefix(100))
        try row("1,000 subscribers, 100 events/s: p99, ms", contenders, isMoreBetter: false) {
            try FanOutBench(subscribers: 1_000, window: 500, pace: 100).measure(Array(paced), port: $0.port)
                .latencies.quantile(0.99) * 1_000
        }
        try row("1,000 subscribers, one event at a time: p99, ms", contenders, isMoreBetter: false) {
            try FanOutBench(subscribers: 1_000, window: 1).measure(Array(each), port: $0.port)
                .latencies.quantile(0.99) * 1_000
        }
    }

    /// Anonymous memory of a connection with one subscription that nothing happens on.
    private func resting(_ contenders: [Contender]) throws {
        let request = LoadConnection.frame(##"["REQ","rest",{"#t":["nothing"],"limit":1}]"##)
        try row("an idle connection, KB", contenders, isMoreBetter: false) { contender in
            func open(_ count: Int) throws -> [LoadConnection] {
                try (0..<count).map { _ in
                    let connection = try LoadConnection(port: contender.port, holding: 512)
                    try connection.write(request)
                    while try connection.next() != .endOfStored {}
                    return connection
                }
            }
            let first = try open(200)
            let before = contender.process.memory().anonymous
            let connections = try open(2_000)
            return withExtendedLifetime((first, connections)) {
                Double(max(contender.process.memory().anonymous - before, 0)) / 1024 / 2_000
            }
        }
    }

    private func row(
        _ what: String, _ contenders: [Contender], isMoreBetter: Bool, _ measure: (Contender) throws -> Double
    ) throws {
        let ours = try measure(contenders[0])
        // Under load the other ends conversations at times.
        let others = contenders.dropFirst().map { contender -> Double? in
            do { return try measure(contender) } catch {
                FileHandle.standardError.write(Data("\(contender.name): \(what): \(error)\n".utf8))
                return nil
            }
        }
        let ratios = others.map { other in
            guard let other, min(ours, other) > 0 else { return "–" }
            return String(format: "**%.2f**", isMoreBetter ? ours / other : other / ours)
        }
        let shown = ([ours] + others).map { figure in
            figure.map { String(format: $0 < 100 ? "%.2f" : "%.0f", $0) } ?? "gave up"
        }
        say("| \(([what] + shown + ratios).joined(separator: " | ")) |")
    }

    /// At once, as each line takes its time.
    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
