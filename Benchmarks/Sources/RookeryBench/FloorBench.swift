// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// What this machine can do without a relay: the rows that others are ratios to, for their own sake.
struct FloorBench {
    let report: Report
    let directory: String
    let data: DataSet
    let live: [Event]

    func run() throws {
        guard report.wants(anyOf: "floor") else { return }
        let verify = VerifyFloor(data.samples)
        for cores in [1, 2] {
            let rates = (0..<report.rounds).map { _ in verify.measure(seconds: report.seconds, cores: cores) }
            try report.add(
                Row(
                    "floor-verify-\(cores)", "signatures verified by the C library, on \(cores) of the cores",
                    rates,
                    "/s"))
        }
        let sizes = data.samples.map(\.json.count)
        let disk = LMDBFloor(directory: directory + "/lmdb", sizes: sizes)
        let rates = try (0..<report.rounds).map { _ in try disk.measure() }
        try report.add(
            Row(
                "floor-lmdb-put", "values of the same sizes put into LMDB, 1,000 a commit, durable",
                rates.map(\.puts), "/s"))
        try report.add(
            Row("floor-lmdb-get", "values got from it, a transaction each", rates.map(\.gets), "/s"))
        let bare = try Bare(log: directory + "/bare.log")
        defer { bare.stop() }
        let echoes = try (0..<report.rounds).map { _ in
            try PublishBench(connections: 64, window: 64)
                .measure(Array(live.prefix(30_000)), port: bare.port, relay: bare.process)
        }
        try report.add(
            Row(
                "floor-echo", "EVENT to OK of a server that does nothing, 64 × 64 outstanding",
                echoes.map(\.rate), "/s"
            )
            .cost(echoes))
    }
}
