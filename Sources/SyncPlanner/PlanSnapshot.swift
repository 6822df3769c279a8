// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What an operator asks to see.
public struct PlanSnapshot: Hashable, Sendable {
    public struct Relay: Hashable, Sendable {
        public let url: RelayURL
        public let status: RelayStatus
        public let health: RelayHealth
        public let isBootstrap: Bool
        /// Items by where they stand.
        public let wanted: Int
        public let pending: Int
        public let confirmed: Int
        /// Items of which all was here when the relay was last followed; the confirmed ones among them.
        public let covered: Int
        /// Items that failed and wait.
        public let failed: Int
        public let repositories: Int
        public let roots: Int
        public let liveSubscriptions: Int
        /// Filters of the live subscriptions.
        public let filters: Int
        public let lastConnected: Timestamp?
        public let disconnectedAt: Timestamp?
        public let coveredUntil: Timestamp?
        /// For how long what was complete is not followed: zero while all is held and followed live, else the age of
        /// the last moment up to which everything that was ever complete is here; `nil`: it never was complete.
        public let lag: Duration?
        /// How long ago anything was heard over the link that is up.
        public let heardAgo: Duration?
        public let lastAudit: Timestamp?
        public let nextAuditIn: Duration?
        public let lastFailure: String?
        public let failedAttempts: Int
        public let next: NextAction
        /// When that is; `nil`: when the relay answers, or somebody writes something.
        public let nextTryIn: Duration?
    }

    /// What happens next with a relay.
    public enum NextAction: String, Hashable, Sendable {
        /// Whether this process may dial it is being found out.
        case claim
        case dial
        /// It is being dialled.
        case connect
        /// It wants us to slow down, to authenticate, or to read first what it says of itself.
        case wait
        /// What it holds is being read.
        case read
        /// What failed is asked for again.
        case retry
        /// There is no room to follow it live: it is read again.
        case round
        /// Nothing is missing: it is followed live until its audit.
        case audit
    }

    /// A repository that is followed.
    public struct Repository: Hashable, Sendable {
        public let address: EventAddress
        public let announcement: EventID
        /// In the order of their URLs.
        public let relays: [RelayURL]
        public let roots: Int
    }

    public let relays: [Relay]
    public let repositories: Int
    public let roots: Int
    public let pendingBatches: Int
    public let isHistoryComplete: Bool
    /// Relays that the operator named and that are taken for ourselves: they are not dialled.
    public var ourselves: [RelayURL] = []
    /// Those with most roots, first; at most ``SyncLimits/repositoriesShown``.
    public var largest: [Repository] = []
    /// Relays that are named and not followed, as that would be too many; no more are counted than may be followed.
    public var leftOut = 0
    /// Whether our own store is still being read, so that nothing is known yet.
    public var isReadingStore = false

    /// Before anything is known.
    public static let starting = PlanSnapshot(
        relays: [], repositories: 0, roots: 0, pendingBatches: 0, isHistoryComplete: false,
        isReadingStore: true)
}

extension SyncPlanner {
    /// How everything stands, the relays in the order of their URLs.
    public func snapshot(at now: Uptime) -> PlanSnapshot {
        let ourselves = configuration.bootstrap.filter(configuration.own.contains)
        return PlanSnapshot(
            relays: relays.entries.keys.sorted().compactMap { snapshot(of: $0, at: now) },
            repositories: repositories.entries.count, roots: repositories.rootCount,
            pendingBatches: pending.count, isHistoryComplete: isHistoryComplete,
            ourselves: ourselves, largest: repositories.largest(configuration.limits.repositoriesShown),
            leftOut: untracked.subtracting(ourselves).count,
            isReadingStore: isReadingStore)
    }

    /// Whether our own store is still being read: nobody is dialled before.
    public var isReadingStore: Bool { phase == .idle || phase == .loading }

    func snapshot(of relay: RelayURL, at now: Uptime) -> PlanSnapshot.Relay? {
        guard let entry = relays[relay] else { return nil }
        let next = nextAction(of: relay, entry)
        let isFollowed = !entry.isReadInRounds && entry.laggards.isEmpty
        let covered =
            entry.isReadInRounds
            ? entry.inRounds.compactMap { entry.cursors[$0] }.min()
            : conversations[relay].flatMap { isFollowed ? $0.storedUntil : nil } ?? entry.coveredUntil
        let behind = covered.map { Duration.seconds(max(0, wall.seconds - $0.seconds)) }
        return PlanSnapshot.Relay(
            url: relay, status: entry.status, health: entry.health, isBootstrap: entry.isBootstrap,
            wanted: entry.wanted.count,
            pending: pending.items(of: relay).count, confirmed: entry.confirmed.count,
            covered: conversations[relay] == nil
                ? entry.cursors.items.intersection(entry.wanted).count : entry.confirmed.count,
            failed: entry.setbacks.count, repositories: entry.wanted.count(of: .repository),
            roots: entry.wanted.count(of: .root),
            liveSubscriptions: conversations[relay]?.liveSubscriptions.count ?? 0,
            filters: conversations[relay]?.subscriptions.values.reduce(0) {
                $0 + ($1.live == nil ? 0 : $1.filters.count)
            } ?? 0,
            lastConnected: entry.lastConnected, disconnectedAt: entry.disconnectedAt,
            coveredUntil: entry.coveredUntil,
            lag: entry.lastAudit == nil ? nil : entry.status == .connected && isFollowed ? .zero : behind,
            heardAgo: conversations[relay].map { now - $0.heardAt },
            lastAudit: entry.lastAudit, nextAuditIn: entry.auditAt.map { max(.zero, $0 - now) },
            lastFailure: entry.lastFailure,
            failedAttempts: entry.failures.since == nil ? 0 : entry.backoff.attempts, next: next.action,
            nextTryIn: next.at.map { max(.zero, $0 - now) })
    }

    private func nextAction(of relay: RelayURL, _ entry: RelayEntry) -> (
        action: PlanSnapshot.NextAction, at: Uptime?
    ) {
        switch entry.link {
        case .claiming: (.claim, nil)
        case .resting: (.dial, entry.backoff.notBefore)
        case .dialling: (.connect, nil)
        case .up:
            if hasWork(relay) {
                mayAskAt(relay).map { (.wait, $0) } ?? (.read, nil)
            } else if let at = entry.retryAt {
                (.retry, at)
            } else if entry.isReadInRounds {
                (.round, entry.roundAt)
            } else if entry.lastAudit == nil {
                // What it led to is not known before the next plan.
                (.read, replanAt)
            } else {
                (.audit, entry.auditAt)
            }
        }
    }
}
