// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What one conversation of a stream is about.
struct StreamTerms: Sendable {
    var filter = Filter()
    var direction = SyncDirection.both
    /// Kinds that not everybody may read: they are sent only where the filter names them.
    var guardedKinds: [Kind] = []
    /// The first wait after a failure, and what it grows to.
    var backoffBase = Duration.seconds(5)
    var backoffMost = Duration.seconds(3_600)
    var limits = StreamLimits()

    /// Whether an event of ours may be sent to the relay.
    ///
    /// Never what belongs to one connection (NIP-42) or is only for this moment; not what its author wants to hand out
    /// himself (NIP-70); private messages only where the operator names their kind.
    func maySend(_ event: Event) -> Bool {
        if event.kind.isEphemeral || event.kind == .clientAuthentication { return false }
        guard filter.matches(event), !event.isProtected else { return false }
        // A filter with kinds that matches has named this one.
        return filter.kinds != nil || !guardedKinds.contains(event.kind)
    }

    /// What the live subscription asks for: no stored events, or, of relays that refuse that, the latest.
    func live(since: Timestamp?) -> Filter {
        var live = filter
        if let since { live.since = max(since, live.since ?? since) } else { live.limit = 0 }
        return live
    }
}
