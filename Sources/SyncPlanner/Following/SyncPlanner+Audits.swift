// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Everything asked for anew while live subscriptions go on, to find what they and the cursors missed.
struct Audit: Hashable, Sendable {
    let startedAt: Uptime
    /// What has not been read to its end again.
    var remaining: ItemSet
    /// Those of it that are complete all the same, as they have been followed live since before it began.
    var covered: ItemSet
}

// Audits: each relay once in a day, at random, few at a time.
extension SyncPlanner {
    /// Fixes the moment of the next audit; one that is overdue comes soon, but not together with all others.
    mutating func scheduleAudit(_ relay: RelayURL) {
        guard let entry = relays.entries[relay] else { return }
        // Who never was complete is audited all the same: what is complete there may lack something.
        let last = entry.lastAudit ?? wall
        let passed = Duration.seconds(max(0, wall.seconds - last.seconds))
        let soon = within(.zero...max(configuration.backoffMax, configuration.dailyResync.upperBound / 24))
        let wait = max(soon, within(configuration.dailyResync) - passed)
        let at = now + min(wait, configuration.dailyResync.upperBound)
        relays.entries[relay]?.auditAt = at
    }

    /// Everything wanted was read to its end for the first time: the next time is the first audit's.
    mutating func historyCompleted(_ relay: RelayURL) {
        guard let entry = relays.entries[relay], entry.lastAudit == nil else { return }
        relays.entries[relay]?.lastAudit = wall
        rows.put(relayRow(relay), at: now)
        scheduleAudit(relay)
    }

    /// Starts the audit that is due, unless much is going on already.
    mutating func auditIfDue(_ relay: RelayURL) {
        guard let entry = relays.entries[relay], let due = entry.auditAt, due <= now, entry.audit == nil,
            case .up = entry.link, phase == .running
        else { return }
        // One that went away in its audit, or waits to try again what failed, keeps no other from its own.
        let running = conversations.keys.count { relays.entries[$0]?.isAudited == true && hasWork($0) }
        guard running < configuration.limits.auditsMax, entry.queue.isEmpty, pending.count(of: relay) == 0
        else {
            let again = now + within(configuration.backoffBase...configuration.backoffBase * 2)
            relays.entries[relay]?.auditAt = again
            return
        }
        let items = entry.confirmed
        relays.entries[relay]?.auditAt = nil
        guard !items.isEmpty else { return auditCompleted(relay, startedAt: now) }
        relays.entries[relay]?.audit = Audit(startedAt: now, remaining: items, covered: items)
        // The cursors stay as they are: should the link break, nothing is asked for twice because of this.
        relays.entries[relay]?.confirmed.subtract(items)
        report(.auditStarted(relay, items: items.count))
        refreshQueue(relay)
    }

    /// These were read to their end, or are no longer wanted.
    mutating func audited(_ items: ItemSet, of relay: RelayURL) {
        guard let audit = relays.entries[relay]?.audit else { return }
        relays.entries[relay]?.audit?.remaining.subtract(items)
        if relays.entries[relay]?.audit?.remaining.isEmpty == true {
            auditCompleted(relay, startedAt: audit.startedAt)
        }
    }

    private mutating func auditCompleted(_ relay: RelayURL, startedAt: Uptime) {
        relays.entries[relay]?.audit = nil
        relays.entries[relay]?.lastAudit = wall
        rows.put(relayRow(relay), at: now)
        report(.auditCompleted(relay, took: now - startedAt))
        scheduleAudit(relay)
    }
}
