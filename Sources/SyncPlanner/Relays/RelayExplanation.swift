// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
import RepositoryRules

/// Why a relay is followed, and how far we are with it.
public struct RelayExplanation: Hashable, Sendable {
    /// How many items of one family stand where.
    public struct Progress: Hashable, Sendable {
        public let family: SyncItem.Family
        public let wanted: Int
        public let pending: Int
        public let confirmed: Int
        public let failed: Int
    }

    public let relay: PlanSnapshot.Relay
    /// The followed repositories whose announcements name it, in order; of a bootstrap relay, all of them
    /// are asked for whether they name it or not.
    public let announcements: [EventAddress]
    /// By family, in the order in which they are asked for.
    public let progress: [Progress]
    /// The first ``missingMax`` items that are not complete: failed ones, then those that are read, then the others.
    public let missing: [MissingItem]
    /// What keeps it from being dialled or asked.
    public let holdup: Holdup?
    /// Events that were too long to be read, in this run.
    public let skipped: SkippedEvents?
    /// What we may ask of it.
    public let limits: UpstreamLimits
    public let information: UpstreamInformation?
    /// Whether it reconciles (NIP-77); `nil` when we never ask that of anybody.
    public let negentropy: NegentropySupport?
    /// Filters that are read page by page for a while although it does.
    public let pagedFilters: Int
    /// Our clock when this was worked out.
    public let wall: Timestamp
    /// When it is dropped, as nobody needs it any more.
    public let droppedIn: Duration?

    public static let missingMax = 10
}

extension SyncPlanner {
    /// Why `relay` is followed; `nil` when it is not.
    public func explain(_ relay: RelayURL, at now: Uptime) -> RelayExplanation? {
        guard let entry = relays[relay], let snapshot = snapshot(of: relay, at: now) else { return nil }
        let inFlight = pending.items(of: relay)
        let progress = SyncItem.Family.allCases.map { family in
            RelayExplanation.Progress(
                family: family, wanted: entry.wanted.count(of: family),
                pending: inFlight.count(of: family),
                confirmed: entry.confirmed.count(of: family),
                failed: entry.setbacks.items.count(of: family))
        }
        return RelayExplanation(
            relay: snapshot, announcements: repositories.repositories(of: relay).sorted(),
            progress: progress,
            missing: missing(
                from: entry, inFlight: inFlight, at: now, atMost: RelayExplanation.missingMax),
            holdup: holdup(of: relay, at: now), skipped: entry.skipped, limits: limits(of: relay),
            information: entry.information,
            negentropy: configuration.usesNegentropy ? entry.negentropy : nil,
            pagedFilters: entry.pagedFilters.values.count { $0 > now }, wall: wall,
            droppedIn: entry.unneededSince.map { since in
                let due = since + configuration.disconnectCheckInterval
                return max(.zero, max(due, disconnectCheckAt ?? due) - now)
            })
    }
}

/// Why a relay is not followed.
public struct RelayAbsence: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable {
        case ourselves = "it is this relay itself"
        case unnamed = "neither the configuration nor a followed announcement names it"
        case tableFull = "as many relays are followed as may be (sync.max_relays)"
        case budget = "those who name it have named as many new relays as they may in a day"
        case leftOut =
            "no followed announcement names it among its first relays; some name more than are asked"
        case notYet = "the plan that names it is not made yet"
    }

    public let reason: Reason
    /// When it is looked at again; `nil`: when something changes.
    public let againIn: Duration?
    /// The followed repositories whose announcements name it, in order.
    public let announcements: [EventAddress]
}

extension SyncPlanner {
    /// Why `relay` is not followed.
    public func absence(of relay: RelayURL) -> RelayAbsence {
        let announcements = repositories.repositories(of: relay).sorted()
        let isSpent = newRelays.isSpent(
            byAll: Set(announcements.map(\.pubkey)), at: wall,
            most: configuration.limits.newRelaysPerOwnerAndDay)
        var againIn: Duration?
        let reason: RelayAbsence.Reason
        if configuration.own.contains(relay) {
            reason = .ourselves
        } else if announcements.isEmpty, !isNamedByNews(relay) {
            let isLeftOut = followSet.followed.values.contains { $0.namesMoreRelays || $0.names(relay) }
            reason = isLeftOut ? .leftOut : .unnamed
        } else if relays.entries.count >= configuration.limits.relaysMax {
            reason = .tableFull
        } else if isSpent {
            reason = .budget
            againIn = .seconds(86_400 - wall.seconds % 86_400) + configuration.disconnectCheckInterval
        } else {
            reason = .notYet
            againIn = (replanAt ?? disconnectCheckAt).map { max(.zero, $0 - now) }
        }
        return RelayAbsence(reason: reason, againIn: againIn, announcements: announcements)
    }

    /// Whether an announcement names it that the plan does not speak of yet.
    private func isNamedByNews(_ relay: RelayURL) -> Bool {
        announcementsChanged
            && followSet.followed.contains {
                $1.names(relay) && repositories.entries[$0]?.announcement != $1.id
            }
    }
}

extension RepositoryAnnouncement {
    fileprivate func names(_ relay: RelayURL) -> Bool {
        relays.contains(relay) || cloneRelays.contains(relay)
    }
}
