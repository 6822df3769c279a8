// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
import Foundation
import Glibc
import NostrCore

/// One publisher, many live subscribers; every delivery is counted.
struct FanOutBench {
    let subscribers: Int
    /// Events not yet delivered to everybody that the publisher may have outstanding.
    let window: Int
    /// Events offered in a **second**; `nil` for as many as ``window`` lets through.
    var pace: Double?

    func run(_ events: ArraySlice<Event>, port: Int) throws -> Row {
        let (rate, latencies) = try measure(Array(events), port: port)
        return Row(
            "fan-out to \(subscribers), \(window) outstanding", String(format: "%.0f deliveries/s", rate),
            "p50/p99 \(latencies.description)")
    }

    /// Deliveries in a **second**, and how late each was.
    func measure(_ events: [Event], port: Int) throws -> (rate: Double, latencies: Latencies) {
        let request = LoadConnection.frame(##"["REQ","live",{"#t":["fanout"],"limit":0}]"##)
        let connections = try (0..<subscribers).map { _ in
            let connection = try LoadConnection(port: port)
            try connection.write(request)
            while try connection.next() != .endOfStored {}
            return connection
        }
        let publisher = try LoadConnection(port: port)
        let tally = Tally(expected: events.count * subscribers)
        let group = DispatchGroup()
        for part in 0..<2 {
            let share = stride(from: part, to: subscribers, by: 2).map { connections[$0] }
            DispatchQueue(label: "subscribers \(part)").async(group: group) { tally.follow(share) }
        }
        let start = Clock.now
        for (number, event) in events.enumerated() {
            tally.waitUntil(delivered: (number - window + 1) * subscribers)
            if let pace {
                while Clock.now < start + Double(number) / pace { usleep(500) }
            }
            tally.published()
            try publisher.write(
                LoadConnection.frame(Array("[\"EVENT\",".utf8) + event.json + [UInt8(ascii: "]")]))
        }
        tally.waitUntil(delivered: events.count * subscribers)
        let seconds = Clock.now - start
        group.wait()
        return (Double(events.count * subscribers) / seconds, tally.latencies)
    }

    /// Who got what, and how late.
    private final class Tally: @unchecked Sendable {
        // Guarded by `condition`.
        private let condition = NSCondition()
        private var starts: [Double] = []
        private var spans: [Double] = []
        private var delivered = 0
        private let expected: Int

        init(expected: Int) { self.expected = expected }

        var latencies: Latencies { condition.withLock { Latencies(spans) } }

        func published() { condition.withLock { starts.append(Clock.now) } }

        func waitUntil(delivered count: Int) {
            condition.withLock {
                let patience = Date(timeIntervalSinceNow: 60)
                while delivered < count {
                    precondition(condition.wait(until: patience), "a delivery is missing")
                }
            }
        }

        /// Reads from all of `connections` until everything has come.
        func follow(_ connections: [LoadConnection]) {
            var polls = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            var numbers = [Int](repeating: 0, count: connections.count)
            while !isComplete {
                guard poll(&polls, nfds_t(polls.count), 100) > 0 else { continue }
                var got: [Int] = []
                for (index, poll) in polls.enumerated() where poll.revents != 0 {
                    guard (try? connections[index].fill()) != nil else { return }
                    while let answer = connections[index].buffered() {
                        guard answer == .event else { continue }
                        got.append(numbers[index])
                        numbers[index] += 1
                    }
                }
                note(got)
            }
        }

        private var isComplete: Bool { condition.withLock { delivered >= expected } }

        private func note(_ numbers: [Int]) {
            let now = Clock.now
            condition.withLock {
                // Deliveries to one subscriber come in the order of publishing.
                spans += numbers.map { now - starts[$0] }
                delivered += numbers.count
                condition.broadcast()
            }
        }
    }
}
