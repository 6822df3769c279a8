// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import Telemetry
import TweetCore

/// Writes to the log what the bridge does: a line of figures each minute, how the accounts are every ten, and both at the
/// end (R57).
struct BridgeChronicle: Sendable {
    let metering: BridgeMetering
    let logger: Logger
    /// Lines of figures between two about the accounts.
    var linesPerReport = 10
    /// Accounts in trouble that are named.
    private static let named = 20

    /// Goes on until it is cancelled.
    func run() async {
        let start = SystemClocks.uptime()
        var lines = 0
        while (try? await Task.sleep(for: .seconds(60))) != nil {
            lines += 1
            tellFigures("bridge", since: start)
            if lines % linesPerReport == 0 { tellAccounts() }
        }
        tellFigures("the bridge ends", since: start)
        tellAccounts()
    }

    func tellFigures(_ what: Logger.Message, since start: Uptime) {
        let tally = metering.now
        logger.info(
            what,
            metadata: [
                LogKey.uptime: "\((SystemClocks.uptime() - start).brief)",
                LogKey.pollCount: .number(tally.polls), LogKey.failedCount: .number(tally.failedPolls),
                LogKey.fetchedCount: .number(tally.fetched),
                LogKey.mirroredCount: .number(tally.mirrored),
                LogKey.leftOutCount: .number(tally.leftOut),
                LogKey.takenBackCount: .number(tally.takenBack),
                LogKey.spentToday: "\(Double(tally.spentToday) / 1_000_000)",
            ])
    }

    func tellAccounts() {
        let (health, failing) = (metering.health, metering.standing.failing(limit: Self.named))
        var facts: Logger.Metadata = [
            LogKey.status: "\(health.status.rawValue)", "polled": "\(metering.polledAccounts)",
            "failing": "\(health.failing)",
        ]
        if !health.reasons.isEmpty { facts[LogKey.reason] = "\(health.reasons.joined(separator: "; "))" }
        if !failing.isEmpty {
            facts["worst"] = "\(failing.map { "\($0.account) (\($0.failures))" }.joined(separator: ", "))"
        }
        logger.log(level: health.status == .ok ? .info : .warning, "bridge accounts", metadata: facts)
    }
}
