// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore

/// The same asked of this relay and of others that can be had from PyPI, one after the other, on the same data.
///
/// rookery says `OK` once an event is on disk; rust-nostr keeps it in memory or in LMDB, nostr-relay says `OK` before it writes.
struct PeerBench {
    let report: Report
    let binary: String
    let directory: String
    /// Notes that nobody has; the last 1,200 are for subscribers.
    let live: [Event]

    func run(_ data: DataSet) throws {
        guard report.wants(anyOf: "peer") else { return }
        let events = Array(data.samples.prefix(report.isQuick ? 1_000 : 10_000))
        try beside("full") { contenders in
            for contender in contenders {
                _ = try? PublishBench(connections: 8, window: 16, mayRefuse: true)
                    .measure(events, port: contender.port)
            }
            try publishing(contenders)
            try asking(contenders, events)
            try following(contenders)
        }
        // What was used before would be used again, and count for nothing.
        try beside("fresh") { contenders in
            try connecting(contenders)
            try resting(contenders)
        }
    }

    /// All of them, new, as long as `body` takes; one that does not start is left out.
    private func beside(_ name: String, _ body: ([Contender]) throws -> Void) throws {
        let directory = "\(directory)/peers-\(name)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var contenders = [try Contender.rookery(binary, directory)]
        defer {
            for contender in contenders { kill(contender.process.pid, SIGKILL); _ = contender.process.wait() }
        }
        for start in [
            Contender.rustNostr(inMemory: true), Contender.rustNostr(inMemory: false), Contender.nostrRelay,
        ] {
            do { contenders.append(try start(directory)) } catch {
                Self.say("a peer does not start: \(error)")
            }
        }
        try body(contenders)
    }

    private func publishing(_ contenders: [Contender]) throws {
        let share = report.isQuick ? 500 : 4_000
        for (index, load) in [(1, 256), (8, 64), (64, 64)].enumerated() {
            let events = Array(live[index * share..<(index + 1) * share])
            try row("publish-\(load.0)", "EVENT to OK, \(load.0) × \(load.1) outstanding", "/s", contenders) {
                try PublishBench(connections: load.0, window: load.1)
                    .measure(events, port: $0.port, relay: $0.process).rate
            }
        }
    }

    private func asking(_ contenders: [Contender], _ events: [Event]) throws {
        let names = ["query-id", "query-author-kind", "query-e", "query-since-500", "scan"]
        for var query in QueryBench.table(about: events) where names.contains(query.name) {
            query.seconds = report.seconds
            try row(query.name, "REQ \(query.what)", "events/s", contenders) {
                let load = try query.measure(port: $0.port, relay: $0.process)
                return Double(load.events) / load.effort.seconds
            }
        }
    }

    private func following(_ contenders: [Contender]) throws {
        let count = report.isQuick ? 50 : 300
        let (paced, each) = (live.suffix(1_200).prefix(count), live.suffix(600).prefix(count / 3))
        try row("live-p99", "1,000 subscribers, 100 events/s: p99", "ms", contenders) {
            try FanOutBench(subscribers: 1_000, window: count, pace: 100).measure(Array(paced), port: $0.port)
                .latencies.quantile(0.99) * 1_000
        }
        try row("live-single", "1,000 subscribers, one event at a time: p99", "ms", contenders) {
            try FanOutBench(subscribers: 1_000, window: 1).measure(Array(each), port: $0.port)
                .latencies.quantile(0.99) * 1_000
        }
    }

    private func connecting(_ contenders: [Contender]) throws {
        let count = report.isQuick ? 100 : 500
        try row("connect", "connections opened", "/s", contenders) { contender in
            let start = Clock.now
            let open = try (0..<count).map { _ in try LoadConnection(port: contender.port, holding: 512) }
            return withExtendedLifetime(open) { Double(count) / (Clock.now - start) }
        }
    }

    /// Anonymous memory of a connection with one subscription that nothing happens on.
    private func resting(_ contenders: [Contender]) throws {
        let request = LoadConnection.frame(##"["REQ","rest",{"#t":["nothing"],"limit":1}]"##)
        let count = report.isQuick ? 200 : 1_000
        try row("idle", "an idle connection with a subscription", "KB", contenders) { contender in
            func open(_ count: Int) throws -> [LoadConnection] {
                try (0..<count).map { _ in
                    let connection = try LoadConnection(port: contender.port, holding: 512)
                    try connection.write(request)
                    while try connection.next() != .endOfStored {}
                    return connection
                }
            }
            let first = try open(100)
            let before = contender.process.memory().anonymous
            let connections = try open(count)
            return withExtendedLifetime((first, connections)) {
                Double(max(contender.process.memory().anonymous - before, 0)) / 1024 / Double(count)
            }
        }
    }

    private func row(
        _ name: String, _ what: String, _ unit: String, _ contenders: [Contender],
        _ measure: (Contender) throws -> Double
    ) throws {
        guard report.wants("peer-\(name)") else { return }
        var row = Row("peer-\(name)", what, try measure(contenders[0]), unit)
        // Under load the others end conversations at times.
        row.peers = contenders.dropFirst().map { contender in
            do { return Row.Peer(name: contender.name, value: try measure(contender)) } catch {
                Self.say("\(contender.name): \(what): \(error)")
                return Row.Peer(name: contender.name, value: nil)
            }
        }
        try report.add(row)
    }

    private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
