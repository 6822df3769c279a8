// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// Gathers everything about many repositories from upstreams of which several hold each event; then starts again where it was,
/// and once more as if it had been away for long.
///
/// The upstreams are rookeries with open admission: what they were asked is read from their own metrics.
struct GatherBench {
    let report: Report
    let binary: String
    let directory: String
    let repositories: Int
    var upstreams = 4
    /// How many of them hold an event.
    var copies = 2

    func run() throws {
        let events = RepositoryEvents.make(repositories, keys: MixedEvents().keys)
        let relays = try (0..<upstreams).map { try upstream($0, holding: events) }
        defer { for relay in relays { _ = relay.process.stop() } }
        let verify = VerifyFloor(events.suffix(5_000)).measure(seconds: report.seconds)
        let first = try gather(events.count, from: relays, into: "gathered")
        let count = Double(events.count)
        try report.add(
            Row(
                "gather", "gathering \(events.count) events of \(repositories) repositories, all stored",
                count / first.stored, "/s"
            )
            .floor("verify, 2 threads", [verify]).aim(atLeast: 10_000))
        var row = Row("gather-confirmed", "gathering, until all is confirmed", count / first.seconds, "/s")
        row.relayCost = first.processor / count * 1e6
        try report.add(row)
        try report.add(
            Row(
                "gather-requests", "REQs to the \(upstreams) upstreams, \(copies) of which have each event",
                first.requests, ""
            )
            .note(String(format: "%.1f MB received", first.bytes / 1e6)))
        try report.add(
            Row("gather-memory", "anonymous memory after gathering", first.memory / 1e6, "MB").aim(
                atMost: 150))
        let second = try gather(events.count, from: relays, into: "gathered")
        try add("gather-restart", "received of each upstream after a restart", second, after: first)
        let third = try gather(
            events.count, from: relays, into: "gathered", "quick_reconnect_window_s = 0")
        try add(
            "gather-absence", "received of each upstream after a long absence (NIP-77)", third, after: first)
    }

    private func add(_ name: String, _ what: String, _ outcome: Outcome, after first: Outcome) throws {
        let more = String(
            format: "%.2f %% of before, %.0f REQs, %.2f s", 100 * outcome.bytes / first.bytes,
            outcome.requests, outcome.seconds)
        try report.add(Row(name, what, outcome.bytes / 1e3 / Double(upstreams), "KB").note(more))
    }

    /// What one start showed.
    private struct Outcome {
        /// Until everything was stored, and until all of it was confirmed.
        var stored = 0.0
        var seconds = 0.0
        var processor = 0.0
        var memory = 0.0
        var bytes = 0.0
        var requests = 0.0
        var subscriptions = 0.0
    }

    /// A relay that holds its share of the events, its neighbours the others.
    private func upstream(_ number: Int, holding events: [Event]) throws -> RunningRelay {
        let (file, data) = ("\(directory)/upstream\(number).jsonl", "\(directory)/upstream\(number)")
        var lines: [UInt8] = []
        for (index, event) in events.enumerated()
        where (index + number) % upstreams < copies {
            lines += event.json + [UInt8(ascii: "\n")]
        }
        try Data(lines).write(to: URL(fileURLWithPath: file))
        let cost = try MeasuredProcess(
            binary, ["import", file, "--data-dir", data], log: data + ".import.log"
        ).wait()
        guard cost.code == 0 else { throw MeasuredProcess.Failed(description: "see \(data).import.log") }
        return try RunningRelay(binary, data, "[sync]\nenabled = false\n")
    }

    private func gather(
        _ count: Int, from relays: [RunningRelay], into name: String, _ more: String = ""
    ) throws -> Outcome {
        let before = relays.map { $0.metrics[Self.requests] ?? 0 }.reduce(0, +)
        let urls = relays.map { "\"ws://127.0.0.1:\($0.port)\"" }.joined(separator: ", ")
        let start = Clock.now
        let own = try RunningRelay(
            binary, "\(directory)/\(name)",
            """
            [relay]
            domain = "\(RepositoryEvents.service)"
            admission = "grasp"
            [sync]
            bootstrap = [\(urls)]
            batch_window_ms = 100
            \(more)
            """)
        defer { _ = own.process.stop() }
        var last: [String: Double] = [:]
        var outcome = Outcome()
        try own.wait {
            last = own.metrics
            if outcome.stored == 0, last["rookery_store_events"] == Double(count) {
                outcome.stored = Clock.now - start
            }
            let isQuiet = last["rookery_sync_pending_batches"] == 0
            let missing = relays.map {
                last["rookery_sync_missing_items{relay=\"ws://127.0.0.1:\($0.port)\"}"] ?? 1
            }
            return isQuiet && last["rookery_store_events"] == Double(count) && missing.allSatisfy { $0 == 0 }
        }
        outcome.seconds = Clock.now - start
        outcome.processor = last["process_cpu_seconds_total"] ?? 0
        outcome.memory = last["rookery_memory_anonymous_bytes"] ?? 0
        outcome.bytes = last["rookery_sync_received_bytes_total"] ?? 0
        outcome.requests = relays.map { $0.metrics[Self.requests] ?? 0 }.reduce(0, +) - before
        outcome.subscriptions = last.filter { $0.key.hasPrefix("rookery_sync_subscriptions{") }.values.reduce(
            0, +)
        return outcome
    }

    private static let requests = "rookery_relay_client_messages_total{verb=\"REQ\"}"
}
