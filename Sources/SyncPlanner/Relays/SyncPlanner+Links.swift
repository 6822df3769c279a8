// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// Relays and the links to them: found, dialled, lost, forgotten.
extension SyncPlanner {
    /// Starts following every relay that is named, within the bound; the operator's first.
    mutating func trackRelays() {
        var isFull = false
        for relay in configuration.bootstrap { track(relay, isBootstrap: true, isFull: &isFull) }
        let named = repositories.namedRelays.filter { relays.entries[$0] == nil }
        if !untracked.isEmpty { untracked.formIntersection(named + configuration.bootstrap) }
        newRelaysWait = false
        let spent = newRelays
        for relay in named.sorted() { track(relay, isBootstrap: false, isFull: &isFull) }
        // Beyond that it is only counted.
        if untracked.count >= configuration.limits.relaysMax { report(.overLimit(.relays)) }
        if newRelays != spent { rows.put(newRelays.row(of: configuration.limits.spendersKept), at: now) }
    }

    /// - Parameter isFull: whether no relay gives way to another any more; looked for once in a plan.
    private mutating func track(_ relay: RelayURL, isBootstrap: Bool, isFull: inout Bool) {
        guard relays.entries[relay] == nil else { return }
        guard !configuration.own.contains(relay) else { return refuse(relay, .ourselves) }
        if !isBootstrap, let reason = reasonNotToTrack(relay, isFull: &isFull) {
            return refuse(relay, reason)
        }
        var entry = RelayEntry(isBootstrap: isBootstrap)
        if let known = restored.removeValue(forKey: relay) { restore(known, to: &entry) }
        entry.link = .claiming
        untracked.remove(relay)
        relays.entries[relay] = entry
        dirtyRelays.insert(relay)
        scheduleAudit(relay)
        rows.put(relayRow(relay), at: now)
        report(.tracking(relay, isBootstrap: isBootstrap))
        effects.append(.claim(relay))
    }

    /// Whether a relay that strangers name has no place, or nobody may name another; if it has one, it is taken.
    private mutating func reasonNotToTrack(_ relay: RelayURL, isFull: inout Bool) -> SyncFact.NotTracked? {
        let isNew = restored[relay] == nil
        let owners = isNew ? Set(repositories.repositories(of: relay).map(\.pubkey)) : []
        let most = configuration.limits.newRelaysPerOwnerAndDay
        // Asked first: whoever has spent the day's budget puts nobody out.
        if isNew, newRelays.isSpent(byAll: owners, at: wall, most: most) {
            newRelaysWait = true
            return .tooManyOfOneOwner
        }
        if relays.entries.count >= configuration.limits.relaysMax, isFull || !makeRoom() {
            isFull = true
            return .tooMany
        }
        if isNew { newRelays.charge(oneOf: owners, at: wall, most: most) }
        return nil
    }

    /// Tells once why a relay is not followed, however often that is looked at.
    private mutating func refuse(_ relay: RelayURL, _ reason: SyncFact.NotTracked) {
        guard untracked.count < configuration.limits.relaysMax, untracked.insert(relay).inserted else {
            return
        }
        report(.notTracked(relay, reason))
    }

    /// Gives up the relay that has failed for longest and never answered in this run, for one that may be better; else
    /// the one that has waited for its turn most often.
    private mutating func makeRoom() -> Bool {
        let unproven = relays.entries.filter { _, entry in !entry.isBootstrap && entry.connections == 0 }
        let failed = unproven.filter { _, entry in entry.failures.since != nil }.min {
            ($0.value.failures.since ?? wall, $0.key) < ($1.value.failures.since ?? wall, $1.key)
        }
        let crowded = unproven.filter { _, entry in entry.timesBusy > 0 }.max {
            ($0.value.timesBusy, $0.key) < ($1.value.timesBusy, $1.key)
        }
        guard let worst = failed ?? crowded else {
            report(.overLimit(.relays))
            return false
        }
        drop(worst.key)
        return true
    }

    mutating func ownership(of relay: RelayURL, isOurs: Bool) {
        guard let entry = relays.entries[relay] else { return }
        touched.insert(relay)
        if isOurs {
            if entry.link == .claiming { relays.entries[relay]?.link = .resting }
            mayDial = true
        } else {
            hangUp(relay)
            relays.entries[relay]?.link = .claiming
        }
    }

    /// Dials whoever may be dialled, so many at a time: first who failed least, then who has waited longest.
    mutating func dialDue() {
        mayDial = false
        guard storeTrouble.notBefore == nil else { return }
        var (quick, slow) = (0, 0)
        var due: [(attempts: Int, since: Uptime, relay: RelayURL)] = []
        for (relay, entry) in relays.entries {
            switch entry.link {
            case .dialling where entry.dialledAt + configuration.slowDialAfter > now: quick += 1
            case .dialling: slow += 1
            case .resting:
                let since = entry.backoff.notBefore ?? .zero
                if since <= now { due.append((entry.backoff.attempts, since, relay)) }
            case .claiming, .up: break
            }
        }
        let limits = configuration.limits
        let room = limits.dialsMax - quick - max(0, slow - limits.slowDialsMax)
        guard room > 0 else { return }
        for (_, _, relay) in due.sorted(by: <).prefix(room) { dial(relay) }
    }

