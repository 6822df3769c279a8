// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// What the daemon does when a tool asks.
struct ControlAnswers: Sendable {
    let importer: EventImporter
    let status: @Sendable () -> DaemonStatus
    let reload: Reloading.Reload
    /// Why a relay is followed; `nil` when it is not.
    let explain: @Sendable (RelayURL) async -> RelayExplanation?

    @Sendable func answer(_ request: ControlRequest, _ lines: [LineBuffer.Line]) async -> ControlAnswer {
        switch request.command {
        case .status: ControlAnswer(status: status())
        case .explain: await explanation(of: request.relay ?? "")
        case .importEvents: ControlAnswer(report: await importer.judge(lines))
        case .reload: reloaded()
        }
    }

    private func explanation(of name: String) async -> ControlAnswer {
        guard let relay = try? RelayURL(name) else {
            return .failure("not the URL of a relay (wss://…): \(name.prefix(200))")
        }
        guard let explanation = await explain(relay) else {
            return .failure("\(relay) is not followed")
        }
        return ControlAnswer(explanation: UpstreamExplanation(explanation))
    }

    private func reloaded() -> ControlAnswer {
        do { return ControlAnswer(notes: try reload()) } catch { return .failure("not reloaded: \(error)") }
    }
}
