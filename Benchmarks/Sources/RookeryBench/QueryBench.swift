// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// REQ until EOSE, one at a time on each of several connections.
struct QueryBench {
    let name: String
    let what: String
    let filters: [String]
    var connections = 8
    var seconds = 1.0
    /// Whether its events are counted, not its answers.
    var isScan = false

    /// Asks as long as it is given; what is under way at the end counts no more, and must be answered nevertheless.
    func measure(port: Int, relay: MeasuredProcess? = nil) throws -> Load {
        let frames = frames
        let group = try LoadGroup(port: port, saying: [FrameList](repeating: frames, count: connections))
        var asked = (0..<connections).map { $0 * 7919 % frames.count }
        var starts = [Double](repeating: 0, count: connections)
        var (load, spans) = (Load(), [Double]())
        spans.reserveCapacity(1 << 18)
        func ask(_ worker: Int) throws {
            starts[worker] = Clock.now
            try group.say(asked[worker], on: worker)
            asked[worker] = (asked[worker] + 1) % frames.count
        }
        load.effort = try Effort(of: relay) {
            let end = Clock.now + seconds
            for worker in 0..<connections { try ask(worker) }
            while Clock.now < end {
                try group.turn(seconds: 0.1) { worker, answer in
                    switch answer {
                    case .event: load.events += 1
                    case .endOfStored:
                        spans.append(Clock.now - starts[worker])
                        try ask(worker)
                    // Some relays close what can bring nothing more, after its EOSE.
                    case .closed, .other: break
                    case .accepted, .refused:
                        throw LoadConnection.Failed(description: "an answer to no question")
                    }
                }
            }
        }
        var open = connections
        let patience = Clock.now + 20
        while open > 0 {
            try group.turn(seconds: 0.1) { _, answer in open -= answer == .endOfStored ? 1 : 0 }
            guard Clock.now < patience else {
                throw LoadConnection.Failed(description: "\(name): a request was not answered")
            }
        }
        load.operations = spans.count
        load.latencies = Latencies(spans)
        return load
    }

    /// Each request in a frame, and before it in the same write the one that closes its predecessor.
    private var frames: FrameList {
        var frames = FrameList()
        for (number, filter) in filters.enumerated() {
            let last = (number + filters.count - 1) % filters.count
            frames.append(
                Array("[\"CLOSE\",\"\(last)\"]".utf8), Array("[\"REQ\",\"\(number)\",\(filter)]".utf8))
        }
        return frames
    }

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
        func query(
            _ name: String, _ what: String, _ count: Int = 2000, _ filter: (Event) -> String?
        ) -> QueryBench {
            QueryBench(name: "query-\(name)", what: what, filters: some(count) { event, _ in filter(event) })
        }
        let day: Int64 = 86_400
        let addresses = events.compactMap { $0.firstValue(of: "a") }
        let fifty = some(200) { _, rng in
            let list = (0..<50).map { _ in "\"\(rng.pick(addresses))\"" }.joined(separator: ",")
            return ##"{"kinds":[1617,1618,1621],"#a":[\##(list)]}"##
        }
        return [
            query("id", "by id") { #"{"ids":["\#($0.id)"]}"# },
            query("author-kind", "author + kind 1, limit 20") {
                $0.kind == 1 ? #"{"authors":["\#($0.pubkey)"],"kinds":[1],"limit":20}"# : nil
            },
            query("e", "by #e") { $0.firstValue(of: "e").map { ##"{"#e":["\##($0)"]}"## } },
            query("a", "issues and patches by #a") {
                $0.firstValue(of: "a").map { ##"{"kinds":[1617,1618,1621],"#a":["\##($0)"]}"## }
            },
            QueryBench(
                name: "query-a-50", what: "issues and patches by #a of 50 repositories", filters: fifty),
            query("day", "kinds 1, 7 in a day", 500) {
                #"{"kinds":[1,7],"since":\#($0.createdAt),"until":\#($0.createdAt.advanced(by: day))}"#
            },
            query("since-500", "kind 1 since, limit 500", 200) {
                #"{"kinds":[1],"since":\#($0.createdAt),"limit":500}"#
            },
            QueryBench(
                name: "scan", what: "everything", filters: [#"{"limit":10000000}"#], connections: 1,
                isScan: true),
        ]
    }
}
