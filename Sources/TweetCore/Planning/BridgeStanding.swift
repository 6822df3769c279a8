// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How a bridge stands, from what has happened to it. Moments are **milliseconds** since 1970.
public struct BridgeStanding: Hashable, Sendable {
    /// Failures in a row after which an account counts as failing.
    public static let failuresMax: Int64 = 3
    /// **Milliseconds** for which our own store may fail before that counts as stuck.
    public static let faultPatience: Int64 = 60_000

    private var pause: Pause?
    /// The last answer of X, and since when no question has had one.
    private var lastAnswer: Int64?
    private var silentSince: Int64?
    /// Accounts whose last polls failed, and how many in a row; at most ``PlannerLimits/accounts``.
    private var troubles: [UserID: Int64] = [:]
    /// Since when something of our own fails.
    private var faultSince: Int64?

    private struct Pause: Hashable {
        var until: Int64
        var reason: XFailure
    }

    public init() {}

    /// X has answered, and what it said is kept.
    public mutating func answered(_ account: UserID?, at now: Int64) {
        lastAnswer = now
        silentSince = nil
        faultSince = nil
        if let account { troubles[account] = nil }
        // Whoever was refused is let in again.
        switch pause?.reason {
        case .unauthorized, .forbidden, .outOfCredits, .usageCapped: pause = nil
        default: break
        }
    }

    /// A question had no answer.
    public mutating func failed(_ account: UserID?, failures: Int64, at now: Int64) {
        silentSince = silentSince ?? now
        if let account, troubles[account] != nil || troubles.count < PlannerLimits.accounts {
            troubles[account] = failures
        }
    }

    /// These accounts are polled from now on; nothing is known against others any more.
    public mutating func watching(_ accounts: Set<UserID>) {
        troubles = troubles.filter { accounts.contains($0.key) }
    }

    /// Nothing of some kind is asked until then.
    public mutating func paused(until: Int64, _ reason: XFailure) {
        // What an operator must act on is not hidden by what passes.
        if let pause, pause.reason.needsOperator, !reason.needsOperator { return }
        pause = Pause(until: until, reason: reason)
    }

    /// There is another credential.
    public mutating func renewed() { pause = nil }

    /// Something of our own could not be done.
    public mutating func faulted(at now: Int64) { faultSince = faultSince ?? now }

    /// The accounts with the most failures in a row first.
    public func failing(limit: Int) -> [(account: UserID, failures: Int64)] {
        troubles.filter { $0.value >= Self.failuresMax }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .prefix(limit).map { ($0.key, $0.value) }
    }

    /// - Parameter stuckAfter: **milliseconds** without any answer, though there were questions, that are too long.
    public func health(at now: Int64, stuckAfter: Int64) -> BridgeHealth {
        var health = BridgeHealth()
        health.failing = troubles.count { $0.value >= Self.failuresMax }
        health.lastAnswer = lastAnswer
        if health.failing > 0 { health.note(.degraded, "accounts cannot be read") }
        if let pause, pause.until > now || pause.reason.needsOperator {
            health.pausedUntil = pause.until
            health.note(pause.reason.needsOperator ? .stuck : .degraded, pause.reason.plight)
        }
        if let silentSince, now - silentSince >= stuckAfter {
            health.note(.stuck, "X has answered nothing for long")
        }
        if let faultSince {
            health.note(
                now - faultSince >= Self.faultPatience ? .stuck : .degraded, "our own store cannot be written"
            )
        }
        return health
    }
}

/// What `/healthz/bridge` says.
public struct BridgeHealth: Hashable, Sendable {
    public internal(set) var status = Status.ok
    /// The worst first, in words that are ours.
    public internal(set) var reasons: [String] = []
    /// Accounts that failed several times in a row.
    public internal(set) var failing = 0
    /// **Milliseconds** since 1970.
    public internal(set) var lastAnswer: Int64?
    public internal(set) var pausedUntil: Int64?

    public enum Status: String, Hashable, Sendable, Comparable, CaseIterable {
        case ok
        /// Some of it waits, the rest goes on.
        case degraded
        /// Nothing comes in or out, or somebody must act.
        case stuck

        public static func < (a: Status, b: Status) -> Bool { a.rank < b.rank }

        private var rank: Int {
            switch self {
            case .ok: 0
            case .degraded: 1
            case .stuck: 2
            }
        }
    }

    mutating func note(_ worse: Status, _ reason: String) {
        if worse > status {
            status = worse
            reasons.insert(reason, at: 0)
        } else {
            reasons.append(reason)
        }
    }
}

extension XFailure {
    /// Whether it ends only when somebody acts, or a month does.
    var needsOperator: Bool {
        switch self {
        case .unauthorized, .forbidden, .outOfCredits, .usageCapped: true
        case .limited, .staleSince, .absent, .invalid, .transient, .overBudget: false
        }
    }

    /// What is wrong, for who looks after the bridge; nothing that X wrote.
    public var plight: String {
        switch self {
        case .unauthorized: "X refuses the credential"
        case .forbidden: "X forbids what is asked"
        case .outOfCredits: "the account at X has no credits"
        case .usageCapped: "the month's cap at X is used up"
        case .overBudget: "the day's money is spent, or kept for what is more important"
        case .limited: "X has a limit that is used up"
        case .transient: "X could not be asked, and is left alone for a while"
        case .staleSince, .absent, .invalid: "X could not answer"
        }
    }
}
