// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore

/// What `rookery scan --explain` tells.
struct ScanExplanation: Codable, Hashable {
    /// One a filter.
    var filters: [QueryExplanation]
    var matches: Int
    /// Index entries read, with ten for every event looked at.
    var work: Int
    var seconds: Double

    init(filters: [QueryExplanation], matches: Int, work: Int, time: Duration) {
        self.filters = filters
        self.matches = matches
        self.work = work
        seconds = time / .seconds(1)
    }

    /// For people.
    var lines: [String] {
        var lines: [String] = []
        for (number, plan) in filters.enumerated() {
            let title = filters.count > 1 ? "filter \(number + 1)  " : ""
            lines.append("\(title)read from  \(Self.text(plan.chosen))")
            lines += plan.others.map { "  instead of  \(Self.text($0))" }
        }
        lines.append(
            "\(Numbers.grouped(matches)) matches, \(Numbers.grouped(work)) units of work, "
                + "\(ConfigValue.spelt((seconds * 1e6).rounded() / 1e3)) ms")
        return lines
    }

    private static func text(_ way: QueryExplanation.Way) -> String {
        "\(way.index): \(Numbers.grouped(way.values)) \(way.values == 1 ? "value" : "values"), about "
            + "\(Numbers.grouped(way.entries)) entries, "
            + (way.isExact ? "every one a match" : "each event is looked at")
    }
}
