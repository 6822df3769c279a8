// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the daemon does when a tool asks.
struct ControlAnswers: Sendable {
    let importer: EventImporter
    let status: @Sendable () -> DaemonStatus
    let reload: @Sendable () -> [String]

    @Sendable func answer(_ request: ControlRequest, _ lines: [LineBuffer.Line]) async -> ControlAnswer {
        switch request.command {
        case .ping: ControlAnswer()
        case .status: ControlAnswer(status: status())
        case .importEvents: ControlAnswer(report: await importer.judge(lines))
        case .reload: ControlAnswer(notes: reload())
        }
    }
}
