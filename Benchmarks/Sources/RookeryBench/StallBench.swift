// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport

/// Hundreds of upstreams at once: how long an event takes from its upstream to a client of ours, so past the store,
/// while they are all healthy, and while as many again are dead or stall.
struct StallBench {
    let report: Report
    let binary: String
    let directory: String
    /// Healthy upstreams, and bad ones.
    private let half = 250
    private let eventsPerRound = 3000
    private let eventsPerSecond = 250.0
    private let rounds = 3

    func run() async throws {
        let world = try await StallWorld(half)
        var (alone, beside, ratios) = (Outcome(), Outcome(), [Double]())
        for round in 0..<rounds {
            // One after the other, so that whatever else the machine does hits both.
            let first = try await measure(world, withBad: false, round: 2 * round)
            let second = try await measure(world, withBad: true, round: 2 * round + 1)
            alone.add(first)
            beside.add(second)
            ratios.append(second.latencies.quantile(0.99) / first.latencies.quantile(0.99))
        }
        try add(
            "stall-calm", "\(half) upstreams, \(Int(eventsPerSecond)) events/s, sent to delivered: p99", alone
        )
        try add("stall-beside", "the same beside \(half) that are dead or stall: p99", beside)
        try report.add(Row("stall", "p99 beside them ÷ p99", ratios, "×").aim(atMost: 2))
    }

    /// What some rounds showed.
    private struct Outcome {
        var spans: [Double] = []
        /// **Seconds** until all healthy ones were connected and complete.
        var settled: [Double] = []
        /// **Seconds** of processor time while events came.
        var processor = 0.0
        var latencies: Latencies { Latencies(spans) }

        mutating func add(_ other: Outcome) {
            spans += other.spans
            settled += other.settled
            processor += other.processor
        }
    }

    private func add(_ name: String, _ what: String, _ outcome: Outcome) throws {
        let settled = outcome.settled.map { String(format: "%.1f", $0) }.joined(separator: ", ")
        var row = Row(name, what, outcome.latencies.quantile(0.99) * 1e3, "ms")
            .note("all connected and complete after \(settled) s")
        row.relayCost = outcome.processor / Double(outcome.spans.count) * 1e6
        row.p50 = outcome.latencies.quantile(0.5) * 1e3
        row.p99 = row.value
        try report.add(row)
    }

    private func measure(_ world: StallWorld, withBad: Bool, round: Int) async throws -> Outcome {
        let announcer = withBad ? world.announcerOfAll : world.announcerOfHealthy
        let start = Clock.now
        let own = try RunningRelay(
            binary, "\(directory)/stall\(round)",
            """
            [relay]
            domain = "\(RepositoryEvents.service)"
            admission = "grasp"
            [sync]
            bootstrap = ["\(announcer.url)"]
            allow_private_addresses = true
            batch_window_ms = 100
            """)
        defer { _ = own.process.stop() }
        try own.wait { isSettled(own.metrics, world) }
        let settled = Clock.now - start
        let deliveries = try Deliveries(port: own.port)
        let notes = world.notes(eventsPerRound, round: round)
        var sent: [Double] = []
        let before = own.metrics[Self.processor] ?? 0
        let begin = Clock.now
        for (number, note) in notes.enumerated() {
            let due = begin + Double(number) / eventsPerSecond
            if due > Clock.now { usleep(UInt32((due - Clock.now).clamped * 1e6)) }
            sent.append(Clock.now)
            world.healthy[number % half].publish([note])
        }
        let arrived = try deliveries.wait(for: notes.map(\.id.hex))
        let processor = (own.metrics[Self.processor] ?? 0) - before
        for (number, note) in notes.enumerated() { world.healthy[number % half].remove([note.id]) }
        return Outcome(spans: zip(arrived, sent).map { $0 - $1 }, settled: [settled], processor: processor)
    }

    private static let processor = "process_cpu_seconds_total"

    private func isSettled(_ metrics: [String: Double], _ world: StallWorld) -> Bool {
        world.healthy.allSatisfy { relay in
            metrics["rookery_sync_relay_connected{relay=\"\(relay.url)\"}"] == 1
                && metrics["rookery_sync_missing_items{relay=\"\(relay.url)\"}"] == 0
        }
    }
}

extension Double {
    fileprivate var clamped: Double { max(0, min(1, self)) }
}

/// When each event came to a client that follows everything.
private final class Deliveries: @unchecked Sendable {
    // Guarded by `condition`; the connection is used by the one thread that reads it.
    private let condition = NSCondition()
    private var moments: [String: Double] = [:]
    private let connection: LoadConnection

    init(port: Int) throws {
        connection = try LoadConnection(port: port)
        try connection.write(LoadConnection.frame(##"["REQ","live",{"kinds":[1],"limit":0}]"##))
        while try connection.next() != .endOfStored {}
        DispatchQueue(label: "deliveries").async { [self] in follow() }
    }

    /// Until the relay goes away.
    private func follow() {
        let mark = Array("\"id\":\"".utf8)
        while let answer = try? connection.next() {
            guard answer == .event, let id = connection.message.firstRange(of: mark)?.upperBound else {
                continue
            }
            let text = String(decoding: connection.message[id...].prefix(64), as: UTF8.self)
            condition.withLock {
                moments[text] = Clock.now
                condition.broadcast()
            }
        }
    }

    /// The moments of these, in their order.
    func wait(for ids: [String]) throws -> [Double] {
        try condition.withLock {
            let patience = Date(timeIntervalSinceNow: 120)
            while !ids.allSatisfy({ moments[$0] != nil }) {
                guard condition.wait(until: patience) else {
                    throw MeasuredProcess.Failed(
                        description: "\(ids.count { moments[$0] == nil }) events are missing")
                }
            }
            return ids.compactMap { moments[$0] }
        }
    }
}