    private mutating func dial(_ relay: RelayURL) {
        guard var entry = relays.entries[relay] else { return }
        // Never used before, not even for a relay that was forgotten and found again.
        let link = LinkID(relay: relay, number: number())
        entry.link = .dialling(link)
        entry.dialledAt = now
        relays.entries[relay] = entry
        touched.insert(relay)
        report(.dialling(relay))
        effects.append(.dial(link, namedBy: entry.isBootstrap ? .operator : .stranger))
    }

    mutating func dialFailed(_ link: LinkID, _ failure: DialFailure, _ detail: String? = nil) {
        guard relays.entries[link.relay]?.link == .dialling(link) else { return }
        relays.entries[link.relay]?.link = .resting
        relays.entries[link.relay]?.lastFailure = failure.text(detail)
        relays.entries[link.relay]?.lastDial = failure
        let wait = failure == .busy ? waitTurn(link.relay) : backOff(link.relay, after: failure)
        report(.dialFailed(link.relay, failure, retryIn: wait, detail: detail))
    }

    mutating func linkUp(_ link: LinkID) {
        let relay = link.relay
        guard relays.entries[relay]?.link == .dialling(link) else { return }
        touched.insert(relay)
        mayDial = true
        relays.entries[relay]?.link = .up(link)
        relays.entries[relay]?.lastConnected = wall
        relays.entries[relay]?.lastDial = nil
        relays.entries[relay]?.connections += 1
        relays.entries[relay]?.timesBusy = 0
        relays.entries[relay]?.inRounds = ItemSet()
        relays.entries[relay]?.roundAt = nil
        conversations[relay] = UpstreamConversation(
            link: link, at: now, wall: wall, smallestCap: configuration.limits.smallestCap)
        report(.connected(relay))
        fetchInformation(link)
        if relays.entries[relay]?.information?.authRequired == true { expectChallenge(relay) }
        refreshWanted(relay)
    }

    /// The link ended by itself.
    mutating func linkDown(_ link: LinkID, _ end: LinkEnd) {
        let relay = link.relay
        switch relays.entries[relay]?.link {
        case .dialling(link): dialFailed(link, .other)
        case .up(link):
            let last = conversations[relay].flatMap { $0.hasAnswered ? nil : $0.lastNotice }
            if end == .messageTooBig { useShorterMessages(relay) }
            endConversation(relay)
            relays.entries[relay]?.link = .resting
            relays.entries[relay]?.lastFailure = end.rawValue + (last.map { ", notice: \($0)" } ?? "")
            // Nobody is dialled before our own store takes events again, and that is held against nobody.
            let wait = end == .ourStore ? .zero : backOff(relay, misbehaved: end == .misbehaved)
            report(.disconnected(relay, end, retryIn: wait))
        default: break
        }
    }

    /// We end the link, because of what the relay did or did not do.
    mutating func giveUp(_ relay: RelayURL, because end: LinkEnd) {
        guard case .up(let link) = relays.entries[relay]?.link else { return }
        effects.append(.hangUp(link))
        linkDown(link, end)
    }

    /// We end the link, or the dialling, for reasons of our own.
    mutating func hangUp(_ relay: RelayURL) {
        guard let link = relays.entries[relay]?.currentLink else { return }
        effects.append(.hangUp(link))
        endConversation(relay)
        relays.entries[relay]?.link = .resting
        touched.insert(relay)
        mayDial = true
    }

    /// What was in flight is wanted again; what was complete has a cursor to resume from.
    private mutating func endConversation(_ relay: RelayURL) {
        let attempts = failedAttempts(of: relay)
        guard let conversation = conversations.removeValue(forKey: relay),
            var entry = relays.entries.removeValue(forKey: relay)
        else { return }
        entry.backoff.attempts = attempts
        for id in pending.ordered(relay) {
            guard let batch = pending.remove(id, of: relay) else { continue }
            for id in batch.reconciling?.ordered ?? [] { effects.append(.endReconciliation(id, nil)) }
            report(.batchFailed(relay, batch.id, .disconnected, retryIn: .zero))
        }
        let stored = conversation.storedUntil
        if entry.laggards.isEmpty, !entry.cursors.isEmpty {
            entry.coveredUntil = max(entry.coveredUntil ?? stored, stored)
        } else {
            for item in entry.complete.lasting {
                entry.cursors[item] = max(entry.cursors[item] ?? stored, stored)
            }
        }
        // What a relay had not got yesterday it may have today: references are asked for once a link.
        entry.confirmed = ItemSet()
        entry.audit?.covered = ItemSet()
        entry.disconnectedAt = wall
        relays.entries[relay] = entry
        rows.put(relayRow(relay), at: now)
        refreshQueue(relay)
    }

    /// Drops relays that nobody has needed for a whole interval and that have nothing in flight.
    mutating func dropUnneeded() {
        let needless = relays.entries.filter { relay, entry in
            guard !entry.isBootstrap, let since = entry.unneededSince else { return false }
            return now - since >= configuration.disconnectCheckInterval && pending.count(of: relay) == 0
                && conversations[relay]?.unjudged.events ?? 0 == 0
        }
        for relay in needless.keys.sorted() { drop(relay) }
        if !needless.isEmpty || newRelaysWait { trackRelays() }
    }

    private mutating func drop(_ relay: RelayURL) {
        hangUp(relay)
        for item in relays.entries[relay]?.cursors.items ?? ItemSet() {
            rows.put(cursorOf: item, at: relay, nil, at: now)
        }
        relays.entries[relay] = nil
        deadlines[relay] = nil
        rows.put(.forgetting(relay), at: now)
        effects.append(.release(relay))
        report(.forgot(relay))
    }
}
