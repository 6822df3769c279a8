// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport

/// A part of the status page that changes by itself. Its name is that of its element and of its events.
enum StatusSection: String, CaseIterable, Hashable, Sendable {
    case health, figures, rates, queues, problems, upstreams, repositories

    var title: String {
        switch self {
        case .health: "Health"
        case .figures: "Now"
        case .rates: "Over the last minute"
        case .queues: "Queues"
        case .upstreams: "Upstream relays"
        case .repositories: "Repositories"
        case .problems: "Recent problems"
        }
    }

    /// All there are of a report.
    static func all(of report: StatusReport) -> [StatusSection: HTML] {
        var sections: [StatusSection: HTML] = [:]
        for section in allCases { sections[section] = section.html(report) }
        return sections
    }

    /// - Returns: `nil` when the report has nothing of the kind.
    private func html(_ report: StatusReport) -> HTML? {
        switch self {
        case .health: Self.health(report)
        case .figures: report.figures.isEmpty ? nil : Self.tiles(report.figures)
        case .rates: report.rates.isEmpty ? nil : Self.tiles(report.rates)
        case .queues: report.queues.isEmpty ? nil : Self.queues(report.queues)
        case .upstreams: report.upstreams.map(Self.upstreams)
        case .repositories: report.repositories.map(Self.repositories)
        case .problems: report.problems.map { Self.problems($0, at: report.at) }
        }
    }
}
