// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// How one upstream relay stands, as a tool is told.
struct UpstreamStatus: Codable, Hashable, Sendable {
    var url: String
    /// ``RelayStatus``: disconnected, connecting, syncing, connected, connectedWithHistoryGaps.
    var status: String
    /// ``RelayHealth``: healthy, degraded, rate-limited, dead, misbehaving.
    var health: String
    var isBootstrap: Bool
    var repositories: Int
    var roots: Int
    /// Items: repositories, root events and the like.
    var wanted: Int
    var pending: Int
    var confirmed: Int
    var failed: Int
    var subscriptions: Int
    var filters: Int
    /// **Seconds** since everything wanted was last known to be here; absent: it never was.
    var lag: Int?
    /// **Seconds** since 1970.
    var lastConnected: Int64?
    var lastAudit: Int64?
    var lastError: String?
    var failedAttempts: Int
    /// What happens next, and in how many **seconds**; absent: when the relay answers, or there is news.
    var next: String
    var nextIn: Double?

    init(_ relay: PlanSnapshot.Relay) {
        url = relay.url.text
        status = relay.status.rawValue
        health = relay.health.rawValue
        isBootstrap = relay.isBootstrap
        repositories = relay.repositories
        roots = relay.roots
        wanted = relay.wanted
        pending = relay.pending
        confirmed = relay.confirmed
        failed = relay.failed
        subscriptions = relay.liveSubscriptions
        filters = relay.filters
        lag = relay.lag.map { Int($0.components.seconds) }
        lastConnected = relay.lastConnected?.seconds
        lastAudit = relay.lastAudit?.seconds
        lastError = relay.lastFailure
        failedAttempts = relay.failedAttempts
        next = relay.next.rawValue
        nextIn = relay.nextTryIn.map { (TimeUnit.milliseconds.count($0)).rounded() / 1000 }
    }

    /// For people: one line.
    var line: String {
        var parts = ["\(url): \(stateText)", "\(confirmed) of \(wanted) items"]
        parts.append("\(repositories) repositories, \(roots) roots")
        if pending > 0 { parts.append("\(pending) pending") }
        if failed > 0 { parts.append("\(failed) failed") }
        if let lag, status == "connected" {
            parts.append("heard \(DaemonStatus.span(lag)) ago")
        } else if let lag {
            parts.append("\(DaemonStatus.span(lag)) behind")
        }
        if failedAttempts > 1 { parts.append("\(failedAttempts) attempts failed") }
        if let lastError { parts.append("last error: \(lastError)") }
        parts.append("next: \(nextText)")
        return parts.joined(separator: ", ")
    }

    private var stateText: String { health == "healthy" ? status : "\(status) (\(health))" }

    private var nextText: String {
        guard let nextIn else { return next }
        return nextIn < 1 ? "\(next) now" : "\(next) in \(DaemonStatus.span(Int(nextIn)))"
    }
}
