// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetBridge
import TweetCore

/// What `rookery status` says of the bridge.
struct BridgeStatus: Codable, Hashable, Sendable {
    /// `ok`, `degraded` or `stuck`.
    var health: String
    /// The worst first.
    var reasons: [String]
    /// Accounts that are mirrored, and those that are kept and are not.
    var accounts: Int
    var stopped: Int
    var failing: Int
    /// Since the start.
    var polls: Int
    var failedPolls: Int
    var mirrored: Int
    var takenBack: Int
    /// Millionths of a dollar, on this day (UTC).
    var spentToday: Int
    var cap: Int
    var isStreaming: Bool
    /// Accounts whose events are being taken back.
    var erasing: Int

    init(_ metering: BridgeMetering, _ store: BridgeStore, cap: Int64) {
        let (health, tally) = (metering.health, metering.now)
        let rows = (try? store.accounts(limit: PlannerLimits.accounts)) ?? []
        self.health = health.status.rawValue
        reasons = health.reasons
        accounts = rows.count { $0.isActive }
        stopped = rows.count - accounts
        failing = health.failing
        (polls, failedPolls) = (tally.polls, tally.failedPolls)
        (mirrored, takenBack) = (tally.mirrored, tally.takenBack)
        spentToday = Int(tally.spentToday)
        self.cap = Int(cap)
        isStreaming = tally.isStreaming
        erasing = (try? store.erasures().count) ?? 0
    }

    /// For people.
    var rows: [(String, String)] {
        var rows = [
            ("bridge", ([health] + reasons).joined(separator: ": ")),
            (
                "accounts",
                "\(accounts) mirrored, \(stopped) not any more, \(failing) failing"
                    + (erasing > 0 ? ", \(erasing) being taken back" : "")
            ),
            (
                "posts",
                "\(mirrored) mirrored, \(takenBack) taken back, \(polls) polls of which \(failedPolls) failed"
            ),
            ("spent", "\(Self.dollars(spentToday)) of \(Self.dollars(cap)) today"),
        ]
        rows.append(("stream", isStreaming ? "connected" : "not connected"))
        return rows
    }

    /// To the hundredth of a cent.
    static func dollars(_ micros: Int) -> String {
        let hundredths = micros / 100
        let rest = String(hundredths % 10_000)
        return "$\(hundredths / 10_000)." + String(repeating: "0", count: 4 - rest.count) + rest
    }
}
