// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import RelayServer
import Telemetry
import TweetBridge
import TweetCore

// What becomes of accounts, and how the bridge stands as a whole.
extension BridgeMetering {
    /// **Milliseconds** without an answer that are too long.
    static let stuckAfter: Int64 = 900_000

    func erasing(_ account: UserID, _ reason: DeletionReason) {
        logger.notice(
            "everything that a mirror has published is being taken back",
            metadata: [LogKey.account: "\(account)", LogKey.reason: "\(reason.rawValue)"])
    }

    func erased(_ account: UserID, _ events: Int, _ reason: DeletionReason) {
        logger.notice(
            "nothing of a mirror stands any more",
            metadata: [
                LogKey.account: "\(account)", LogKey.reason: "\(reason.rawValue)",
                LogKey.eventCount: .number(events),
            ])
    }

    func watching(_ accounts: Set<UserID>) { stood { $0.watching(accounts) } }

    func readable(_ account: UserID) {
        logger.notice("an account can be read again", metadata: [LogKey.account: "\(account)"])
    }

    func leftAlone(_ handle: Handle, _ reason: String) {
        logger.warning(
            "bridge.accounts names an account that is not mirrored: `rookery bridge account add` mirrors it",
            metadata: [LogKey.account: "\(handle.text)", LogKey.reason: "\(reason)"])
    }

    /// How it stands now.
    var health: BridgeHealth { standing.health(at: BridgeClock.system.now(), stuckAfter: Self.stuckAfter) }

    func paused(until: Int64, _ failure: XFailure) {
        let span = max(0, until - BridgeClock.system.now())
        // Money that is set aside for a question under way is free again in a moment.
        if case .overBudget = failure, span < 5_000 { return }
        stood { $0.paused(until: until, failure) }
        let level: Logger.Level =
            switch failure {
            case .unauthorized, .forbidden, .outOfCredits, .usageCapped: .error
            case .transient: .info
            case .limited, .overBudget, .staleSince, .absent, .invalid: .warning
            }
        logger.log(
            level: level, "\(Self.line(on: failure))",
            metadata: [
                LogKey.reason: "\(failure.label)",
                LogKey.retryIn: "\(Duration.milliseconds(span).brief)",
            ])
    }

    private static func line(on failure: XFailure) -> String {
        switch failure {
        case .unauthorized:
            "X refuses the credential: nothing is asked until there is another, or an hour has passed"
        case .forbidden: "X forbids what is asked: somebody should look at the app's rights"
        case .outOfCredits: "the account at X has no credits: nothing that costs money is asked"
        case .usageCapped: "the month's cap at X is used up: nothing that counts is asked"
        case .overBudget: "the day's money is spent, or kept for what is more important"
        case .limited, .transient, .staleSince, .absent, .invalid: "X is not asked for a while"
        }
    }
}

extension HealthReport {
    /// What `/healthz/bridge` says.
    init(_ health: BridgeHealth, at now: Int64) {
        var facts: [Fact] = []
        if !health.reasons.isEmpty { facts.append(Fact("reason", health.reasons.joined(separator: "; "))) }
        if let moment = health.lastAnswer {
            facts.append(Fact("answered_seconds_ago", "\(max(0, now - moment) / 1_000)"))
        }
        if health.failing > 0 { facts.append(Fact("failing_accounts", "\(health.failing)")) }
        if let until = health.pausedUntil, until > now {
            facts.append(Fact("paused_seconds", "\((until - now) / 1_000)"))
        }
        self.init(isHealthy: health.status != .stuck, status: health.status.rawValue, facts: facts)
    }
}
