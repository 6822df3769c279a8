// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import RelayServer
import SyncEngine
import SyncPlanner
import Telemetry

/// Counts what gathering tells, and remembers how it stands for those who ask.
final class SyncMetering: SyncObserver {
    let meters: SyncMeters
    let work: SyncWorkMeters
    private let uptime: @Sendable () -> Uptime
    private let state: NIOLockedValueBox<State>

    private struct State {
        var snapshot: PlanSnapshot?
        var lastProgress: Uptime
        /// How long nothing may move before gathering counts as stuck.
        var stuckAfter: Duration
    }

    init(
        meters: SyncMeters, work: SyncWorkMeters, stuckAfter: Duration,
        uptime: @escaping @Sendable () -> Uptime
    ) {
        self.meters = meters
        self.work = work
        self.uptime = uptime
        state = NIOLockedValueBox(State(lastProgress: uptime(), stuckAfter: stuckAfter))
        // There from the start, so that a rate over them has no gap.
        for source in SyncSource.allCases { _ = meters.events[source.rawValue] }
        for health in RelayHealth.allCases { _ = work.health[health.rawValue] }
        for failure in DialFailure.allCases { _ = work.dialFailures[failure.rawValue] }
        for reason in Self.fates { _ = work.notStored[reason] }
    }

    func happened(_ fact: SyncFact) {
        switch fact {
        case .connected(let relay):
            meters.connectionAttempts[relay.text, "success"].increment()
            progressed()
        case .dialFailed(let relay, _, _): meters.connectionAttempts[relay.text, "failure"].increment()
        case .status(let relay, let status): show(status, of: relay)
        case .forgot(let relay): meters.forget(relay: relay.text)
        case .stored(_, let source, let count):
            meters.events[source.rawValue].increment(by: count)
            progressed()
        case .batchConfirmed(_, _, _, let pages, let took):
            work.batches.increment()
            work.pages.increment(by: pages)
            work.batchLatency.observe(took)
            progressed()
        case .historyComplete, .auditCompleted:
            progressed()
            count(fact)
        default: count(fact)
        }
    }

    func stands(_ snapshot: PlanSnapshot, at wall: Timestamp) {
        let now = uptime()
        state.withLockedValue { state in
            // Time in which there was nothing to do is no time without progress.
            if snapshot.isIdle || state.snapshot?.isIdle != false { state.lastProgress = now }
            state.snapshot = snapshot
        }
        meters.relaysTracked.set(snapshot.relays.count)
        meters.relaysConnected.set(snapshot.relays.count { $0.status.isOpen })
        meters.pendingBatches.set(snapshot.pendingBatches)
        meters.repositoriesFollowed.set(snapshot.repositories)
        for relay in snapshot.relays { show(relay, at: wall) }
        for health in RelayHealth.allCases {
            work.health[health.rawValue].set(snapshot.relays.count { $0.health == health })
        }
    }

    func received(_ relay: RelayURL, messages: Int, unreadable: Int, bytes: Int) {
        meters.receivedBytes.increment(by: bytes)
        meters.unreadableMessages.increment(by: unreadable)
    }

    /// How everything stood a moment ago.
    var snapshot: PlanSnapshot? { state.withLockedValue { $0.snapshot } }

    /// What `/healthz/sync` says: stuck when there is something to do and nothing has moved for long.
    var health: HealthReport {
        let now = uptime()
        let (snapshot, lastProgress, stuckAfter) = state.withLockedValue {
            ($0.snapshot, $0.lastProgress, $0.stuckAfter)
        }
        guard let snapshot else { return HealthReport(isHealthy: true, status: "starting") }
        let connected = snapshot.relays.count { $0.status.isOpen }
        let isStuck = !snapshot.isIdle && now - lastProgress > stuckAfter
        return HealthReport(
            isHealthy: !isStuck, status: isStuck ? "stuck" : "ok",
            facts: [
                .init("relays", "\(connected) of \(snapshot.relays.count) connected"),
                .init("batches", "\(snapshot.pendingBatches) in flight"),
                .init("history", snapshot.isHistoryComplete ? "complete" : "incomplete"),
            ])
    }

    /// Counts as stuck after another while from now on.
    func adopt(stuckAfter: Duration) { state.withLockedValue { $0.stuckAfter = stuckAfter } }

    private func progressed() {
        let now = uptime()
        state.withLockedValue { $0.lastProgress = now }
    }

    func show(_ status: RelayStatus, of relay: RelayURL) {
        meters.relayConnected[relay.text].set(status.isOpen ? 1 : 0)
        meters.relayStatus[relay.text].set(RelayStatusCode(status).rawValue)
    }
}

extension PlanSnapshot {
    /// Whether nothing is asked for and nobody is missing.
    fileprivate var isIdle: Bool {
        pendingBatches == 0 && (relays.isEmpty || relays.contains { $0.status.isOpen })
    }
}

extension RelayStatus {
    /// Whether a socket is open.
    fileprivate var isOpen: Bool {
        switch self {
        case .disconnected, .connecting: false
        case .syncing, .connected, .connectedWithHistoryGaps: true
        }
    }
}

extension RelayStatusCode {
    fileprivate init(_ status: RelayStatus) {
        self =
            switch status {
            case .disconnected: .disconnected
            case .connecting: .connecting
            case .syncing: .syncing
            case .connected: .connected
            case .connectedWithHistoryGaps: .connectedWithHistoryGaps
            }
    }
}
