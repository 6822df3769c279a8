// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// How one upstream relay stands, as a tool is told.
struct UpstreamStatus: Codable, Hashable, Sendable {
    var url: String
    /// disconnected, connecting, syncing, connected, connected-with-gaps.
    var status: String
    /// ``RelayHealth``: healthy, degraded, rate-limited, dead, misbehaving, refused.
    var health: String
    var isBootstrap: Bool
    var repositories: Int
    var roots: Int
    /// Items: repositories, root events and the like.
    var wanted: Int
    var pending: Int
    var confirmed: Int
    /// Of a relay that is not connected: how many were complete when it was lost.
    var covered: Int
    var failed: Int
    var subscriptions: Int
    var filters: Int
    /// **Seconds** that what was complete is behind: 0 while all is held and followed live; absent: it never was.
    var lagSeconds: Int?
    /// **Seconds** since anything was heard over the link that is up.
    var heardSecondsAgo: Int?
    /// **Seconds** since 1970, as are the next two.
    var disconnectedAt: Int64?
    var lastConnected: Int64?
    var lastAudit: Int64?
    var lastError: String?
    var failedAttempts: Int
    /// What happens next, and in how many **seconds**; absent: when the relay answers, or there is news.
    var next: String
    var nextInSeconds: Double?

    init(_ relay: PlanSnapshot.Relay) {
        url = relay.url.text
        status = relay.status == .connectedWithHistoryGaps ? "connected-with-gaps" : relay.status.rawValue
        health = relay.health.rawValue
        isBootstrap = relay.isBootstrap
        repositories = relay.repositories
        roots = relay.roots
        wanted = relay.wanted
        pending = relay.pending
        confirmed = relay.confirmed
        covered = relay.covered
        failed = relay.failed
        subscriptions = relay.liveSubscriptions
        filters = relay.filters
        lagSeconds = relay.lag.map { Int($0.components.seconds) }
        heardSecondsAgo = relay.heardAgo.map { Int($0.components.seconds) }
        disconnectedAt = relay.disconnectedAt?.seconds
        lastConnected = relay.lastConnected?.seconds
        lastAudit = relay.lastAudit?.seconds
        lastError = relay.lastFailure
        failedAttempts = relay.failedAttempts
        next = relay.next.rawValue
        nextInSeconds = relay.nextTryIn.map { (TimeUnit.milliseconds.count($0)).rounded() / 1000 }
    }

    /// For people: one line.
    var line: String {
        var parts = ["\(url): \(stateText)", itemsText]
        parts.append(
            "\(Self.count(repositories, "repository", "repositories")), \(Self.count(roots, "root", "roots"))"
        )
        if pending > 0 { parts.append("\(pending) pending") }
        if failed > 0 { parts.append("\(failed) failed") }
        if let heardSecondsAgo { parts.append("heard \(DaemonStatus.span(heardSecondsAgo)) ago") }
        if let lagSeconds, status != "connected", !isLost {
            parts.append("\(DaemonStatus.span(lagSeconds)) behind\(failed > 0 ? " in what is covered" : "")")
        }
        if failedAttempts > 1 { parts.append("\(failedAttempts) attempts failed") }
        if let lastError { parts.append("last error: \(lastError)") }
        parts.append("next: \(nextText)")
        return parts.joined(separator: ", ")
    }

    private var stateText: String {
        let state = status == "connected-with-gaps" ? "connected, with gaps" : status
        return health == "healthy" ? state : "\(state) (\(health))"
    }

    /// Whether it was followed and is not now.
    private var isLost: Bool { covered > confirmed && lagSeconds != nil }

    private var itemsText: String {
        guard isLost, let lagSeconds else { return "\(confirmed) of \(wanted) items" }
        return "\(covered) of \(wanted) items until \(DaemonStatus.span(lagSeconds)) ago"
    }

    private static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    /// Whether a socket is open.
    var isOpen: Bool {
        status != RelayStatus.disconnected.rawValue && status != RelayStatus.connecting.rawValue
    }

    private var nextText: String {
        let next = self.next == PlanSnapshot.NextAction.wait.rawValue ? "ask again" : self.next
        guard let nextInSeconds else { return next }
        return nextInSeconds < 1 ? "\(next) now" : "\(next) in \(DaemonStatus.span(Int(nextInSeconds)))"
    }
}
