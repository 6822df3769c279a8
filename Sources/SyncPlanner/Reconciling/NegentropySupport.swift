// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Whether a relay reconciles (NIP-77), as far as that is known.
public enum NegentropySupport: Hashable, Sendable {
    case unknown
    case works
    /// It did not when it was last asked to; it is asked again then, by our clock.
    case fails(until: Timestamp)
}

extension SyncPlanner {
    /// Whether it is known to reconcile, or says so.
    func claimsNegentropy(_ relay: RelayURL) -> Bool {
        guard let entry = relays.entries[relay] else { return false }
        return entry.negentropy == .works || entry.information?.supportedNIPs.contains(77) == true
    }

    /// Whether histories are reconciled with a relay, or that is worth a try.
    func mayReconcile(_ relay: RelayURL) -> Bool {
        guard configuration.usesNegentropy, let entry = relays.entries[relay] else { return false }
        guard case .fails(let until) = entry.negentropy else { return true }
        // A clock that was wrong when that was written must not keep it off for ever.
        let wait = until.seconds - wall.seconds
        return wait <= 0 || wait > configuration.negentropyRetry.components.seconds
    }

    /// Whether one filter may be reconciled with a relay that can.
    func mayReconcile(_ filter: Filter, at relay: RelayURL) -> Bool {
        // What is asked for by id, or is one event, is not worth it.
        guard filter.ids == nil, filter.authors == nil || filter.tags.isEmpty,
            room(for: filter, at: relay) != nil
        else { return false }
        guard let pagedFilters = relays.entries[relay]?.pagedFilters, !pagedFilters.isEmpty else {
            return true
        }
        return pagedFilters[filter.conditions].map { $0 <= now } ?? true
    }

    /// **Bytes** of a negentropy message that, as hexadecimal text, has room beside the filter; `nil` when that is too little.
    func room(for filter: Filter, at relay: RelayURL) -> Int? {
        let length = limits(of: relay).maxMessageLength - filter.writtenLength - Filter.requestLength
        return length / 2 < SyncLimits.leastFrameBytes ? nil : length / 2
    }

    mutating func negentropyWorks(_ relay: RelayURL) {
        learn(.works, of: relay)
    }

    /// It does not reconcile: whatever it was asked to is read page by page.
    mutating func negentropyFails(_ relay: RelayURL) {
        let retry = configuration.negentropyRetry.components.seconds
        let says77 = relays.entries[relay]?.information?.supportedNIPs.contains(77) == true
        learn(.fails(until: wall.advanced(by: says77 ? retry / 7 : retry)), of: relay)
        for batch in pending.batches[relay]?.values.sorted(by: { $0.id < $1.id }) ?? [] {
            for id in batch.reconciling?.ordered ?? []
            where batch.reconciling?.running[id]?.isUnanswered == true {
                endReconciling(id, paged: .unsupported)
            }
        }
    }

    /// Something went wrong that need not have to do with the filter.
    mutating func negentropyLost(_ relay: RelayURL) {
        conversations[relay]?.reconciliationLosses += 1
        let losses = conversations[relay]?.reconciliationLosses ?? 0
        if !claimsNegentropy(relay) || losses >= configuration.limits.reconciliationLossesMax {
            negentropyFails(relay)
        }
    }

    /// What a relay is about to have said of itself: what is new there is tried.
    mutating func negentropyTold(_ information: UpstreamInformation, of relay: RelayURL) {
        guard let entry = relays.entries[relay], case .fails = entry.negentropy,
            information.supportedNIPs.contains(77), let before = entry.information,
            !before.supportedNIPs.contains(77)
        else { return }
        learn(.unknown, of: relay)
    }

    private mutating func learn(_ support: NegentropySupport, of relay: RelayURL) {
        guard let known = relays.entries[relay]?.negentropy, known != support else { return }
        relays.entries[relay]?.negentropy = support
        rows.put(relayRow(relay), at: now)
        report(.negentropy(relay, support))
    }

    /// For a while this filter is read page by page.
    mutating func rememberPaged(_ filter: Filter, at relay: RelayURL) {
        guard var known = relays.entries[relay]?.pagedFilters else { return }
        if known.count >= configuration.limits.pagedFiltersMax { known = known.filter { $0.value > now } }
        guard known.count < configuration.limits.pagedFiltersMax else { return }
        known[filter.conditions] = now + configuration.negentropyRetry / 3
        relays.entries[relay]?.pagedFilters = known
    }
}

extension SyncLimits {
    /// **Bytes** that a negentropy message may always have.
    static let leastFrameBytes = 4096
}

extension Filter {
    /// What it asks for, whenever.
    fileprivate var conditions: Bytes32 {
        var filter = self
        (filter.since, filter.until, filter.limit) = (nil, nil, nil)
        return SHA256.digest(Array(filter.canonicalJSON.utf8).span)
    }
}
