// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RelayTransport
import SyncPlanner

// What is shown of gathering. Upstreams' own words and addresses in the operator's network are not: those are for
// `rookery status`.
extension StatusReport {
    /// The operator's relays, then those in trouble, the others, and last those that have been left alone for long.
    static func upstreams(_ snapshot: PlanSnapshot) -> Listing<Upstream> {
        var ranks: [[PlanSnapshot.Relay]] = [[], [], [], []]
        for relay in snapshot.relays { ranks[relay.rank].append(relay) }
        let shown = ranks.joined().prefix(StatusLimits.upstreamsListed)
        return Listing(shown.map(Upstream.init), of: snapshot.relays.count)
    }

    static func repositories(
        _ snapshot: PlanSnapshot, names: [EventID: String]
    ) -> Listing<Repository> {
        let shown = snapshot.largest.prefix(StatusLimits.repositoriesListed).map { repository in
            Repository(
                name: names[repository.announcement] ?? "", identifier: repository.address.identifier.string,
                owner: repository.address.pubkey.npub,
                relays: repository.relays.filter(\.namesPublicHost).map(\.text), roots: repository.roots)
        }
        return Listing(Array(shown), of: snapshot.repositories)
    }

    /// How gathering is, in a few words.
    static func gathering(_ snapshot: PlanSnapshot, isStuck: Bool) -> Part {
        let name = "gathering"
        if isStuck { return Part(name, .bad, "stuck: nothing has come for long") }
        if snapshot.isReadingStore { return Part(name, .fair, "its own store is being read") }
        if snapshot.relays.isEmpty { return Part(name, .good, "no relay is named yet") }
        if snapshot.isHistoryComplete { return Part(name, .good, "history complete") }
        let complete = snapshot.relays.count { $0.status == .connected && $0.lastAudit != nil }
        return Part(
            name, .fair, "history complete from \(complete) of \(snapshot.relays.count) relays")
    }
}

extension StatusReport.Upstream {
    init(_ relay: PlanSnapshot.Relay) {
        self.init(
            url: relay.url.namesPublicHost ? relay.shownURL : nil, standing: relay.standing,
            state: relay.stateWords)
        complete = max(relay.confirmed, relay.status.isOpen ? 0 : relay.covered)
        wanted = relay.wanted
        repositories = relay.repositories
        heardAgo = relay.heardAgo.map { Int($0.components.seconds) }
        behind = relay.lag.map { Int($0.components.seconds) }
        failedAttempts = relay.failedAttempts
        next = relay.nextWords
    }
}

extension PlanSnapshot.Relay {
    fileprivate var rank: Int {
        if isBootstrap { return 0 }
        return switch standing {
        case .fair: 1
        case .good: 2
        case .bad: 3
        }
    }

    /// What the operator wrote behind the host may be a secret.
    fileprivate var shownURL: String {
        isBootstrap ? "\(url.isSecure ? "wss" : "ws")://\(url.authority)" : url.text
    }

    fileprivate var standing: StatusReport.Standing {
        switch health {
        case .healthy: status == .connected && failed == 0 ? .good : .fair
        case .degraded, .rateLimited: .fair
        case .dead, .misbehaving, .refused: .bad
        }
    }

    fileprivate var stateWords: String {
        let state = status == .connectedWithHistoryGaps ? "connected, with gaps" : status.rawValue
        return switch health {
        case .healthy: state
        case .degraded: status.isOpen ? "\(state), degraded" : "does not answer"
        case .rateLimited: "asks us to slow down"
        case .dead: "gone for a day or more"
        case .misbehaving: "misbehaves"
        case .refused: "never dialled"
        }
    }

    fileprivate var nextWords: String {
        let what =
            switch next {
            case .claim, .dial: "dial"
            case .connect: "being dialled"
            case .wait, .retry: "ask again"
            case .read: "being read"
            case .round: "read again"
            case .audit: "audit"
            }
        guard let seconds = nextTryIn.map({ Int($0.components.seconds) }) else { return what }
        // By the second it would change with every look.
        return seconds < 60 ? "\(what) soon" : "\(what) in \(StatusWords.span(seconds))"
    }
}
