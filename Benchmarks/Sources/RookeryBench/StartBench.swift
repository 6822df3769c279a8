// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// How soon a store of many events is served: from the start of the process to the end of the first handshake.
struct StartBench {
    let report: Report
    let binary: String
    let directory: String

    func run(_ store: String, _ count: Int) throws {
        guard report.wants("start") else { return }
        var (spans, floors): ([Double], [Double]) = ([], [])
        for round in 0..<5 {
            let start = Clock.now
            _ = try MeasuredProcess(binary, ["--version"], log: directory + "/version.log").end()
            floors.append((Clock.now - start) * 1e3)
            spans.append(try serve(store, round) * 1e3)
        }
        try report.add(
            Row("start", "start with \(count) events until the first client is in", spans, "ms")
                .floor("`rookery --version`", floors).aim(atMost: 200))
    }

    private func serve(_ store: String, _ round: Int) throws -> Double {
        let port = try LoopbackSocket.freePort()
        let start = Clock.now
        let relay = try MeasuredProcess(
            binary, ["serve", "--data-dir", store, "--listen", "127.0.0.1:\(port)"],
            log: "\(directory)/start\(round).log")
        defer { _ = relay.stop() }
        while (try? LoadConnection(port: port, holding: 512)) == nil {
            guard Clock.now < start + 60 else {
                throw MeasuredProcess.Failed(description: "see \(directory)/start\(round).log")
            }
            usleep(500)
        }
        return Clock.now - start
    }
}
