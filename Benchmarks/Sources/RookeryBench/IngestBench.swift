// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// Events that come in: from a file into an empty store, and over sockets.
struct IngestBench {
    let report: Report
    let binary: String
    let directory: String

    /// Imports into an empty store, durable; it is left for whoever asks it.
    func importing(_ data: DataSet, into store: String, as name: String, rounds: Int) throws {
        let verify = VerifyFloor(data.samples)
        let bench = ImportBench(binary: binary, file: data.file, count: data.count, directory: store)
        let outcomes = try (0..<rounds).map { _ in try bench.run(verify) }
        let middle = outcomes.sorted { $0.rate < $1.rate }[(rounds - 1) / 2]
        let count = Double(data.count)
        var row = Row(name, "import of \(data.count) mixed events, durable", outcomes.map(\.rate), "/s")
            .floor("verify, 2 threads", outcomes.map(\.floor)).aim(ratioAtLeast: 0.8)
            .note(String(format: "must: 0.67; %.1f s", middle.cost.seconds))
        row.relayCost = middle.cost.processorSeconds / count * 1e6
        try report.add(row)
        try report.add(
            Row(
                "\(name)-memory", "peak anonymous memory of that import",
                outcomes.map { Double($0.cost.peakAnonymous) / 1e6 }, "MB"
            ).aim(atMost: 150))
        let bytes = Double(DiskUse.bytes(store))
        try report.add(
            Row("\(name)-disk", "disk for an event of \(data.count), indexes and all", bytes / count, "bytes")
                .floor("its JSON", [Double(data.bytes) / count]).aim(ratioAtMost: 1.7))
    }

    /// Publishes what is new, and then again what is known.
    func publishing(_ live: [Event], to relay: RunningRelay, _ data: DataSet) throws {
        let notes = Array(live.dropLast(1_200))
        let verify = VerifyFloor(data.samples)
        for (index, load) in [(1, 256), (8, 64), (64, 64)].enumerated() {
            let name = "publish-\(load.0)"
            guard report.wants(name) || report.wants("duplicates") else { continue }
            let share = notes[(index * notes.count / 3)..<((index + 1) * notes.count / 3)]
            let parts = report.rounds
            var (loads, floors): ([Load], [Double]) = ([], [])
            for part in 0..<parts {
                let first = share.startIndex + part * share.count / parts
                let end = share.startIndex + (part + 1) * share.count / parts
                floors.append(verify.measure(seconds: report.seconds / 2, cores: 1))
                loads.append(
                    try PublishBench(connections: load.0, window: load.1)
                        .measure(Array(notes[first..<end]), port: relay.port, relay: relay.process))
            }
            let row = Row(
                name, "EVENT to OK, durable, \(load.0) × \(load.1) outstanding", loads.map(\.rate), "/s"
            ).floor("verify, 1 thread", floors).cost(loads)
            try report.add(load.0 == 64 ? row.aim(ratioAtLeast: 0.7) : row)
        }
        guard report.wants("duplicates") else { return }
        let bare = try Bare(log: directory + "/bare.log")
        defer { bare.stop() }
        let bench = PublishBench(connections: 8, window: 256)
        // So that every one of them is known.
        _ = try bench.measure(notes, port: relay.port)
        var (loads, floors): ([Load], [Load]) = ([], [])
        for _ in 0..<report.rounds {
            floors.append(try bench.measure(notes, port: bare.port))
            loads.append(try bench.measure(notes, port: relay.port, relay: relay.process))
        }
        try report.add(
            Row("duplicates", "EVENT to OK of known events, 8 × 256 outstanding", loads.map(\.rate), "/s")
                .floor("a server that does nothing", floors.map(\.rate)).aim(atLeast: 300_000).cost(loads))
    }
}

/// **Bytes** on disk.
enum DiskUse {
    /// Of a file, or of everything in a directory.
    static func bytes(_ path: String) -> Int {
        let inside = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return ([path] + inside.map { "\(path)/\($0)" }).map { path in
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
            return Int(status.st_blocks) * 512
        }.reduce(0, +)
    }
}
