// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// Why one upstream relay is followed, and how far its history is here, as a tool is told.
struct UpstreamExplanation: Codable, Hashable, Sendable {
    var relay: UpstreamStatus
    /// Addresses of announcements that name it, the first ``announcementsMax``.
    var announcements: [String]
    var announcementCount: Int
    var progress: [Progress]
    /// The first items that are not complete.
    var missing: [Missing]
    /// What keeps it from being dialled or asked.
    var waitsBecause: String?
    /// Events that were too long to be read, since the start.
    var skipped: Skipped?
    var limits: Limits
    /// What the relay's software calls itself.
    var software: String?
    /// Whether histories are reconciled with it (NIP-77): works, unknown (not tried yet), fails, off (nobody is asked to).
    var negentropy: String
    /// **Seconds** until one that fails is tried again.
    var negentropyRetryInSeconds: Int?
    /// Filters that are read page by page for a while all the same.
    var pagedFilters: Int
    /// **Seconds** until it is dropped; absent: it is needed.
    var droppedInSeconds: Int?

    static let announcementsMax = 500

    struct Progress: Codable, Hashable, Sendable {
        var family: String
        var wanted: Int
        var pending: Int
        var confirmed: Int
        var failed: Int
    }

    struct Missing: Codable, Hashable, Sendable {
        var item: String
        /// failed, pending (it is being read), queued.
        var state: String
        /// What failed, and what the relay said.
        var reason: String?
        var failedAttempts: Int?
        var retryInSeconds: Int?
    }

    struct Skipped: Codable, Hashable, Sendable {
        var count: Int
        /// The last of them, where its id could be made out.
        var lastEvent: String?
        var lastBytes: Int
        /// **Seconds** since 1970.
        var lastAt: Int64
    }

    struct Limits: Codable, Hashable, Sendable {
        var maxSubscriptions: Int
        var maxFilters: Int
        var pageSize: Int
        var maxMessageLength: Int
    }

    init(_ explanation: RelayExplanation) {
        relay = UpstreamStatus(explanation.relay)
        announcements = explanation.announcements.prefix(Self.announcementsMax).map(\.description)
        announcementCount = explanation.announcements.count
        progress = explanation.progress.map {
            Progress(
                family: "\($0.family)", wanted: $0.wanted, pending: $0.pending, confirmed: $0.confirmed,
                failed: $0.failed)
        }
        missing = explanation.missing.map(Missing.init)
        waitsBecause = explanation.holdup?.rawValue
        skipped = explanation.skipped.map { skipped in
            Skipped(
                count: skipped.count, lastEvent: skipped.last.outline?.event.id.hex,
                lastBytes: skipped.last.length, lastAt: skipped.lastAt.seconds)
        }
        limits = Limits(
            maxSubscriptions: explanation.limits.maxSubscriptions,
            maxFilters: explanation.limits.maxFilters, pageSize: explanation.limits.pageSize,
            maxMessageLength: explanation.limits.maxMessageLength)
        software = explanation.information?.software
        pagedFilters = explanation.pagedFilters
        negentropyRetryInSeconds = nil
        switch explanation.negentropy {
        case .works: negentropy = "works"
        case .unknown: negentropy = "unknown"
        case .fails(let until):
            negentropy = "fails"
            negentropyRetryInSeconds = Int(clamping: max(0, until.seconds - explanation.wall.seconds))
        case nil: negentropy = "off"
        }
        droppedInSeconds = explanation.droppedIn.map { Int($0.components.seconds) }
    }

    /// For people: a few lines.
    var lines: [String] {
        var lines = [relay.line]
        if relay.isBootstrap { lines.append("followed because the configuration names it (sync.bootstrap)") }
        if announcementCount > 0 {
            lines.append("named by \(announcementCount) followed announcements:")
            lines += announcements.prefix(50).map { "  \(UpstreamWords.short($0))" }
            if announcementCount > 50 { lines.append("  … and \(announcementCount - 50) more (--json)") }
        }
        if let droppedInSeconds {
            lines.append("nobody needs it any more: dropped in \(DaemonStatus.span(droppedInSeconds))")
        }
        if let waitsBecause { lines.append("waits: \(waitsBecause)") }
        for part in progress where part.wanted > 0 || part.pending > 0 || part.confirmed > 0 {
            lines.append(
                "\(part.family): \(part.wanted) wanted, \(part.confirmed) confirmed, \(part.pending) pending, "
                    + "\(part.failed) failed")
        }
        // Of a relay that is not connected, that nothing was asked yet says nothing.
        let shown = missing.filter { relay.isOpen || $0.state != "queued" }
        let more = relay.wanted - relay.confirmed - shown.count
        if shown.isEmpty, more > 0 {
            lines.append("missing: \(more) \(more == 1 ? "item" : "items"), asked for once it is connected")
        }
        if !shown.isEmpty {
            lines.append("missing:")
            lines += shown.map { "  \($0.line)" }
            if more > 0 { lines.append("  … and \(more) more") }
        }
        if let skipped {
            lines.append(
                "passed over: \(skipped.count) \(skipped.count == 1 ? "event" : "events") too long to be read, "
                    + "the last\(skipped.lastEvent.map { " \($0)" } ?? "") of \(DaemonStatus.size(skipped.lastBytes))"
            )
        }
        lines.append(
            "asked within \(limits.maxSubscriptions) subscriptions of \(limits.maxFilters) filters, "
                + "\(limits.pageSize) events a page, \(limits.maxMessageLength) bytes a message"
                + (software.map { "; its software: \($0)" } ?? ""))
        lines.append(negentropyLine)
        return lines
    }
}

extension UpstreamExplanation {
    /// Whether it reconciles.
    private var negentropyLine: String {
        switch negentropy {
        case "works":
            "reconciles (NIP-77)"
                + (pagedFilters == 0
                    ? ""
                    : "; \(pagedFilters) \(pagedFilters == 1 ? "filter is" : "filters are") read page by page")
        case "fails":
            "does not reconcile (NIP-77): read page by page, tried again in "
                + DaemonStatus.span(negentropyRetryInSeconds ?? 0)
        case "off": "read page by page: reconciling (NIP-77) is switched off (sync.negentropy)"
        default: "whether it reconciles (NIP-77) is not known yet"
        }
    }
}

extension UpstreamExplanation.Missing {
    init(_ missing: MissingItem) {
        item = missing.item.description
        switch missing.state {
        case .failed(let reason, let attempts, let wait):
            state = "failed"
            self.reason = reason
            failedAttempts = attempts
            retryInSeconds = Int(wait.components.seconds)
        case .pending: state = "pending"
        case .queued: state = "queued"
        }
    }

    /// For people.
    var line: String {
        let item = UpstreamWords.short(item)
        guard state == "failed" else {
            return "\(item): \(state == "pending" ? "being read" : "not asked for yet")"
        }
        let times = failedAttempts.map { $0 == 1 ? "failed once" : "failed \($0) times" } ?? "failed"
        return "\(item): \(times)\(reason.map { ", \($0)" } ?? "")"
            + (retryInSeconds.map { ", again in \(DaemonStatus.span($0))" } ?? "")
    }
}
