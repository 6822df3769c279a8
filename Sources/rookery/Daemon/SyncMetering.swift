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
        var snapshot = PlanSnapshot.starting
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
        declareReasons()
    }

    func happened(_ fact: SyncFact) {
        switch fact {
        case .tracking(let relay, _):
            for result in ["success", "failure"] { _ = meters.connectionAttempts[relay.text, result] }
        // Who takes the connection has given nothing yet.
        case .connected(let relay): meters.connectionAttempts[relay.text, "success"].increment()
        case .dialFailed(let relay, _, _, _): meters.connectionAttempts[relay.text, "failure"].increment()
        case .status(let relay, let status): show(status, of: relay)
        case .forgot(let relay): meters.forget(relay: relay.text)
        case .stored(_, let source, let count):
            meters.events[source.rawValue].increment(by: count)
            progressed()
        case .batchConfirmed(_, _, _, _, let took):
            work.batches.increment()
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
            if !snapshot.hasWork || !state.snapshot.hasWork { state.lastProgress = now }
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
    var snapshot: PlanSnapshot { state.withLockedValue { $0.snapshot } }

    /// For how long nothing was confirmed or stored although there is work; `nil`: not for so long that it matters.
    var stuckFor: Duration? {
        let now = uptime()
        return state.withLockedValue { state in
            let idle = now - state.lastProgress
            return state.snapshot.hasWork && idle > state.stuckAfter ? idle : nil
        }
    }

    /// What `/healthz/sync` says: stuck when there is something to do and nothing has come of it for long.
    var health: HealthReport {
        let (snapshot, stuckFor) = (snapshot, stuckFor)
        if snapshot.isReadingStore {
            return HealthReport(
                isHealthy: true, status: "starting",
                facts: [.init("history", "our own store is being read")])
        }
        let connected = snapshot.relays.count { $0.status.isOpen }
        return HealthReport(
            isHealthy: stuckFor == nil, status: stuckFor == nil ? "ok" : "stuck",
            facts: [
                .init("relays", "\(connected) of \(snapshot.relays.count) connected"),
                .init("batches", "\(snapshot.pendingBatches) in flight"),
                .init("history", snapshot.isHistoryComplete ? "complete" : "incomplete"),
            ] + (stuckFor.map { [.init("stuck_seconds", "\($0.components.seconds)")] } ?? []))
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
    /// Whether something should come of gathering now: something is in flight with, or missing from, a relay that the
    /// operator named or, as long as no relay at all is complete, any. One that has failed for so long that it is
    /// left alone does not count: its own health tells.
    fileprivate var hasWork: Bool {
        let lacking = relays.filter {
            ($0.confirmed < $0.wanted || $0.pending > 0) && !$0.health.isLeftAlone
        }
        return lacking.contains(where: \.isBootstrap)
            || (pendingBatches > 0 || !lacking.isEmpty) && !relays.contains { $0.status == .connected }
    }
}

extension RelayHealth {
    /// Whether it is tried so rarely that nothing should be expected of it.
    fileprivate var isLeftAlone: Bool {
        switch self {
        case .healthy, .degraded, .rateLimited: false
        case .dead, .misbehaving, .refused: true
        }
    }
}

extension RelayStatus {
    /// Whether a socket is open.
    var isOpen: Bool {
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
