// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
import Foundation
import NostrCore

/// REQ until EOSE, one at a time on each of several connections.
struct QueryBench {
    let name: String
    let filters: [String]
    var connections = 8
    var seconds = 2.0

    /// One row of the table.
    func run(port: Int) throws -> Row {
        let (latencies, events) = try measure(port: port)
        return Row(
            "REQ \(name)", String(format: "%.0f /s", Double(latencies.count) / seconds),
            String(format: "%.0f events/s, p50/p99 %@", Double(events) / seconds, latencies.description))
    }

    /// How late each request was answered, and how many events all of them brought.
    func measure(port: Int) throws -> (latencies: Latencies, events: Int) {
        let results = try inParallel(connections) { worker in try ask(port, from: worker) }
        return (Latencies(results.flatMap(\.spans)), results.map(\.events).reduce(0, +))
    }

    private func ask(_ port: Int, from worker: Int) throws -> (spans: [Double], events: Int) {
        let connection = try LoadConnection(port: port)
        let close = LoadConnection.frame(#"["CLOSE","q"]"#)
        var (spans, events, number) = ([Double](), 0, worker * 7919)
        let end = Clock.now + seconds
        while Clock.now < end {
            let request = LoadConnection.frame("[\"REQ\",\"q\",\(filters[number % filters.count])]")
            number += 1
            let start = Clock.now
            try connection.write(request)
            reading: while true {
                switch try connection.next() {
                case .event: events += 1
                case .endOfStored: break reading
                case .accepted, .refused: continue
                // Some relays close what can bring nothing more, after its EOSE: it comes with the next answer.
                case .other where connection.message.starts(with: Self.closing): continue
                case .other:
                    let text = String(decoding: connection.message.prefix(200), as: UTF8.self)
                    throw LoadConnection.Failed(description: "a query was refused: \(text)")
                }
            }
            spans.append(Clock.now - start)
            try connection.write(close)
        }
        return (spans, events)
    }

    private static let closing = Array(#"["CLOSED","q",""]"#.utf8)

    /// The questions of the table, about events that are there.
    static func table(about events: [Event]) -> [QueryBench] {
        var rng = SeededGenerator(seed: 5)
        func some(_ count: Int, _ filter: (Event, inout SeededGenerator) -> String?) -> [String] {
            var filters: [String] = []
            while filters.count < count {
                if let filter = filter(rng.pick(events), &rng) { filters.append(filter) }
            }
            return filters
        }
        let day: Int64 = 86_400
        return [
            QueryBench(name: "by id", filters: some(2000) { event, _ in #"{"ids":["\#(event.id)"]}"# }),
            QueryBench(
                name: "author + kind 1, limit 20",
                filters: some(2000) { event, _ in
                    event.kind == 1 ? #"{"authors":["\#(event.pubkey)"],"kinds":[1],"limit":20}"# : nil
                }),
            QueryBench(
                name: "by #e",
                filters: some(2000) { event, _ in event.firstValue(of: "e").map { ##"{"#e":["\##($0)"]}"## } }
            ),
            QueryBench(
                name: "kinds 1, 7 in a day",
                filters: some(500) { event, _ in
                    #"{"kinds":[1,7],"since":\#(event.createdAt),"until":\#(event.createdAt.advanced(by: day))}"#
                }),
            QueryBench(
                name: "kind 1 since, limit 500",
                filters: some(500) { event, _ in #"{"kinds":[1],"since":\#(event.createdAt),"limit":500}"# }),
            QueryBench(
                name: "issues and patches by #a",
                filters: some(2000) { event, _ in
                    event.firstValue(of: "a").map { ##"{"kinds":[1617,1618,1621],"#a":["\##($0)"]}"## }
                }),
            QueryBench(name: "newest 5,000 of all", filters: ["{}"], connections: 1),
        ]
    }
}

/// Runs `body` on `count` threads and gathers what they return.
func inParallel<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) throws -> Result) throws -> [Result] {
    let results = [Swift.Result<Result, any Error>](unsafeUninitializedCapacity: count) {
        buffer, initialized in
        nonisolated(unsafe) let slots = buffer
        // Not concurrentPerform: these threads wait for sockets, and there are more of them than cores.
        let group = DispatchGroup()
        withoutActuallyEscaping(body) { body in
            for worker in 0..<count {
                let queue = DispatchQueue(label: "worker \(worker)")
                queue.async(group: group) {
                    slots.initializeElement(at: worker, to: Swift.Result { try body(worker) })
                }
            }
            group.wait()
        }
        initialized = count
    }
    return try results.map { try $0.get() }
}
