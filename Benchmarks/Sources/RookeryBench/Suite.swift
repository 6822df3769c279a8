// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// Everything that is measured, in its order: one relay after the other has the machine.
struct Suite {
    private let binary: String
    private let directory: String
    private let cache: String
    /// Mixed events of the first store, and of the one that is large.
    private let (events, many): (Int, Int)
    private let report: Report

    /// - Parameter words: the program's arguments.
    init(_ words: [String]) throws {
        (binary, directory) = (words[0], words[1])
        var (flags, names, isQuick) = ([String: String](), [String](), false)
        var rest = words.dropFirst(2)
        while let word = rest.popFirst() {
            switch word {
            case "--quick": isQuick = true
            case _ where word.hasPrefix("--"): flags[word] = rest.popFirst()
            default: names.append(word)
            }
        }
        events = flags["--events"].flatMap { Int($0) } ?? (isQuick ? 10_000 : 100_000)
        many = flags["--many"].flatMap { Int($0) } ?? (isQuick ? 0 : 1_000_000)
        cache = flags["--cache"] ?? directory
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        report = try Report(isQuick: isQuick, only: names, file: flags["--json"] ?? directory + "/rows.jsonl")
    }

    func run() async throws {
        let isAboutStore = report.wants(
            anyOf: "floor", "import", "query", "scan", "publish", "duplicates", "many", "start", "peer")
        if isAboutStore {
            let data = try DataSet(events, cache: cache)
            if let making = data.making {
                try report.add(Row("generate", "events made and signed", making, "/s"))
            }
            let live = MixedEvents().live
            try FloorBench(report: report, directory: directory, data: data, live: live).run()
            let small = try serving(data, live)
            try large(beside: small)
            try PeerBench(report: report, binary: binary, directory: directory, live: live).run(data)
        }
        try LiveBench(report: report, binary: binary, directory: directory).run()
        try ConnectionBench(
            report: report, binary: binary, directory: directory, connections: min(10_000, events / 10)
        ).run()
        try BridgeBench(report: report, binary: binary, directory: directory).run()
        if report.wants(anyOf: "gather") {
            try GatherBench(
                report: report, binary: binary, directory: directory, repositories: max(10, events / 100)
            ).run()
        }
        if report.wants(anyOf: "negentropy") {
            try NegentropyBench(
                report: report, binary: binary, directory: directory, count: events * 94 / 100
            ).run()
        }
        // Hundreds of upstreams take a minute to tell anything.
        if !report.isQuick, report.wants(anyOf: "stall") {
            try await StallBench(report: report, binary: binary, directory: directory).run()
        }
    }

    /// - Returns: what each query reached.
    private func serving(_ data: DataSet, _ live: [Event]) throws -> [String: AskBench.Reached] {
        guard report.wants(anyOf: "import", "query", "scan", "publish", "duplicates", "many") else {
            return [:]
        }
        let (store, ingest) = (
            directory + "/store", IngestBench(report: report, binary: binary, directory: directory)
        )
        try ingest.importing(
            data, into: store, as: "import", rounds: report.wants("import") ? report.rounds : 1)
        let relay = try Self.relay(binary, store)
        defer { _ = relay.process.stop() }
        let values = try AskBench(report: report, directory: directory, relay: relay, samples: data).run()
        try ingest.publishing(live, to: relay, data)
        return values
    }

    /// The same questions to a store of very many events.
    private func large(beside small: [String: AskBench.Reached]) throws {
        guard many > 0, report.wants(anyOf: "many", "start") else { return }
        let data = try DataSet(many, cache: cache)
        if let making = data.making {
            try report.add(Row("generate-many", "events made and signed", making, "/s"))
        }
        let store = directory + "/many"
        try IngestBench(report: report, binary: binary, directory: directory)
            .importing(data, into: store, as: "many-import", rounds: 1)
        try StartBench(report: report, binary: binary, directory: directory).run(store, many)
        let relay = try Self.relay(binary, store)
        defer { _ = relay.process.stop() }
        try report.add(
            Row(
                "many-memory", "anonymous memory, serving \(many) events, nothing asked yet",
                Double(relay.process.memory().anonymous) / 1e6, "MB"))
        try AskBench(report: report, directory: directory, relay: relay, samples: data)
            .run(prefix: "many-", beside: small)
        try? FileManager.default.removeItem(atPath: store)
    }

    /// It answers as much as is asked for, and takes events of next year.
    static func relay(_ binary: String, _ store: String) throws -> RunningRelay {
        try RunningRelay(
            binary, store,
            """
            log_level = "error"
            [relay.limits]
            max_limit = 100000000
            created_at_upper_limit = 0
            """)
    }
}
