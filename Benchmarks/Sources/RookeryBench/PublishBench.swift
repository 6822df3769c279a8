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

    /// Events answered, and how late each was.
    func measure(_ events: [Event], port: Int, relay: MeasuredProcess? = nil) throws -> Load {
        let lists = (0..<connections).map { worker in
            var frames = FrameList()
            for index in stride(from: worker, to: events.count, by: connections) {
                frames.append(Self.message(events[index]))
            }
            return frames
        }
        let group = try LoadGroup(port: port, saying: lists)
        var (sent, answered) = (
            [Int](repeating: 0, count: connections), [Int](repeating: 0, count: connections)
        )
        var starts = lists.map { [Double](repeating: 0, count: $0.count) }
        var (load, spans) = (Load(), [Double]())
        spans.reserveCapacity(events.count)
        func fill(_ worker: Int) throws {
            let limit = min(lists[worker].count, answered[worker] + window)
            guard limit > sent[worker] else { return }
            let now = Clock.now
            for index in sent[worker]..<limit { starts[worker][index] = now }
            sent[worker] = limit
            try group.say(first: limit, on: worker)
        }
        load.effort = try Effort(of: relay) {
            for worker in 0..<connections { try fill(worker) }
            var patience = Clock.now + 60
            while spans.count < events.count {
                let (now, before) = (Clock.now, spans.count)
                try group.turn(seconds: 0.1) { worker, answer in
                    guard answer == .accepted || answer == .refused else { return }
                    guard answer == .accepted || mayRefuse else {
                        throw LoadConnection.Failed(description: "an event was refused")
                    }
                    // Answers come in the order of the questions.
                    spans.append(Clock.now - starts[worker][answered[worker]])
                    answered[worker] += 1
                }
                if spans.count > before { patience = now + 60 }
                guard now < patience else { throw LoadConnection.Failed(description: "an OK is missing") }
                for worker in 0..<connections { try fill(worker) }
            }
        }
        load.operations = spans.count
        load.latencies = Latencies(spans)
        return load
    }

    /// `["EVENT",…]`
    static func message(_ event: Event) -> [UInt8] {
        Array("[\"EVENT\",".utf8) + event.json + [UInt8(ascii: "]")]
    }
}
