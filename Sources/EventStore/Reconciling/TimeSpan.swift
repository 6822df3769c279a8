// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// From when to when the events of a set were made; both ends belong to it (NIP-01).
struct TimeSpan: Hashable, Sendable {
    var since: Timestamp?
    var until: Timestamp?

    /// What lies before it is too old.
    var start: NegentropyBound { NegentropyBound(timestamp: UInt64(max(0, since?.seconds ?? 0))) }

    /// What does not lie before it is too new.
    var end: NegentropyBound {
        guard let until, until.seconds < .max else { return .infinity }
        return NegentropyBound(timestamp: until.seconds < 0 ? 0 : UInt64(until.seconds) + 1)
    }
}
