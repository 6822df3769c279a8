// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// `rookery import` of mixed events into an empty store, durable, against the C library's own verify rate.
struct ImportBench {
    let binary: String
    let file: String
    let count: Int
    let directory: String

    /// What one run showed.
    struct Outcome {
        let floor: Double
        let rate: Double
        let cost: MeasuredProcess.Cost
        var ratio: Double { rate / floor }
    }

    /// Measures the floor just before and just after the import: this machine may not be as fast in a minute.
    func run(_ floor: VerifyFloor) throws -> Outcome {
        try? FileManager.default.removeItem(atPath: directory)
        let before = floor.measure()
        let process = try MeasuredProcess(
            binary, ["import", file, "--data-dir", directory], log: directory + ".import.log")
        let cost = process.wait()
        guard cost.code == 0 else {
            throw MeasuredProcess.Failed(
                description: "rookery import ended with \(cost.code): see \(directory).import.log")
        }
        let after = floor.measure()
        return Outcome(floor: (before + after) / 2, rate: Double(count) / cost.seconds, cost: cost)
    }
}
