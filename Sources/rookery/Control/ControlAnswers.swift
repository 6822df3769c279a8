// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NostrCore
import SyncPlanner
import Telemetry

/// What the daemon does when a tool asks.
struct ControlAnswers: Sendable {
    let importer: EventImporter
    let logger: Logger
    let status: @Sendable () -> DaemonStatus
    let activity: @Sendable () -> Activity
    let reload: Reloading.Reload
    /// Why a relay is followed; `nil` when it is not.
    let explain: @Sendable (RelayURL) async -> RelayExplanation?
    /// Why it is not.
    let absence: @Sendable (RelayURL) async -> RelayAbsence?
    /// Whoever takes orders for the bridge; `nil` when there is none.
    let bridge: BridgeDesk?

    @Sendable func answer(_ request: ControlRequest, _ lines: [LineBuffer.Line]) async -> ControlAnswer {
        switch request.command {
        case .status: ControlAnswer(status: status())
        case .activity: ControlAnswer(status: status(), activity: activity())
        case .explain: await explanation(of: request.relay ?? "")
        case .importEvents: ControlAnswer(report: await importer.judge(lines))
        case .reload: reloaded()
        case .remove: await removed(request.removal)
        case .makeTrees: await treesBegun()
        case .bridge: await bridged(request.bridge)
        }
    }

    private func explanation(of name: String) async -> ControlAnswer {
        guard let relay = try? RelayURL(name) else {
            return .failure("not the URL of a relay (wss://…): \(name.prefix(200))")
        }
        guard let explanation = await explain(relay) else {
            guard let absence = await absence(relay) else { return .failure("\(relay) is not followed") }
            return .failure(Self.text(relay, absence))
        }
        return ControlAnswer(explanation: UpstreamExplanation(explanation))
    }

    private func bridged(_ order: BridgeOrder?) async -> ControlAnswer {
        guard let order else { return .failure("there is no order") }
        guard let bridge else {
            return .failure("the daemon has no bridge: see [bridge] in its configuration")
        }
        do { return ControlAnswer(notes: try await bridge.perform(order)) } catch let error as PartlyDone {
            return ControlAnswer(error: error.problem, notes: error.lines)
        } catch {
            return .failure("\(error)")
        }
    }

    private func treesBegun() async -> ControlAnswer {
        await importer.ingest.makeTreesAnew()
            ? ControlAnswer() : .failure("the store cannot be written to now")
    }

    private func removed(_ removal: ControlRemoval?) async -> ControlAnswer {
        guard let order = removal?.order else {
            return .failure("not a list of event ids, or too long a one")
        }
        return ControlAnswer(removed: await importer.ingest.remove(order))
    }

    private static func text(_ relay: RelayURL, _ absence: RelayAbsence) -> String {
        let named = absence.announcements.prefix(20).map { "\n  \(UpstreamWords.short($0.description))" }
            .joined()
        let more = max(0, absence.announcements.count - 20)
        let again = absence.againIn.map {
            "; looked at again in \(DaemonStatus.span(Int($0.components.seconds)))"
        }
        return "\(relay) is not followed: \(absence.reason.rawValue)\(again ?? "")"
            + (named.isEmpty ? "" : "; named by\(named)") + (more > 0 ? "\n  … and \(more) more" : "")
    }

    private func reloaded() -> ControlAnswer {
        do {
            let notes = try reload()
            for note in notes { logger.notice("reloaded", metadata: [LogKey.change: "\(note)"]) }
            return ControlAnswer(notes: notes)
        } catch {
            logger.error("not reloaded", metadata: [LogKey.error: "\(error)"])
            return ControlAnswer(error: "not reloaded: \(error)", isConfigurationWrong: true)
        }
    }
}
