// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
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
            let bare = try BareFanOut()
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

    /// A thousand events a second; the subscribers throw away what they read, so that the relay has the processor.
    private func cost(_ relay: RunningRelay, _ notes: ArraySlice<Event>) throws {
        let request = LoadConnection.frame(##"["REQ","live",{"#t":["fanout"],"limit":0}]"##)
        let connections = try (0..<subscribers).map { _ in
            let connection = try LoadConnection(port: relay.port, holding: 1 << 10)
            try connection.write(request)
            while try connection.next() != .endOfStored {}
            return connection
        }
        let publisher = try LoadConnection(port: relay.port)
        // `["EVENT","live",…]`, and a frame's header of four bytes.
        let expected = notes.reduce(0) { $0 + $1.json.count + 17 + 4 } * subscribers
        let group = DispatchGroup()
        DispatchQueue(label: "subscribers").async(group: group) { Self.drain(connections, until: expected) }
        let (start, before) = (Clock.now, relay.process.processorSeconds())
        for (number, note) in notes.enumerated() {
            Clock.sleep(until: start + Double(number) / 1000)
            try publisher.write(
                LoadConnection.frame(Array("[\"EVENT\",".utf8) + note.json + [UInt8(ascii: "]")]))
        }
        group.wait()
        let seconds = Clock.now - start
        let spent = relay.process.processorSeconds() - before
        let count = Double(notes.count * subscribers)
        Row(
            "rookery: live to \(subscribers), 1000 events/s",
            String(format: "**%.2f** of a core", spent / seconds),
            String(
                format: "%.2f µs a delivery, %.0f deliveries/s; aim: at most one core",
                spent / count * 1e6, count / seconds)
        ).show()
    }

    private static func drain(_ connections: [LoadConnection], until expected: Int) {
        var polls = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var (got, patience) = (0, Clock.now + 60)
        while got < expected {
            guard Clock.now < patience else { preconditionFailure("\(expected - got) bytes are missing") }
            guard poll(&polls, nfds_t(polls.count), 100) > 0 else { continue }
            for poll in polls where poll.revents != 0 {
                got += max(
                    0, recv(poll.fd, nil, 1 << 20, Int32(MSG_TRUNC) | Int32(MSG_DONTWAIT)))
            }
            patience = Clock.now + 60
            // As a client that has other things to do: what comes within a millisecond is read at once.
            usleep(1_000)
        }
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
