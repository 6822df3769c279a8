// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// Queries, each in turn with a server that gives the same bytes and does nothing else.
struct AskBench {
    let report: Report
    let directory: String
    let relay: RunningRelay
    let samples: DataSet

    /// What a query must reach: **requests or events a second**.
    private static let aims: [String: Double] = [
        "query-id": 60_000, "query-author-kind": 30_000, "query-e": 35_000, "query-since-500": 2_400,
        "scan": 700_000,
    ]

    /// What a query reached, each **a second**.
    struct Reached {
        let answers: Double
        let events: Double
    }

    /// - Parameters:
    ///   - prefix: of the rows' names; with one there are no aims of their own, and not everything is asked for.
    ///   - before: what the same queries reached with a smaller store.
    /// - Returns: what each query reached.
    @discardableResult
    func run(prefix: String = "", beside before: [String: Reached] = [:]) throws -> [String: Reached] {
        var all: [String: Reached] = [:]
        for query in QueryBench.table(about: samples.samples) where report.wants(prefix + query.name) {
            if query.isScan, !prefix.isEmpty { continue }
            let (row, reached) = try measure(query, prefix)
            all[query.name] = reached
            // Where answers are longer in a larger store, their events are compared.
            let kept = before[query.name].map {
                max(reached.answers / $0.answers, reached.events / $0.events)
            }
            try report.add(kept.map { row.aim(keeping: 0.5, of: "the smaller store", kept: $0) } ?? row)
        }
        return all
    }

    private func measure(_ query: QueryBench, _ prefix: String) throws -> (Row, Reached) {
        var query = query
        query.seconds = report.seconds
        let file = directory + "/answers"
        try RecordedAnswers.record(query.filters, port: relay.port, into: file)
        let bare = try Bare(answers: file, log: directory + "/bare.log")
        defer { bare.stop() }
        // What is asked first is read from the disk.
        query.seconds = 0.2
        _ = try query.measure(port: relay.port)
        query.seconds = report.seconds
        var (loads, floors): ([Load], [Load]) = ([], [])
        for _ in 0..<report.rounds {
            floors.append(try query.measure(port: bare.port))
            loads.append(try query.measure(port: relay.port, relay: relay.process))
        }
        let events = { (load: Load) in Double(load.events) / load.effort.seconds }
        let counts = query.isScan ? events : \.rate
        let row = Row(
            prefix + query.name, "REQ \(query.what)", loads.map(counts), query.isScan ? "events/s" : "/s"
        ).floor("the same bytes from a server that does nothing", floors.map(counts)).cost(loads)
        let reached = Reached(answers: loads.map(\.rate).median, events: loads.map(events).median)
        let noted = row.note(String(format: "%.1f events each", reached.events / reached.answers))
        guard prefix.isEmpty, let aim = Self.aims[query.name] else { return (noted, reached) }
        return (noted.aim(atLeast: aim), reached)
    }
}
