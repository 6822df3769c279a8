// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// EVENT until OK, several outstanding on each connection.
struct PublishBench {
    let connections: Int
    let window: Int
    /// Whether events may be refused, as replaced ones are.
    var mayRefuse = false

    /// Publishes `events`, each once; every one of them must be answered with true.
    func run(_ events: ArraySlice<Event>, port: Int) throws -> Row {
        let (rate, latencies) = try measure(Array(events), port: port)
        return Row(
            "EVENT, \(connections) × \(window) outstanding", String(format: "%.0f /s", rate),
            "p50/p99 \(latencies.description)")
    }

    /// Events answered in a **second**, and how late each was.
    func measure(_ events: [Event], port: Int) throws -> (rate: Double, latencies: Latencies) {
        let start = Clock.now
        let spans = try inParallel(connections) { worker in
            let share = stride(from: worker, to: events.count, by: connections).map { events[$0] }
            return try publish(share, port: port)
        }
        let seconds = Clock.now - start
        let latencies = Latencies(spans.flatMap { $0 })
        return (Double(latencies.count) / seconds, latencies)
    }

    private func publish(_ events: [Event], port: Int) throws -> [Double] {
        let connection = try LoadConnection(port: port)
        var (sent, answered) = (0, 0)
        var (starts, spans) = ([Double](), [Double]())
        while answered < events.count {
            var burst: [UInt8] = []
            while sent < events.count && sent - answered < window {
                burst += LoadConnection.frame(
                    Array("[\"EVENT\",".utf8) + events[sent].json + [UInt8(ascii: "]")])
                starts.append(Clock.now)
                sent += 1
            }
            if !burst.isEmpty { try connection.write(burst) }
            var answer: LoadConnection.Answer? = try connection.next()
            while let verdict = answer {
                guard verdict == .accepted || mayRefuse && verdict == .refused else {
                    throw LoadConnection.Failed(description: "an event was refused")
                }
                // Answers come in the order of the questions.
                spans.append(Clock.now - starts[answered])
                answered += 1
                answer = connection.buffered()
            }
        }
        return spans
    }
}
