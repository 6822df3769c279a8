// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// One line of the table: a figure, what it is held against, and what it cost.
struct Row: Encodable {
    /// What ``Report/wants(_:)`` knows it by.
    let name: String
    let what: String
    let unit: String
    /// The median of ``runs``.
    var value: Double
    var runs: [Double]
    var floor: Floor?
    var aims: [Aim] = []
    /// **µs** of the relay's processor, and of the load generator's, for one operation.
    var relayCost: Double?
    var generatorCost: Double?
    /// **ms**.
    var p50: Double?
    var p99: Double?
    var peers: [Peer] = []
    var note: String?

    /// What the machine can do at best, measured in the same run.
    struct Floor: Encodable {
        let what: String
        let value: Double
        /// The row's value ÷ this one: the median of the runs, each beside its own floor.
        let ratio: Double
    }

    struct Aim: Encodable {
        let text: String
        /// How much of it is reached: 1 when it is just met, more when it is met with room to spare.
        let reach: Double
        var isMet: Bool { reach >= 1 }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Field.self)
            try fields.encode(text, forKey: .text)
            try fields.encode(reach, forKey: .reach)
            try fields.encode(isMet, forKey: .isMet)
        }

        private enum Field: CodingKey { case text, reach, isMet }
    }

    /// Another relay, asked the same.
    struct Peer: Encodable {
        let name: String
        /// `nil` when it gave up.
        let value: Double?
    }

    init(_ name: String, _ what: String, _ runs: [Double], _ unit: String) {
        (self.name, self.what, self.unit, self.runs) = (name, what, unit, runs)
        value = runs.median
    }

    init(_ name: String, _ what: String, _ value: Double, _ unit: String) {
        self.init(name, what, [value], unit)
    }

    /// - Parameter values: one for each run, in their order.
    func floor(_ what: String, _ values: [Double]) -> Row {
        var row = self
        let ratios = zip(runs, values).map { $0 / $1 }
        row.floor = Floor(what: what, value: values.median, ratio: ratios.median)
        return row
    }

    func aim(atLeast least: Double) -> Row { aim("≥ \(least.plain)", value / least) }
    func aim(atMost most: Double) -> Row { aim("≤ \(most.plain)", most / max(value, 1e-9)) }
    func aim(ratioAtLeast least: Double) -> Row {
        aim("≥ \(least.plain) × floor", (floor?.ratio ?? 0) / least)
    }
    func aim(ratioAtMost most: Double) -> Row {
        aim("≤ \(most.plain) × floor", most / max(floor?.ratio ?? .infinity, 1e-9))
    }

    /// - Parameter kept: the part of what `whole` reached.
    func aim(keeping least: Double, of whole: String, kept: Double) -> Row {
        aim(String(format: "≥ %.1f × of %@, is %.2f", least, whole, kept), kept / least)
    }

    private func aim(_ text: String, _ reach: Double) -> Row {
        var row = self
        row.aims.append(Aim(text: text, reach: reach))
        return row
    }

    /// What an operation cost, and how late it was answered: those of the run in the middle.
    func cost(_ loads: [Load]) -> Row {
        var row = self
        let load = loads.sorted { $0.rate < $1.rate }[loads.count / 2]
        let count = Double(max(load.operations, 1))
        row.relayCost = load.effort.relay / count * 1e6
        row.generatorCost = load.effort.generator / count * 1e6
        row.p50 = load.latencies.quantile(0.5) * 1e3
        row.p99 = load.latencies.quantile(0.99) * 1e3
        return row
    }

    func note(_ text: String) -> Row {
        var row = self
        row.note = text
        return row
    }
}

extension [Double] {
    /// The one in the middle; the lower of two.
    var median: Double { isEmpty ? 0 : sorted()[(count - 1) / 2] }
}

extension Double {
    /// `60,000`, `0.7`: no more digits than it has.
    var plain: String { formatted(.number.grouping(.automatic).locale(Locale(identifier: "en_US"))) }
}
