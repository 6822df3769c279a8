// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore

/// What live delivery to a thousand subscribers takes: how late it comes, beside a floor that only writes to sockets, and
/// what it costs the processor.
struct LiveBench {
    let binary: String
    let directory: String
    let subscribers = 1_000

    func run() throws {
        let relay = try RunningRelay(binary, directory + "/live", "log_level = \"error\"\n")
        defer { _ = relay.process.stop() }
        let notes = notes(9_000)
        try latency(relay, notes[..<1_500])
        try cost(relay, notes[1_500...])
    }

    /// A hundred events a second, five seconds, three times in turn with the floor.
    private func latency(_ relay: RunningRelay, _ notes: ArraySlice<Event>) throws {
        var rounds: [(floor: Latencies, ours: Latencies, ratio: Double)] = []
        for round in 0..<3 {
            let share = notes[(round * 500)..<(round * 500 + 500)]
            let bench = FanOutBench(subscribers: subscribers, window: share.count, pace: 100)
            let bare = try Bare(log: directory + "/bare.log")
            let floor = try bench.measure(Array(share), port: bare.port).latencies
            bare.stop()
            let ours = try bench.measure(Array(share), port: relay.port).latencies
            rounds.append((floor, ours, ours.quantile(0.99) / floor.quantile(0.99)))
        }
        let median = rounds.sorted { $0.ratio < $1.ratio }[1]
        let all = rounds.map { String(format: "%.2f", $0.ratio) }.joined(separator: ", ")
        Row("bare sockets: live to \(subscribers), 100 events/s", "p50/p99 \(median.floor.description)")
            .show()
        Row("rookery: live to \(subscribers), 100 events/s", "p50/p99 \(median.ours.description)").show()
        Row("p99 ÷ bare p99", String(format: "**%.2f**", median.ratio), "rounds: \(all); aim: at most 3")
            .show()
    }

    /// A thousand events a second; the subscribers read a thousand times a second at most, so that the relay has the
    /// processor.
    private func cost(_ relay: RunningRelay, _ notes: ArraySlice<Event>) throws {
        let bench = FanOutBench(subscribers: subscribers, window: notes.count, pace: 1000, pause: 0.001)
        let load = try bench.measure(Array(notes), port: relay.port, relay: relay.process)
        Row(
            "rookery: live to \(subscribers), 1000 events/s",
            String(format: "**%.2f** of a core", load.effort.relay / load.effort.seconds),
            String(format: "%@ a delivery, %.0f deliveries/s; aim: at most one core", load.cost, load.rate)
        ).show()
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
