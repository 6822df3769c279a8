// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What failures come to: how long each relay is left alone, and what it is called meanwhile.
extension SyncPlanner {
    /// Counts a failure of the relay as a whole.
    ///
    /// A failing network of our own is not held against anybody: a relay is dead, or its name is wrong, only if
    /// some other relay answered while it failed. Relays that the operator named are never left alone for
    /// longer than ``SyncConfiguration/backoffMax``.
    ///
    /// - Returns: how long it is left alone.
    mutating func backOff(
        _ relay: RelayURL, after failure: DialFailure? = nil, misbehaved: Bool = false
    ) -> Duration {
        touched.insert(relay)
        mayDial = true
        guard var entry = relays.entries.removeValue(forKey: relay) else { return .zero }
        var wait = entry.backoff.failed(
            at: now, base: configuration.backoffBase, most: configuration.backoffMax, using: &chance)
        // A clock that was set back has not made it fail for longer.
        let since = min(entry.failures.since ?? wall, wall)
        entry.failures.since = since
        entry.failures.misconduct = failure?.isMisconduct == true ? entry.failures.misconduct + 1 : 0
        let othersAnswered = answeredAt.map { $0 > since } ?? false
        entry.failures.verdict = .degraded
        if othersAnswered {
            if entry.failures.misconduct >= configuration.limits.misconductMax,
                since.advanced(by: configuration.misbehavingAfter.components.seconds) <= wall
            {
                entry.failures.verdict = .misbehaving
                if !entry.isBootstrap { wait = around(configuration.misbehavingPause) }
            } else if since.advanced(by: configuration.deadAfter.components.seconds) <= wall {
                entry.failures.verdict = .dead
                if !entry.isBootstrap { wait = around(configuration.deadRetry) }
            }
        }
        if failure == .refused || misbehaved {
            // Whoever names an address that we never dial will not change that soon; nor who misbehaved.
            entry.failures.verdict = misbehaved ? .misbehaving : .refused
            if !entry.isBootstrap { wait = around(configuration.misbehavingPause) }
        }
        entry.backoff.notBefore = now + wait
        relays.entries[relay] = entry
        rows.put(relayRow(relay), at: now)
        updateHealth(relay)
        return wait
    }

    /// Our own bounds kept it from being dialled: that says nothing of it, so it only waits for a while.
    ///
    /// - Returns: how long it waits.
    mutating func waitTurn(_ relay: RelayURL) -> Duration {
        touched.insert(relay)
        mayDial = true
        guard let timesBusy = relays.entries[relay]?.timesBusy else { return .zero }
        let most = configuration.busyPause * (timesBusy == 0 ? 1 : 2)
        let wait = within(most / 6...most)
        relays.entries[relay]?.timesBusy += 1
        relays.entries[relay]?.backoff.notBefore = now + wait
        return wait
    }

    /// It answered: whatever was is forgotten; but how often it failed only once it has stayed for a while
    /// (``SyncConfiguration/stableAfter``), or one that answers once and leaves would be dialled for ever.
    mutating func succeeded(_ relay: RelayURL) {
        relays.entries[relay]?.backoff.notBefore = nil
        relays.entries[relay]?.failures = FailureRecord()
        let noRoom = relays.entries[relay]?.noRoom
        relays.entries[relay]?.lastFailure = noRoom
        rows.put(relayRow(relay), at: now)
        updateHealth(relay)
    }

    /// How often it failed in a row; none once it has answered and stayed.
    func failedAttempts(of relay: RelayURL) -> Int {
        let isStable = conversations[relay].map {
            $0.hasAnswered && now - $0.startedAt >= configuration.stableAfter
        }
        return isStable == true ? 0 : relays.entries[relay]?.backoff.attempts ?? 0
    }

    /// Counts what no honest relay sends; too much of it ends the link for a long while.
    mutating func offended(_ relay: RelayURL, weight: Int) {
        guard var offences = conversations[relay]?.offences else { return }
        offences.add(weight, at: now)
        conversations[relay]?.offences = offences
        guard offences.count > configuration.limits.offencesMax else { return }
        report(.misbehaved(relay))
        giveUp(relay, because: .misbehaved)
    }

    mutating func updateHealth(_ relay: RelayURL) {
        guard let entry = relays.entries[relay] else { return }
        let isQuiet = entry.quietUntil.map { $0 > now } ?? false
        var health = entry.failures.verdict
        if health == .healthy, isQuiet { health = .rateLimited }
        // It is there, and gives nothing; or it leaves no room to follow it.
        let givesNothing = entry.confirmed.isEmpty && !entry.setbacks.isEmpty
        if health == .healthy, givesNothing || entry.isReadInRounds { health = .degraded }
        guard health != entry.health else { return }
        relays.entries[relay]?.health = health
        report(.health(relay, health))
    }

    /// A tenth more or less, so that not all come at once.
    mutating func around(_ duration: Duration) -> Duration { within(duration * 0.9...duration * 1.1) }

    mutating func within(_ range: ClosedRange<Duration>) -> Duration {
        let span = range.upperBound - range.lowerBound
        return range.lowerBound + span * Double.random(in: 0...1, using: &chance)
    }
}
