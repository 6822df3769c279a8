// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What an operator asks to see.
public struct PlanSnapshot: Hashable, Sendable {
    public struct Relay: Hashable, Sendable {
        public let url: RelayURL
        public let status: RelayStatus
        public let isBootstrap: Bool
        /// Items by where they stand.
        public let wanted: Int
        public let pending: Int
        public let confirmed: Int
        /// Items that failed and wait.
        public let failed: Int
        public let repositories: Int
        public let roots: Int
        public let liveSubscriptions: Int
        public let lastConnected: Timestamp?
        public let disconnectedAt: Timestamp?
        public let coveredUntil: Timestamp?
        public let lastFailure: String?
        public let failedAttempts: Int
        /// When it is next dialled, or failed items are next asked for.
        public let nextTryIn: Duration?
    }

    public let relays: [Relay]
    public let repositories: Int
    public let roots: Int
    public let pendingBatches: Int
    public let isHistoryComplete: Bool
}

extension SyncPlanner {
    /// How everything stands, the relays in the order of their URLs.
    public func snapshot(at now: Uptime) -> PlanSnapshot {
        PlanSnapshot(
            relays: relays.entries.keys.sorted().compactMap { snapshot(of: $0, at: now) },
            repositories: repositories.entries.count, roots: repositories.rootCount,
            pendingBatches: pending.count, isHistoryComplete: isHistoryComplete)
    }

    private func snapshot(of relay: RelayURL, at now: Uptime) -> PlanSnapshot.Relay? {
        guard let entry = relays[relay] else { return nil }
        func count(_ family: SyncItem.Family) -> Int { entry.wanted.count { $0.family == family } }
        let next = entry.link == .resting ? entry.backoff.notBefore ?? now : entry.retryAt
        return PlanSnapshot.Relay(
            url: relay, status: entry.status, isBootstrap: entry.isBootstrap, wanted: entry.wanted.count,
            pending: pending.items(of: relay).count, confirmed: entry.confirmed.count,
            failed: entry.setbacks.count, repositories: count(.repository), roots: count(.root),
            liveSubscriptions: conversations[relay]?.liveSubscriptions.count ?? 0,
            lastConnected: entry.lastConnected, disconnectedAt: entry.disconnectedAt,
            coveredUntil: entry.coveredUntil, lastFailure: entry.lastFailure,
            failedAttempts: entry.backoff.attempts, nextTryIn: next.map { max(.zero, $0 - now) })
    }
}
