// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// What live delivery to a thousand subscribers takes: how late it comes, beside a floor that only writes to sockets, how
/// much goes through at most, and what it costs the processor.
struct LiveBench {
    let report: Report
    let binary: String
    let directory: String
    let subscribers = 1_000

    func run() throws {
        guard report.wants(anyOf: "live", "fan-out") else { return }
        let relay = try RunningRelay(binary, directory + "/live", "log_level = \"error\"\n")
        defer { _ = relay.process.stop() }
        var notes = notes(report.isQuick ? 2_500 : 11_000)[...]
        if report.wants(anyOf: "live") { try latency(relay, &notes) }
        if report.wants("fan-out") { try throughput(relay, &notes) }
        if report.wants("live-busy") { try cost(relay, &notes) }
    }

    /// A hundred events a second, five seconds, in turn with the floor.
    private func latency(_ relay: RunningRelay, _ notes: inout ArraySlice<Event>) throws {
        var (loads, floors): ([Load], [Load]) = ([], [])
        for _ in 0..<report.rounds {
            let share = take(report.isQuick ? 100 : 500, of: &notes)
            let bench = FanOutBench(subscribers: subscribers, window: share.count, pace: 100)
            floors.append(try onBare { try bench.measure(share, port: $0.port, relay: $0.process) })
            loads.append(try bench.measure(share, port: relay.port, relay: relay.process))
        }
        for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
            let quantile = { (load: Load) in load.latencies.quantile(part) * 1e3 }
            try report.add(
                Row(
                    "live-\(name)", "100 events/s to \(subscribers) subscribers, \(name)",
                    loads.map(quantile), "ms"
                ).floor("bare sockets", floors.map(quantile)).aim(ratioAtMost: 2).cost(loads))
        }
    }

    private func throughput(_ relay: RunningRelay, _ notes: inout ArraySlice<Event>) throws {
        var (loads, floors): ([Load], [Load]) = ([], [])
        for _ in 0..<report.rounds {
            let share = take(report.isQuick ? 300 : 1_000, of: &notes)
            let bench = FanOutBench(subscribers: subscribers, window: 64)
            floors.append(try onBare { try bench.measure(share, port: $0.port, relay: $0.process) })
            loads.append(try bench.measure(share, port: relay.port, relay: relay.process))
        }
        try report.add(
            Row(
                "fan-out", "deliveries to \(subscribers) subscribers, 64 events outstanding",
                loads.map(\.rate), "/s"
            )
            .floor("bare sockets", floors.map(\.rate)).aim(atLeast: 1_000_000).cost(loads))
    }

    /// A thousand events a second; the subscribers read a thousand times a second at most, so that the relay has the
    /// processor.
    private func cost(_ relay: RunningRelay, _ notes: inout ArraySlice<Event>) throws {
        let share = take(report.isQuick ? 1_000 : 5_000, of: &notes)
        let bench = FanOutBench(subscribers: subscribers, window: share.count, pace: 1000, pause: 0.001)
        let load = try bench.measure(share, port: relay.port, relay: relay.process)
        try report.add(
            Row(
                "live-busy", "1,000 events/s to \(subscribers) subscribers: of a core",
                load.effort.relay / load.effort.seconds, "cores"
            ).aim(atMost: 1).cost([load]).note("\(load.rate.rounded().plain) deliveries/s"))
    }

    private func onBare(_ body: (Bare) throws -> Load) throws -> Load {
        let bare = try Bare(log: directory + "/bare.log")
        defer { bare.stop() }
        return try body(bare)
    }

    private func take(_ count: Int, of notes: inout ArraySlice<Event>) -> [Event] {
        defer { notes = notes.dropFirst(count) }
        return Array(notes.prefix(count))
    }

    private func notes(_ count: Int) -> [Event] {
        let key = MixedEvents().keys[0]
        return (0..<count).map { number in
            UnsignedEvent(
                pubkey: key.publicKey, createdAt: Timestamp(Int64(time(nil))), kind: .textNote,
                tags: [Tag(["t", "fanout"])], content: "\(number) " + String(repeating: "word ", count: 30)
            ).signed(by: key)
        }
    }
}
